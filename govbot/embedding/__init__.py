"""Texts -> vectors: (n, dim) float32 of unit length."""

from govbot.embedding.cache import CachedEncoder
from govbot.embedding.encoder import Encoder, Progress, Vectors
from govbot.embedding.shipped import ShippedEncoder, save_shipped
from govbot.embedding.transformer import TransformerEncoder

__all__ = ["CachedEncoder", "Encoder", "Progress", "ShippedEncoder", "TransformerEncoder", "Vectors", "save_shipped"]
