"""`python -m govbot.cli`: the command line, where the script `govbot` is not on the path."""

from govbot.cli.main import run

run()
