"""A Slack on this machine: the real slack_bolt and slack_sdk talk to it, and nothing of them is patched."""

from govbot.testing.slack.face import LocalSlack
from govbot.testing.slack.records import Answered, Call, Delivery, Message, Refused, Uploaded

__all__ = ["Answered", "Call", "Delivery", "LocalSlack", "Message", "Refused", "Uploaded"]
