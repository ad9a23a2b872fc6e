"""The shipped model, loaded once for all tests that need it."""

from __future__ import annotations

from functools import cache

from govbot.embedding import TransformerEncoder


@cache
def shipped_encoder() -> TransformerEncoder:
    """Return the encoder that comes with govbot."""
    encoder = TransformerEncoder()
    encoder.load()
    return encoder
