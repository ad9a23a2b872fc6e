"""The bot in Slack: receives and writes down, answers and posts, and decides who may see what."""
