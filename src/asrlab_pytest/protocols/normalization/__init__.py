"""Normalization protocol 1.1: what makes a reference and a hypothesis comparable, as a versioned contract."""

from __future__ import annotations

from asrlab_pytest.protocols.normalization.characters import characters_of, graphemes
from asrlab_pytest.protocols.normalization.choice import Normalizations, normalization, normalization_for
from asrlab_pytest.protocols.normalization.profile import PROFILES, Normalization
from asrlab_pytest.protocols.normalization.signature import PROTOCOL

__all__ = [
    "PROFILES",
    "PROTOCOL",
    "Normalization",
    "Normalizations",
    "characters_of",
    "graphemes",
    "normalization",
    "normalization_for",
]
