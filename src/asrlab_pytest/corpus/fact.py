"""What an answer must say, or must not: a fact as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from asrlab_pytest.corpus.expressions import fault_of
from asrlab_pytest.protocols.entities import ListedEntity, canonical_keyword, is_never_found
from asrlab_pytest.validation import STRICT, adapter_of

KINDS = ("keyword", "any", "regex", "entity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to look for in an answer; it has one of the keys, and no other.

    Raises:
        ValueError: it has no key or more than one, or what it looks for is in every answer or can be in none.
    """

    __pydantic_config__ = STRICT

    keyword: str | None = None
    """A name or term, found as the entity protocol finds keywords."""
    any: tuple[str, ...] | None = None
    """Keywords of which one is enough."""
    regex: str | None = None
    """Searched in the answer as it was written, in any case of its letters."""
    entity: ListedEntity | None = None
    """Found by the entity protocol, and compared by type and value."""

    def __post_init__(self) -> None:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"a fact has one of {', '.join(KINDS)}, not {' and '.join(given) or 'none'}")
        fault = _fault_of_keywords(self.keywords)
        if self.regex is not None:
            fault = fault_of(self.regex)
        elif self.entity is not None and self.entity.type != "keyword":
            fault = _fault_of_entity(self.entity)
        if fault is not None:
            raise ValueError(fault)

    @property
    def keywords(self) -> tuple[str, ...] | None:
        """The keywords of which one is enough; None if it looks for something else."""
        if self.keyword is not None:
            return (self.keyword,)
        if self.entity is not None and self.entity.type == "keyword":
            return (self.entity.value,)
        return self.any

    def __str__(self) -> str:
        if self.regex is not None:
            return f"/{self.regex}/"
        if self.keywords is not None:
            return " or ".join(repr(keyword) for keyword in self.keywords)
        assert self.entity is not None
        return f"the {self.entity.type} {self.entity.value}"

    def as_json(self) -> dict[str, object]:
        """The fact as it is in a line: its key and what it looks for."""
        line: dict[str, object] = adapter_of(Fact).dump_python(self, mode="json", exclude_none=True)
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What one answer must say, and must not."""

    facts: tuple[Fact, ...] = ()
    """What the answer must say."""
    forbidden: tuple[Fact, ...] = ()
    """What the answer must not say."""


def _fault_of_keywords(keywords: tuple[str, ...] | None) -> str | None:
    if keywords is None:
        return None
    if not keywords:
        return "the list of keywords is empty"
    empty = [keyword for keyword in keywords if not canonical_keyword(keyword)]
    return f"the keyword {empty[0]!r} has no letter and no digit" if empty else None


def _fault_of_entity(entity: ListedEntity) -> str | None:
    if not is_never_found(entity):
        return None
    words = {"number": '"1", "one"', "ordinal": '"3rd", "third"'}.get(entity.type, f'"{entity.value}"')
    return f'the rules never find the {entity.type} {entity.value}; list the words: {{"any": [{words}]}}'
