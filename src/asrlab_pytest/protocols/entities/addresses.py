"""Reads addresses of e-mail and of the web, written and spoken."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.entities.entity import EntityType
from asrlab_pytest.protocols.entities.text import Tokens
from asrlab_pytest.protocols.entities.vocabulary import JOINTS, NO_MAILBOX, ONES, SCHEMES, SPOKEN_TOP_LEVELS

_LONGEST = 16
"""Parts of a spoken address, and letters of a spelt part; a longer chain is a model in a loop."""

_ENDED_SENTENCE = lazy_pattern(r"[a-z]+\.[A-Z][a-z]+")
"""Two words without the space between their sentences: "stop.Me"."""
Found = tuple[EntityType, str, int]


def address(tokens: Tokens, start: int) -> Found | None:
    """An address that begins here: type, value, and the token after it."""
    return written_address(tokens, start) or _spoken_email(tokens, start) or _spoken_url(tokens, start)


def written_address(tokens: Tokens, start: int) -> Found | None:
    """An address as it is written, in any language."""
    text = tokens.word(start)
    if tokens.kind(start) == "email":
        return "email", text, start + 1
    if _is_url(tokens, start):
        value = re.sub(r"^https?://", "", bare(text)).rstrip("/")
        return ("url", value, start + 1) if value else None
    return None


def _is_url(tokens: Tokens, place: int) -> bool:
    return tokens.kind(place) == "url" and not _ENDED_SENTENCE.fullmatch(tokens.written(place))


def bare(text: str) -> str:
    """A written address without the punctuation of its sentence."""
    return text.rstrip(".,;:!?\"')]}>…")


def _spoken_email(tokens: Tokens, start: int) -> Found | None:
    """As in "john dot doe at example dot com"."""
    mailbox = _joined(tokens, start, JOINTS)
    if mailbox is None or mailbox[0] in NO_MAILBOX or tokens.word(mailbox[1]) not in {"at", "@"}:
        return None
    domain = _domain(tokens, mailbox[1] + 1)
    return None if domain is None else ("email", f"{mailbox[0]}@{domain[0]}", domain[1])


def _spoken_url(tokens: Tokens, start: int) -> Found | None:
    """As in "www dot example dot com slash help", with or without a spoken "https colon slash slash"."""
    place = start
    if tokens.word(place) in SCHEMES and tokens.words(place + 1, 3) == ("colon", "slash", "slash"):
        place += 4
    if tokens.words(place, 3) == ("w", "w", "w") and tokens.word(place + 3) == "dot":
        domain = _domain(tokens, place + 4)
        domain = None if domain is None else (f"www.{domain[0]}", domain[1])
    else:
        domain = _domain(tokens, place)
    if domain is None:
        return None
    value, place = domain
    while tokens.word(place) == "slash" and (part := _joined(tokens, place + 1, JOINTS)):
        value, place = f"{value}/{part[0]}", part[1]
    return "url", value, place


def _domain(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """Words with dots, the last one a top-level domain; or a domain that is written as one."""
    if _is_url(tokens, start) and "/" not in tokens.word(start):
        return tokens.word(start), start + 1
    found = _joined(tokens, start, {"dot": ".", "dash": "-", "hyphen": "-"})
    if found is None:
        return None
    return found if "." in found[0] and found[0].rpartition(".")[2] in SPOKEN_TOP_LEVELS else None


def _joined(tokens: Tokens, start: int, joints: dict[str, str]) -> tuple[str, int] | None:
    """Words with a joint between each two, as one word."""
    first = _part(tokens, start)
    if first is None:
        return None
    value, place = first
    for _ in range(_LONGEST):
        part = _part(tokens, place + 1) if tokens.word(place) in joints else None
        if part is None:
            break
        value, place = f"{value}{joints[tokens.word(place)]}{part[0]}", part[1]
    return value, place


def _part(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """A word of an address, or letters that are spelt. Digits in words become figures."""
    place = start
    while place < start + _LONGEST and tokens.kind(place) == "word" and re.fullmatch(r"[a-z]", tokens.word(place)):
        place += 1
    if place > start + 1:
        return "".join(tokens.words(start, place - start)), place
    word = tokens.word(start)
    if word in ONES:
        return str(ONES[word]), start + 1
    is_figure = tokens.kind(start) == "number" and word.isdigit()
    is_word = tokens.kind(start) == "word" and re.fullmatch(r"[a-z0-9]+", word)
    return (word, start + 1) if is_figure or is_word else None
