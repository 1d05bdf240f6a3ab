"""The same value spoken and written inside the same carrier, and another value: drawn at random in seven languages."""

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace

from spellings import feminine, may_be_other, ordinal, spellings, suffixed, year

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
MARKS = [
    *[("", "")] * 14,
    *(('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("« ", " »"), ("'", "'"), ("‘", "’"), ("(", ")"), ("[", "]")),
    *(("", ","), ("", "."), ("", ";"), ("", ":"), ("", "?"), ("", "!"), ("", "…"), ("", "..."), ("", ")")),
    *((": ", ""), (", ", ","), ("– ", " –"), ("— ", " —"), ("*", "*"), ("“", ",”"), ('"', '."')),
]
FRAMES = [
    *["{}"] * 4,
    *["{}."] * 4,
    "{}!",
    "{}?",
    "{}, Anna",
    "Anna: {}",
    "Anna. {}.",
    "Anna, {}",
    "({})",
    "“{}”",
    "{}\n",
]


@dataclass(frozen=True)
class Pair:
    """Two texts that say the same, and one that says something else."""

    kind: str
    value: object
    spoken: str
    written: str
    other: str


@cache
def words_of(language: str) -> SimpleNamespace:
    """The language's table, its lists apart."""
    table = tomllib.loads(Path(__file__).with_name("carriers.toml").read_text(encoding="utf-8"))[language]
    lists = {name: value.replace("_", "").split("|") for name, value in table.items() if isinstance(value, str)}
    return SimpleNamespace(**(lists | {"comma": [","]} | table | lists | {"code": language, "groups": table["groups"]}))


def pairs(language: str, kind: str, draw: random.Random, count: int) -> list[Pair]:
    """Pairs of a kind, without those that a person could not tell apart."""
    words = words_of(language)
    values, forms, has_nouns = KINDS[kind]
    drawn = []
    while len(drawn) < count:
        value = values(words, draw)
        nearby = _nearby(value, draw)
        carrier = _carrier(words, draw, has_nouns=has_nouns)
        if "£" in str(value) and "of them" in carrier:
            continue  # They may weigh.
        try:
            spoken, written = forms(words, value)
            others = [form for group in forms(words, nearby) for form in group]
        except Unsayable:
            continue
        texts = [draw.choice(texts) for texts in (spoken, written, others)]
        if nearby != value:
            drawn.append(Pair(kind, value, *(_filled(carrier, text) for text in texts)))
    return drawn


class Unsayable(Exception):
    """A value that has no form, or one that is another's as well."""


def _filled(carrier: str, text: str) -> str:
    filled = carrier.replace("{}", text)
    return filled[2:3].upper() + filled[3:] if filled.startswith("^ ") else filled


def _carrier(words: SimpleNamespace, draw: random.Random, *, has_nouns: bool) -> str:
    opening, closing = draw.choice(MARKS)
    behind = draw.choice(words.behind + words.counted * 2 if has_nouns else words.behind)
    if words.code == "de" and "." in closing:
        behind = ""  # It is an ordinal: 5. Leute.
    inner = f"{draw.choice(words.before)} {opening}{{}}{closing} {behind}".strip()
    return draw.choice(["", "^ "]) + draw.choice(FRAMES).replace("{}", inner)


def _say(words: SimpleNamespace, number: int) -> list[str]:
    return spellings(words.code, number)


def _write(words: SimpleNamespace, number: int) -> list[str]:
    grouped = [f"{number:,}".replace(",", mark) for mark in words.groups] if number >= 1000 else []
    return [*dict.fromkeys([str(number), *grouped])]


def _whole(words: SimpleNamespace, draw: random.Random) -> int:
    """Small numbers, round ones and others, each often."""
    digits = draw.choice([1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8])
    number = draw.randrange(max(2, 10 ** (digits - 1)), 10**digits)
    zeros = draw.choice([0, 0, 1, 2, 3, 5]) % digits
    return max(2, number // 10**zeros * 10**zeros)


def _near_number(number: int, draw: random.Random) -> int:
    choices = [
        number + 1,
        number - 1,
        number * 10,
        number * 100,
        number * 1000,
        number // 10,
        number + 100,
        number + 10,
    ]
    return draw.choice([other for other in choices if 1 < other < 10**8 and other != number])


def _nearby(value, draw: random.Random):
    """The value with one of its numbers changed."""
    if isinstance(value, int):
        return _near_number(value, draw)
    if isinstance(value, tuple) and any(isinstance(part, int) for part in value):
        place = draw.choice([place for place, part in enumerate(value) if isinstance(part, int)])
        return (*value[:place], _near_number(value[place], draw), *value[place + 1 :])
    *start, last = value
    changed = str((int(last) + draw.randrange(1, 9)) % 10)
    return "".join((*start, changed)) if isinstance(value, str) else (*start, changed)


def cardinals(words, value):
    return _say(words, value), _write(words, value)


def _decimal(words, draw):
    return (draw.choice([0, draw.randrange(2, 10), draw.randrange(10, 1000)]), _fraction(draw))


def _fraction(draw) -> str:
    return "".join(draw.choice("0123456789") for _ in range(draw.choice([0, 0, 1, 1, 2]))) + draw.choice("123456789")


def decimals(words, value):
    whole, part = value
    if words.code != "en" and len(part) == 3:
        raise Unsayable  # It groups thousands: 1.250.
    singles = words.digits[0].split()
    before = _say(words, whole) if whole > 1 else [singles[whole]]
    spoken = [
        f"{said} {point} {' '.join(singles[int(digit)] for digit in part)}" for said in before for point in words.point
    ]
    if len(part) > 1 and part[-1] == "1" and words.code in ("fr", "pt", "nl"):
        raise Unsayable  # It may be the article of what follows.
    return spoken, [f"{whole}{words.comma[0]}{part}"]


def _scaled(words, draw):
    return (draw.randrange(2, 200), draw.choice("0123456789"))


def scaled(words, value):
    whole, part = value
    spoken, written = cardinals(words, whole) if part == "0" else decimals(words, value)
    said, *short = words.million
    return [f"{form} {said}" for form in spoken], [f"{form} {name}" for form in written for name in (said, *short)]


def percent(words, value):
    spoken, written = decimals(words, value) if isinstance(value, tuple) else cardinals(words, value)
    names = words.percent
    return [f"{form} {name}" for form in spoken for name in names], [
        f"{form}{unit}" for form in written for unit in ("%", " %", f" {names[0]}")
    ]


def negative(words, value):
    spoken, written = decimals(words, value) if isinstance(value, tuple) else cardinals(words, value)
    return [f"{minus} {form}" for minus in words.minus for form in spoken], [
        f"{minus}{form}" for minus in "-−" for form in written
    ]


def _signed(words, sign: str, amounts: list[str]) -> list[str]:
    if words.code == "en":
        return [f"{sign}{amount}" for amount in amounts]
    forms = [f"{amount}{space}{sign}" for amount in amounts for space in ("", " ")]
    return [f"{sign} {amount}" for amount in amounts] if sign == "R$" else [*forms, *(f"{sign}{a}" for a in amounts)]


def _money(words, draw):
    return (draw.choice(list(words.money)), _whole(words, draw))


def money(words, value):
    sign, whole = value
    unit = words.money[sign].split("|")[1]
    link = {"fr": "d'" if unit[0] == "e" else "de ", "es": "de ", "it": "di ", "pt": "de "}.get(words.code, "")
    link = link if whole % 10**6 == 0 else ""
    spoken, written = cardinals(words, whole)
    return [f"{form} {link}{unit}" for form in spoken], [*_signed(words, sign, written), f"{written[0]} {unit}"]


def _measure(words, draw):
    symbol = draw.choice(list(words.measures))
    return (symbol, *(_decimal(words, draw) if draw.random() < 0.3 else (_whole(words, draw),)))


def measures(words, value):
    symbol, whole, *part = value
    if whole and whole % 10**6 == 0 and words.code in ("fr", "es", "it", "pt"):
        raise Unsayable  # One says a million of them.
    spoken, written = decimals(words, (whole, *part)) if part else cardinals(words, whole)
    gaps = ("", " ", "\u00a0") if symbol.isascii() else ("", " ")
    return [f"{form} {words.measures[symbol]}" for form in spoken], [
        f"{form}{gap}{symbol}" for form in written for gap in gaps
    ]


def _cents(words, draw):
    whole = draw.choice([draw.randrange(2, 10), draw.randrange(2, 100), _whole(words, draw)])
    return (draw.choice(words.cents), draw.choice(list(words.money)), whole, draw.randrange(2, 100))


def cents(words, value):
    form, sign, whole, rest = value
    if rest > 99 or whole > 10**6 or (rest < 10 and "cent" not in form):
        raise Unsayable
    _, unit, _, cent = words.money[sign].split("|")
    amounts = [f"{number}{words.comma[0]}{rest:02d}" for number in _write(words, whole)]
    spoken = [
        form.format(first, second, unit=unit, cent=cent)
        for first, second in product(_say(words, whole), _say(words, rest))
    ]
    return spoken, _signed(words, sign, amounts)


def _two(words, draw):
    first, second = _whole(words, draw), _whole(words, draw)
    if draw.random() < 0.5:
        second = max(2, min(first + draw.randrange(-first // 2, first + 2), 10**8 - 1))
    return (draw.choice(words.two), first, second)


def two(words, value):
    form, first, second = value
    if first == second or may_be_other(words.code, form, first, second):
        raise Unsayable
    return tuple(
        [form.format(a, b) for a, b in product(way(words, first), way(words, second))] for way in (_say, _write)
    )


def _range(words, draw):
    first = _whole(words, draw)
    return (draw.randrange(3), first, first + draw.randrange(1, max(3, first)))


def ranges(words, value):
    unit, first, second = value
    if words.code == "en" and not unit and first < 1000 <= second:
        raise Unsayable  # 555-1234 is a telephone number.
    if first >= second or second > 10**8 or unit > 2:
        raise Unsayable
    euros = f" {words.money['€'].split('|')[1]}"
    said_unit, written_unit = (("", ""), (f" {words.percent[0]}", "%"), (euros, euros))[unit]
    to, *hyphen = words.rising
    spoken = [to.format(*texts) + said_unit for texts in product(_say(words, first), _say(words, second))]
    forms = [to, *(form for form in hyphen if "-" in form)]
    numbers = [*zip(_write(words, first), _write(words, second), strict=False)]
    return spoken, [form.format(*texts) + written_unit for form in forms for texts in numbers]


def _year(words, draw):
    return (draw.choice(words.years), draw.choice([draw.randrange(1100, 2060), draw.randrange(1900, 2030)]))


def years(words, value):
    form, number = value
    first = 1300 if words.code == "en" else 1100  # By twelve ten is a time.
    if not first <= number < 2060 or number == 2000:
        raise Unsayable
    return [form.format(year(words.code, number))], [form.format(number)]


def _date(words, draw):
    form = draw.choice(list(words.dates))
    return (form, draw.choice(words.months), draw.randrange(2, 32), draw.choice([1, draw.randrange(1900, 2060)]))


def dates(words, value):
    form, month, day, number = value
    last = 28 if month == words.months[1] else 30
    if not 2 <= day <= last or not (number == 1 or 1900 < number < 2060) or number == 2000:
        raise Unsayable
    link = {"es": " de", "pt": " de"}.get(words.code, "")
    said_year, written_year = ("", "") if number == 1 else (f"{link} {year(words.code, number)}", f"{link} {number}")
    written = [text.format(day, month=month, suffixed=suffixed(day)) for text in words.dates[form].split("|")]
    said = [form.format(text, month=month, ordinal=ordinal(words.code, day)) for text in _say(words, day)]
    comma = "," if words.code == "en" and number > 1 else ""
    return [text + said_year for text in said], [
        f"{text}{comma if text[-1].isdigit() else ''}{written_year}" for text in written
    ]


def _ordinal_value(words, draw):
    return (draw.choice(list(words.ordinals)), draw.randrange(3, {"es": 11, "pt": 11}.get(words.code, 100)))


def ordinals(words, value):
    form, number = value
    if not 3 <= number <= {"es": 10, "pt": 10}.get(words.code, 10**4):
        raise Unsayable  # Larger ones are several words, of which text2num reads none.
    said = ordinal(words.code, number)
    written = [text.format(number, suffixed=suffixed(number)) for text in words.ordinals[form].split("|")]
    if words.code == "nl":
        ending = "ste" if said.endswith("ste") else "de"
        written = [text for text in written if f"{number}e " in text or f"{number}{ending} " in text]
    return [form.format(ordinal=said, feminine=re.sub("o$", "a", said))], written


def _time(words, draw):
    minute = draw.choice([0, draw.randrange(1, 60), draw.choice([5, 10, 15, 20, 30, 45])])
    forms = words.times if minute else words.hours
    return (draw.choice(list(forms)), str(minute), draw.randrange(2, 13 if words.code == "en" else 24))


def times(words, value):
    form, minute, hour = value
    if not 2 <= hour <= (12 if words.code == "en" else 23):
        raise Unsayable
    minute = int(minute)
    if words.code == "pt" and hour == 20 and minute < 10:
        raise Unsayable  # It is said as twenty-five is.
    if minute == 1 or (minute % 10 == 1 and words.code in ("es", "fr")):
        raise Unsayable  # A minute of one stays a word, and its gender is its own.
    forms = words.times if minute else words.hours
    said = feminine(words.code, _say(words, hour)[-1])
    said_minute = _say(words, minute)[-1] if minute > 1 else ""
    said_minute = f"oh {said_minute}" if words.code == "en" and 1 < minute < 10 else said_minute
    written = [w.format(h=hour, m=minute, mm=f"{minute:02d}") for w in forms[form].split("|")]
    return [form.format(h=said, m=said_minute)], written


def _digits(words, draw):
    return "".join(draw.choice("0123456789") for _ in range(draw.choice([3, 4, 5, 6, 8, 9, 12])))


def digits(words, value):
    if len(value) < 4 and value[-1] == "1" and words.code in ("fr", "pt", "nl"):
        raise Unsayable  # It may be the article of what follows.
    singles = words.digits[0].split()
    return [" ".join(singles[int(digit)] for digit in value)], [value]


def _either(first: Callable, second: Callable) -> Callable:
    return lambda words, draw: draw.choice([first, second])(words, draw)


KINDS = {
    "cardinal": (_whole, cardinals, True),
    "decimal": (_decimal, decimals, True),
    "scaled": (_scaled, scaled, True),
    "percent": (_either(_whole, _decimal), percent, False),
    "negative": (_either(_whole, _decimal), negative, False),
    "money": (_money, money, False),
    "measure": (_measure, measures, False),
    "cents": (_cents, cents, False),
    "two": (_two, two, True),
    "range": (_range, ranges, False),
    "year": (_year, years, False),
    "date": (_date, dates, False),
    "ordinal": (_ordinal_value, ordinals, False),
    "time": (_time, times, False),
    "digits": (_digits, digits, False),
}
