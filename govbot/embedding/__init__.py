"""Texts -> vectors: (n, dim) float32 of unit length."""

from govbot.embedding.cache import CachedEncoder
from govbot.embedding.encoder import Encoder, Progress, Vectors
from govbot.embedding.transformer import TransformerEncoder

__all__ = ["CachedEncoder", "Encoder", "Progress", "TransformerEncoder", "Vectors"]
