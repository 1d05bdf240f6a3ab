"""A user's own profile: a normalizer, replacements of characters and words, and options."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Literal, TypeAlias

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.characters import SPACE, is_unspaced
from asrlab_pytest.protocols.normalization.plugged import is_plugged, plugged, plugged_names
from asrlab_pytest.protocols.normalization.profile import PROFILES, Normalization, profile
from asrlab_pytest.protocols.normalization.signature import extended
from asrlab_pytest.protocols.normalization.step import Step

_NAME = lazy_pattern(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProfile:
    """A table ``[tool.asrlab.normalizations.<name>]``."""

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    base: str = "en"
    """What it starts from: a profile of the protocol, the name of an entry point, or ``python:module:function``."""
    characters: Mapping[str, str] = field(default_factory=dict)
    """Characters, or sequences of them, and what stands for them. They are replaced before the base is applied."""
    replacements: Mapping[str, str] = field(default_factory=dict)
    """Words and what stands for them (names, house spellings). Both sides are normalized by the base first."""
    chinese: Literal["as written", "simplified"] = "as written"
    """Whether Traditional characters are written as Simplified ones."""
    alternatives: bool = False
    """Whether a reference may hold alternatives: ``{okay|o k}``."""
    compounds: bool = False
    """Whether a compound counts as equal to its words: white paper and whitepaper."""


def own_normalization(name: str, table: OwnProfile, folder: Path | None = None) -> Normalization:
    """The normalization that a user's table makes. All that it states is part of its signature.

    Raises:
        ConfigError: the name or the base cannot be used, or a replacement replaces nothing.
    """
    where = f"[tool.asrlab.normalizations.{name}]"
    if name in PROFILES or not _NAME.fullmatch(name):
        raise ConfigError(
            f"{where}: {name!r} cannot name a profile",
            hint=f"use small letters, digits and hyphens, and none of {', '.join(PROFILES)}",
        )
    base = _base(table.base, where, folder)
    before = [*_characters(table.characters, where), *_simplified(table.chinese, where)]
    words = _normalized(replace(base, steps=(*before, *base.steps)), table.replacements, where)
    return replace(
        base,
        name=f"{name}({base.name})",
        steps=(*before, *base.steps, *_words(words, base.split)),
        fingerprint=_fingerprint(base, table, words),
        alternatives=table.alternatives,
        compounds=table.compounds,
    )


def _base(name: str, where: str, folder: Path | None) -> Normalization:
    if name in PROFILES:
        return profile(name)
    if is_plugged(name):
        return plugged(name, folder)
    known = ", ".join((*PROFILES, *plugged_names()))
    raise ConfigError(
        f"{where}: no base {name!r}",
        hint=f"choose one of {known}, or write python:module:function; a profile of your own cannot be a base",
    )


def _fingerprint(base: Normalization, table: OwnProfile, words: Mapping[tuple[str, ...], str]) -> str:
    options: dict[str, object] = {name: True for name in ("alternatives", "compounds") if getattr(table, name)}
    if table.chinese != "as written":
        options["chinese"] = f"opencc {version('opencc')}"
    if table.characters:
        options["characters"] = ["NFC", dict(table.characters)]
    replacements = {SPACE.join(old): new for old, new in words.items()}
    return extended(base.fingerprint, json.dumps([replacements, options], sort_keys=True))


def _characters(characters: Mapping[str, str], where: str) -> list[Step]:
    if "" in characters:
        raise ConfigError(f"{where}: an empty text in characters replaces nothing", hint="remove it")
    if not characters:
        return []
    known = {_composed(old): new for old, new in characters.items()}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    has_marks = any(unicodedata.combining(old[0]) for old in known)

    def replaced(text: str) -> str:
        # A mark that is replaced by itself is one where the text has it so.
        return pattern.sub(lambda match: known[match[0]], text if has_marks else _composed(text))

    return [Step("own characters", "Replaces characters as the project's table says.", longest_first[0], replaced)]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _simplified(chinese: str, where: str) -> list[Step]:
    if chinese != "simplified":
        return []
    try:
        from opencc import OpenCC
    except ImportError:
        raise ConfigError(
            f'{where}: chinese = "simplified" needs the package opencc', hint='uv add --dev "asrlab-pytest[chinese]"'
        ) from None
    converter = OpenCC("t2s")

    def convert(text: str) -> str:
        # The converter takes no surrogates.
        return str(converter.convert(text.encode("utf-8", "replace").decode("utf-8")))

    return [Step("Chinese", "Converts Traditional characters to Simplified ones with OpenCC.", "漢語", convert)]


def _normalized(base: Normalization, replacements: Mapping[str, str], where: str) -> dict[tuple[str, ...], str]:
    """The normalized replacements by the tokens that they replace."""
    words: dict[tuple[str, ...], str] = {}
    for old, new in replacements.items():
        heard = base.apply(old)
        if not heard:
            raise ConfigError(f"{where}: nothing is left of {old!r} after normalization", hint="remove it")
        tokens = tuple(base.tokens_of(heard))
        if words.get(tokens, (given := base.apply(new))) != given:
            raise ConfigError(f"{where}: {heard!r} stands for both {words[tokens]!r} and {given!r}", hint="keep one")
        words[tokens] = given
    return words


def _words(words: Mapping[tuple[str, ...], str], split: Callable[[str], list[str]]) -> list[Step]:
    if not words:
        return []
    longest_first = sorted({*map(len, words)}, reverse=True)
    tokens_by_words = {old: _tokens(new, split) for old, new in words.items()}

    def replaced(text: str) -> str:
        tokens = _tokens(text, split)
        written: list[_Token] = []
        place, is_apart = 0, False
        while place < len(tokens):
            sizes = (size for size in longest_first if _texts(tokens[place : place + size]) in words)
            size = next(sizes, 0)
            new = tokens_by_words[_texts(tokens[place : place + size])] if size else [tokens[place]]
            is_apart |= tokens[place][1]
            if new:
                written += [(new[0][0], is_apart), *new[1:]]
                is_apart = False
            place += size or 1
        return _joined(written)

    does = "Replaces whole words, and characters in scripts without spaces, as the project's table says, longest first."
    return [Step("replacements", does, max(map(SPACE.join, words), key=len), replaced)]


_Token: TypeAlias = tuple[str, bool]
"""A token, and whether a space is before it."""


def _tokens(text: str, split: Callable[[str], list[str]]) -> list[_Token]:
    return [(token, place == 0) for word in text.split() for place, token in enumerate(split(word))]


def _texts(tokens: Sequence[_Token]) -> tuple[str, ...]:
    return tuple(text for text, _ in tokens)


def _joined(tokens: Sequence[_Token]) -> str:
    """The text of tokens, with a space where one was and between words that would be one without it."""
    parts = [text for text, _ in tokens[:1]]
    for (before, _), (text, is_apart) in pairwise(tokens):
        parts.append(text if not is_apart and (is_unspaced(before) or is_unspaced(text)) else f"{SPACE}{text}")
    return "".join(parts)
