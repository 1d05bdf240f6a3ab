"""An entity as plain data, its types, and the parameters of the protocol."""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import ClassVar, Literal, get_args

from asrlab_pytest.protocols.entities.quantities import canonical

EntityType = Literal[
    "number", "ordinal", "money", "percent", "date", "time", "phone", "digits", "email", "url", "keyword"
]
ENTITY_TYPES: tuple[EntityType, ...] = get_args(EntityType)
ANY_LANGUAGE: tuple[EntityType, ...] = ("email", "url", "keyword")
"""The types that are extracted whatever the language; all others are read by English rules."""

DateOrder = Literal["MDY", "DMY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityParameters:
    """What a text does not say by itself. Part of the signature wherever it is not the default.

    Raises:
        ValueError: the currency is not an ISO 4217 code, or there is no such order.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    currency: str = "USD"
    """ISO 4217 code of a bare "cents" or "grand" and, where it is one of the dollars, of "$" and "dollars"."""
    date_order: DateOrder = "MDY"
    """Whether 3/4/2024 is in March or in April."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            msg = f"currency must be an ISO 4217 code such as 'USD', not {self.currency!r}"
            raise ValueError(msg)
        if self.date_order not in get_args(DateOrder):
            msg = f"date_order must be one of {', '.join(get_args(DateOrder))}, not {self.date_order!r}"
            raise ValueError(msg)


DEFAULT = EntityParameters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing in a text that a product needs right."""

    type: EntityType
    value: str
    """Canonical: the same for every way to say or write it."""
    text: str
    """As it is in the text: ``text[start:end]``."""
    start: int
    end: int

    def as_json(self) -> dict[str, object]:
        """A flat object of plain JSON values."""
        return asdict(self)


_NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?"
_RATIO = r"-?[1-9]\d*/[1-9]\d*"
_AMOUNTS: tuple[EntityType, ...] = ("number", "money", "percent")
_DAY_OF_A_MONTH = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31)"
_CANONICAL: dict[EntityType, tuple[str, str]] = {
    "number": (rf"{_NUMBER}|{_RATIO}", "12.5"),
    "ordinal": (r"[1-9]\d*", "21"),
    "money": (rf"[A-Z]{{3}} (?:{_NUMBER}|{_RATIO})", "USD 123.45"),
    "percent": (rf"{_NUMBER}|{_RATIO}", "12.5"),
    "date": (rf"(?:\d{{4}}|-)-{_DAY_OF_A_MONTH}|\d{{4}}-(?:0[1-9]|1[0-2])", "2024-03-03"),
    "time": (r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|(?:[1-9]|1[0-2]):[0-5]\d(?::[0-5]\d)?\?", "17:30"),
    "phone": (r"\d{7,15}", "5551234567"),
    "digits": (r"\d{3,}|\d+(?:\.\d+){2,}", "007"),
    "email": (r"[^\s@A-Z]+@[^\s@A-Z]+", "ann@example.com"),
    "url": (r"(?!https?://)[^\sA-Z]+", "example.com/help"),
    "keyword": (r"\S+(?: \S+)*", "acme cloud"),
}


def fault_of_value(kind: EntityType, value: str) -> str | None:
    """What is wrong with a value, as a sentence; None if it is canonical."""
    pattern, example = _CANONICAL[kind]
    if not re.fullmatch(pattern, value, re.ASCII if kind != "keyword" else 0):
        return f"{value!r} is not a canonical {kind}; write it as in {example!r}"
    if kind == "date" and value.endswith("-02-29") and value[:4].isdigit() and not isleap(int(value[:4])):
        return f"{value!r} is no date: that year has no 29 February"
    canonical_value = _reduced(value) if kind in _AMOUNTS else value
    return None if value == canonical_value else f"{value!r} is not a canonical {kind}; write it as {canonical_value!r}"


def _reduced(value: str) -> str:
    """An amount with its ratio in lowest terms, or as the decimal that it is."""
    *currency, amount = value.split(" ")
    if "/" in amount or amount == "-0":
        amount = canonical(Fraction(amount))
    return " ".join([*currency, amount])


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntity:
    """An entity of a reference as a person has listed it.

    Raises:
        ValueError: the value is not canonical for the type.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    type: EntityType
    value: str
    text: str | None = None
    """As it is in the reference; None if that was not listed."""

    def __post_init__(self) -> None:
        fault = fault_of_value(self.type, self.value)
        if fault is not None:
            raise ValueError(fault)

    def __str__(self) -> str:
        return self.text or self.value
