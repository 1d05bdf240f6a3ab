"""Codes of languages."""

from __future__ import annotations


def primary(language: str) -> str:
    """The code without what narrows it: "pt" of "pt-BR", "PT" and "pt_BR"."""
    return language.replace("_", "-").split("-")[0].lower()
