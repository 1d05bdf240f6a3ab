"""A user's own profile: one of the protocol's, and a list of replacements."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.protocols.normalization.profile import PROFILES, Normalization, profile
from asrlab_pytest.protocols.normalization.signature import extended
from asrlab_pytest.protocols.normalization.step import Step

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProfile:
    """A table ``[tool.asrlab.normalizations.<name>]``."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    base: str = "en"
    """The protocol's profile that it starts from."""
    replacements: Mapping[str, str] = field(default_factory=dict)
    """Words and what stands for them (names, house spellings). Both sides are normalized by the base first."""


def own_normalization(name: str, table: OwnProfile) -> Normalization:
    """The normalization that a user's table makes. Its replacements are part of its signature.

    Raises:
        ConfigError: the name or the base cannot be used, or a replacement replaces nothing.
    """
    where = f"[tool.asrlab.normalizations.{name}]"
    if name in PROFILES or not _NAME.fullmatch(name):
        raise ConfigError(
            f"{where}: {name!r} cannot name a profile",
            mend=f"use small letters, digits and hyphens, and none of {', '.join(PROFILES)}",
        )
    if table.base not in PROFILES:
        raise ConfigError(f"{where}: no base {table.base!r}", mend=f"choose one of {', '.join(PROFILES)}")
    base = profile(table.base)
    words = _normalized(base, table.replacements, where)
    content = json.dumps(words, sort_keys=True)
    steps = (*base.steps, _step(words)) if words else base.steps
    return replace(base, name=f"{name}({base.name})", steps=steps, fingerprint=extended(base.fingerprint, content))


def _normalized(base: Normalization, replacements: Mapping[str, str], where: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for old, new in replacements.items():
        heard = base.apply(old)
        if not heard:
            raise ConfigError(f"{where}: nothing is left of {old!r} after normalization", mend="remove it")
        if words.get(heard, (given := base.apply(new))) != given:
            raise ConfigError(f"{where}: {heard!r} stands for both {words[heard]!r} and {given!r}", mend="keep one")
        words[heard] = given
    return words


def _step(words: dict[str, str]) -> Step:
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?!\S)")
    example = longest_first[0]

    def replaced(text: str) -> str:
        return " ".join(pattern.sub(lambda found: words[found[0]], text).split())

    return Step("replacements", "Replaces whole words by the project's own list, the longest first.", example, replaced)
