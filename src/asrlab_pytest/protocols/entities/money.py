"""Reads amounts of money and percentages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from asrlab_pytest.protocols.english_words import AFTER_AN_AMOUNT
from asrlab_pytest.protocols.entities import vocabulary as words
from asrlab_pytest.protocols.entities.entity import EntityParameters
from asrlab_pytest.protocols.entities.quantities import (
    Quantity,
    behind_hyphen,
    canonical,
    pair_of_parts,
    part_of_one,
    quantity,
    unsigned,
)
from asrlab_pytest.protocols.entities.signs import after_sign
from asrlab_pytest.protocols.entities.text import Tokens


def money(tokens: Tokens, start: int, parameters: EntityParameters) -> tuple[str, int] | None:
    """A canonical amount such as ``USD 123.45`` that begins here, and the token after it."""
    signed_place = after_sign(tokens, start)
    place = start if signed_place is None else signed_place
    found = _sign_first(tokens, place, parameters) or _sign_last(tokens, place, parameters)
    if found is None:
        return None
    currency, amount = found
    return f"{currency} {canonical(amount.value if signed_place is None else -amount.value)}", amount.end


_PERCENT = frozenset({"%", "percent", "pct"})


def percent(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """A canonical percentage that begins here, as in "half a percent", "a tenth of one percent"; the token after it."""
    amount = quantity(tokens, start) or part_of_one(tokens, start)
    if amount is None:
        return None
    place = behind_hyphen(tokens, amount.end)
    if not amount.is_whole:
        place += tokens.word(place) == "of"
        place += tokens.word(place) in {"a", "one", "1"}
    if tokens.word(place) in _PERCENT:
        return canonical(amount.value), place + 1
    return (canonical(amount.value), place + 2) if tokens.words(place, 2) == ("per", "cent") else None


def _sign_first(tokens: Tokens, start: int, parameters: EntityParameters) -> tuple[str, Quantity] | None:
    """As in "$5", "$-5", "US$1.5 million", "USD 5", "$5 dollars"."""
    is_code = tokens.word(start) in words.CURRENCY_CODES
    if tokens.kind(start) != "currency" and not is_code:
        return None
    minus = after_sign(tokens, start + 1)
    amount = unsigned(tokens, minus or start + 1)
    if amount is None or (is_code and amount.spoken):
        return None
    currency = _currency(tokens.word(start), parameters) or parameters.currency
    amount = _with_scale_letter(tokens, amount)
    if _currency(tokens.word(amount.end), parameters) is not None:
        amount = replace(amount, end=amount.end + 1)
    amount = _with_small(tokens, amount, parameters)
    return currency, replace(amount, value=-amount.value) if minus else amount


def _sign_last(tokens: Tokens, start: int, parameters: EntityParameters) -> tuple[str, Quantity] | None:
    """As in "five dollars and ten cents", "5 €", "fifty cents", "five grand", "a five-dollar bill"."""
    amount = _amount(tokens, start)
    if amount is None:
        return None
    amount = _with_scale_letter(tokens, amount) if not amount.spoken else amount
    place = behind_hyphen(tokens, amount.end)
    place += _of_a(tokens, place)
    word = tokens.word(place)
    if word == "grand":
        return parameters.currency, replace(amount, value=amount.value * 1000, end=place + 1)
    small = _small_unit(tokens, replace(amount, end=place), parameters)
    if small is not None:
        return small, replace(amount, value=amount.value / 100, end=place + 1)
    if tokens.kind(place) == "currency" and not tokens.touches(place) and _is_figure(tokens, place + 1):
        return None  # 5 €10 notes
    place, currency = _of_a_country(tokens, place) or (place, _currency(word, parameters))
    if currency is None or (word in {"pound", "pounds"} and _is_weight(tokens, start, place)):
        return None
    place += tokens.words(place, 2) == ("pounds", "sterling")
    return currency, _with_small(tokens, replace(amount, end=place + 1), parameters)


def _amount(tokens: Tokens, start: int) -> Quantity | None:
    """A number, or "a" before the unit: "a dollar"."""
    if tokens.word(start) == "a" and tokens.word(start + 1) in words.SINGLE_UNITS:
        return Quantity(Fraction(1), start + 1, spoken=True)
    if tokens.word(start) == "half" and tokens.words(start + 1, 2) in {("a", "dollar"), ("a", "euro")}:
        return Quantity(Fraction(1, 2), start + 2, spoken=True)
    parts = pair_of_parts(tokens, start)
    if parts is not None and parts[0] < 10 and tokens.word(parts[2]) in {"dollars", "euros", "bucks"}:  # noqa: PLR2004
        return Quantity(Fraction(parts[0] * 100 + parts[1]), parts[2], spoken=True)
    return unsigned(tokens, start)


def _of_a(tokens: Tokens, place: int) -> int:
    """Words to step over in "three quarters of a dollar"."""
    return 2 if tokens.words(place, 2) == ("of", "a") and tokens.word(place + 2) in {"dollar", "euro"} else 0


def _with_small(tokens: Tokens, amount: Quantity, parameters: EntityParameters) -> Quantity:
    """The amount with the cents that follow: "and fifty cents", "fifty cents", "and fifty"."""
    place = amount.end
    conjoined = tokens.word(place) in {"and", ","}
    part = part_of_one(tokens, place + 1) if tokens.words(place, 2) == ("and", "a") else None
    if part is not None and amount.is_whole and _ends_phrase(tokens, part.end):  # a dollar and a half
        return replace(part, value=amount.value + part.value)
    rest = unsigned(tokens, place + conjoined)
    if rest is None or not (amount.is_whole and rest.is_whole) or not 0 < rest.value < 100:  # noqa: PLR2004
        return amount
    total = Quantity(amount.value + rest.value / 100, rest.end, spoken=True)
    if _small_unit(tokens, rest, parameters) is not None:
        return replace(total, end=rest.end + 1)
    is_short = not conjoined and rest.spoken and rest.value >= 10 and _ends_phrase(tokens, rest.end)  # noqa: PLR2004
    return total if is_short else amount


def _ends_phrase(tokens: Tokens, place: int) -> bool:
    """Whether no noun follows, so that "five dollars fifty" ends here."""
    return tokens.kind(place) != "word" or tokens.word(place) in AFTER_AN_AMOUNT


def _with_scale_letter(tokens: Tokens, amount: Quantity) -> Quantity:
    """As in "$5m", "$2.5bn", "$3 M"."""
    place = amount.end
    scale = words.SCALE_LETTERS.get(tokens.word(place))
    if scale is None or (not tokens.touches(place) and _begins_a_word(tokens, place)):
        return amount
    return replace(amount, value=amount.value * scale, end=place + 1)


def _is_figure(tokens: Tokens, place: int) -> bool:
    """Whether a number touches the sign before it."""
    return tokens.kind(place) == "number" and tokens.touches(place)


def _begins_a_word(tokens: Tokens, place: int) -> bool:
    """Whether a letter is the first of a T-shirt or a B-side, and no scale."""
    behind = behind_hyphen(tokens, place + 1)
    return tokens.word(place) == "t" or (behind > place + 1 and tokens.kind(behind) == "word")


def _currency(word: str, parameters: EntityParameters) -> str | None:
    if word in words.DOLLAR_WORDS:
        return parameters.currency if parameters.currency in words.DOLLARS else "USD"
    if word in words.CURRENCY_CODES:
        return word.upper()
    return words.CURRENCY_SIGNS.get(word) or words.CURRENCY_WORDS.get(word)


_FIRST_OF_COUNTRIES = frozenset(country[0] for country in words.CURRENCIES_OF)


def _of_a_country(tokens: Tokens, place: int) -> tuple[int, str] | None:
    """As in "Canadian dollars": the place of the last word, and the currency."""
    if tokens.word(place) not in _FIRST_OF_COUNTRIES:
        return None
    for country, (units, currency) in words.CURRENCIES_OF.items():
        end = place + len(country)
        if tokens.words(place, len(country)) == country and tokens.word(end) in units:
            return end, currency
    return None


def _small_unit(tokens: Tokens, amount: Quantity, parameters: EntityParameters) -> str | None:
    """The currency of the cents or pence behind a number: fifty cents, 50p."""
    word = tokens.word(amount.end)
    if word in words.CENT_WORDS:
        return parameters.currency
    is_p = word == "p" and tokens.touches(amount.end) and not amount.spoken and amount.value < 100  # noqa: PLR2004
    return "GBP" if is_p or word in words.PENCE else None


def _is_weight(tokens: Tokens, start: int, place: int) -> bool:
    """Whether pounds weigh here instead of pay."""
    before = {tokens.word(n) for n in range(start - 2, start)}
    return not before.isdisjoint(words.BEFORE_A_WEIGHT) or tokens.word(place + 1) in {"of", "heavier", "lighter"}
