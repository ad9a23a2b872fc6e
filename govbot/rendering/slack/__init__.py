"""Check, Answer, Portfolio -> what Slack shows: messages, modals and Home, as Block Kit."""
