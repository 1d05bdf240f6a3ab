"""Parts of secrets in a text: what servers and libraries leave of a key, as ``sk-QwEr...XYZ`` or "ending in wXYZ"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.secrets.forms import HIDDEN

_MASK = lazy_pattern(r"[*.\u2026\u2022#]{2,}|\u2026|\\u2026|[xX_-]{4,}")
"""What stands for the middle of a key."""
_LEAST = 4
"""Letters of a known secret on both sides of a mask that tell it."""
_EDGE = (
    r"\b(?:(?:end|start)(?:s|ing)?|begin(?:s|ning)?|(?:last|first)\s+\w+\s+(?:characters?|chars|digits|letters))"
    r"(?:\s+(?:in|with|on|by|are|is))?\s*[:=]?\s*[\"'(`]*"
)
_OF_EDGE = lazy_pattern(rf"(?P<before>{_EDGE})(?P<value>[^\s\"'`),;]{{3,}}?)(?=[\"'`),;]|[.:]?(?:\s|$))", re.IGNORECASE)
_NAME = r"(?:key|token|secret|password|passphrase|credential|bearer|authorization)s?\b"
_WORD = r"[\w+/=~-]"
_AFTER_NAME = lazy_pattern(
    rf"(?P<before>{_NAME}[^\n]{{0,40}}?)(?<![\w+/=~.*\u2026\u2022-])"
    rf"(?P<head>{_WORD}*)(?P<mask>[*.\u2026\u2022]*(?:\*{{3}}|\.{{3}}|\u2026|\u2022{{3}})[*\u2026\u2022]*)(?P<tail>{_WORD}*)",
    re.IGNORECASE,
)
_EDGE_AFTER_NAME = lazy_pattern(rf"{_NAME}[^\n]{{0,60}}?{_OF_EDGE.pattern}", re.IGNORECASE)
_BEGINNING = r"\b(?:sk-|hf_|gh[pousr]_|gsk_|xai-|AIza|AKIA|github_pat_|glpat-|xox[abp]-)"
_TYPICAL = lazy_pattern(
    rf"{_BEGINNING}(?:[\w-]{{0,200}}(?:\*\*|\.\.|\u2026|\u2022\u2022)[*.\u2026\u2022]*[\w-]+"
    r"|[\w-]{1,200}(?:\*{3,}|\.{3,}|\u2026|\u2022{2,}))"
)
_PLAIN = lazy_pattern(r"[A-Za-z]?[a-z]*|[A-Z]*|\d*")
"""A word or a number: any sentence may have one next to dots."""


def without_cuts(text: str) -> str:
    """A text without what looks like a cut secret: after the name of one, or by its beginning."""
    text = _TYPICAL.sub(HIDDEN, text)
    text = _AFTER_NAME.sub(_after_name, text)
    return _EDGE_AFTER_NAME.sub(_edge_after_name, text)


def _after_name(match: re.Match[str]) -> str:
    parts = [part for part in (match["head"], match["tail"]) if part]
    is_masked = not {"*", "\u2022"}.isdisjoint(match["mask"])
    is_cut = bool(parts) and (is_masked or not all(map(_PLAIN.fullmatch, parts)))
    return f"{match['before']}{HIDDEN}" if is_cut else match[0]


def _edge_after_name(match: re.Match[str]) -> str:
    value = match["value"]
    is_part = any(map(str.isdigit, value)) or not _PLAIN.fullmatch(value)
    return f"{match[0].removesuffix(value)}{HIDDEN}" if is_part and HIDDEN not in value else match[0]


def without_cuts_of(text: str, secrets: Collection[str]) -> str:
    """A text without the beginnings and ends of secrets, next to a mask or where a text says that they are such.

    Args:
        text: Any text.
        secrets: Known ones.
    """
    if not secrets:
        return text
    text = _OF_EDGE.sub(lambda match: _edge_of(match, secrets), text)
    parts, end = [], 0
    for start, stop in _places(text, secrets):
        if start >= end:
            parts += [text[end:start], HIDDEN]
            end = stop
    return "".join([*parts, text[end:]])


def _edge_of(match: re.Match[str], secrets: Collection[str]) -> str:
    part = match["value"].strip(".*\u2026\u2022")
    is_part = len(part) >= _LEAST - 1 and any(known.startswith(part) or known.endswith(part) for known in secrets)
    return f"{match['before']}{HIDDEN}" if is_part else match[0]


def _places(text: str, secrets: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where a mask is between the beginning and the end of a secret, or next to one of them."""
    for mask in _MASK.finditer(text):
        for known in secrets:
            before = next((size for size in _sizes(known) if text.endswith(known[:size], 0, mask.start())), 0)
            after = next((size for size in _sizes(known) if text.startswith(known[-size:], mask.end())), 0)
            if before + after >= _LEAST:
                yield mask.start() - before, mask.end() + after
                break


def _sizes(known: str) -> range:
    """How long a part of a secret may be, the longest first."""
    return range(len(known) - 1, 0, -1)
