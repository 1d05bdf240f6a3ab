"""Finds an entity as a person has listed it, also where the rules take its words for something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import get_args

from asrlab_pytest.grouping import grouped
from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.entities.entity import (
    DEFAULT,
    DateOrder,
    Entity,
    EntityParameters,
    EntityType,
    ListedEntity,
)
from asrlab_pytest.protocols.entities.extractor import LEAST_ORDINAL, extract
from asrlab_pytest.protocols.entities.keywords import canonical_keyword, keywords
from asrlab_pytest.protocols.entities.text import Tokens

_FIGURES: tuple[EntityType, ...] = ("number", "digits", "phone")
"""Whether 4719 is a number, a code or a part of a phone number is a matter of grouping, and cannot be heard."""
_OPEN_TIME = lazy_pattern(r"([0-9]{1,2}):([0-9]{2})\?")


def spoken_form(entity: Entity | ListedEntity) -> tuple[str, str]:
    """What of type and value can be heard: a "six thirty" is 630 or 6:30, unless half of the day is said."""
    if entity.type == "keyword":
        return "keyword", canonical_keyword(entity.value)
    time = _OPEN_TIME.fullmatch(entity.value) if entity.type == "time" else None
    if time is not None:
        return "figures", time[1] + time[2]
    return "figures" if entity.type in _FIGURES else entity.type, entity.value


def occurrences(
    text: str, entity: ListedEntity, *, language: str | None, parameters: EntityParameters = DEFAULT
) -> Iterator[Entity]:
    """Where a listed entity is in a text: its words as they are listed, then its value, also in a word as "one"."""
    words = [entity.text] if entity.text is not None else []
    words += [entity.value] if entity.type == "keyword" else []
    for place in keywords(_tokens(text), words, language) if words else ():
        yield replace(place, type=entity.type, value=entity.value)
    for place in _read(text, language, parameters).get(spoken_form(entity), ()):
        yield replace(place, type=entity.type, value=entity.value)


_TEXTS = 8
"""How many texts are remembered: many entities may be looked for in one."""
_tokens = lru_cache(_TEXTS)(Tokens)


@lru_cache(_TEXTS)
def _read(text: str, language: str | None, parameters: EntityParameters) -> Mapping[tuple[str, str], Sequence[Entity]]:
    """What the rules find in a text, by what of it can be heard."""
    entities = extract(text, language=language, parameters=parameters, small=True)
    return grouped((spoken_form(entity), entity) for entity in entities)


def is_in(text: str, entity: ListedEntity, language: str | None) -> bool:
    """Whether a listed entity is in a text, for some currency and some order of day and month."""
    currency = entity.value[:3] if entity.type == "money" else DEFAULT.currency
    orders = (EntityParameters(currency=currency, date_order=order) for order in get_args(DateOrder))
    places = (occurrences(text, entity, language=language, parameters=parameters) for parameters in orders)
    return any(next(place, None) is not None for place in places)


def is_never_found(entity: ListedEntity) -> bool:
    """Whether no text has an entity of this type and value by the rules."""
    if entity.type in {"email", "url"}:
        found = extract(entity.value, language=None)
        return (entity.type, entity.value) not in {(other.type, other.value) for other in found}
    is_word = entity.type == "ordinal" and int(entity.value) < LEAST_ORDINAL
    return is_word or (entity.type, entity.value) == ("number", "1")
