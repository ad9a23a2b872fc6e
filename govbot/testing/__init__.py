"""Doubles that ship: real, small, and in need of nothing."""

from govbot.testing.encoder import HashEncoder

__all__ = ["HashEncoder"]
