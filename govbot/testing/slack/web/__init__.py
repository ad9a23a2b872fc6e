"""The methods of the Web API."""

from govbot.testing.slack.web import chat, conversations, files, oauth, people, views
from govbot.testing.slack.web.calling import METHODS, Asked, call

__all__ = ["METHODS", "Asked", "call", "chat", "conversations", "files", "oauth", "people", "views"]
