"""A value has one entity, and one text under `en`, in every way in which it is spoken and written."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speller import MONTHS, cardinal, clock, ordinal, spelt, suffixed, year

from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.entities.quantities import canonical
from asrlab_pytest.protocols.normalization import normalization

CARRIERS = ["{}", "it is {} now", "from {} on", "It was {}.", "({})"]
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth"}
SIGNS = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾", Fraction(2, 3): "⅔", Fraction(7, 8): "⅞"}
SCALES = {10**3: "thousand", 10**6: "million", 10**9: "billion"}
LETTERS = {10**3: ["k", "K"], 10**6: ["M", "m", "mn", " mil"], 10**9: ["B", "bn", " bn"]}
CURRENCIES = {"USD": ("$", "dollar", "cent"), "EUR": ("€", "euro", "cent"), "GBP": ("£", "pound", "pence")}
CURRENCIES |= {"JPY": ("¥", "yen", ""), "INR": ("₹", "rupee", "")}

# A wording is what is said, in all the forms that it is written in: under `en` they are one text.
Wordings = list[list[str]]


def unsigned(value: Fraction) -> Wordings:
    whole, part = divmod(value, 1)
    if not part:
        return [*_whole(int(whole)), *_scaled(int(whole))]
    tail = canonical(part)
    if "/" not in tail and part.denominator not in (2, 4):
        return [_decimal(int(whole), tail[2:])]
    if "/" in tail:
        return [_fraction(int(whole), part)]
    return [_decimal(int(whole), tail[2:]), _fraction(int(whole), part)]


def _whole(number: int) -> Wordings:
    spoken = [cardinal(number, joined=joined, hyphen=hyphen) for joined in ("", "and") for hyphen in " -"]
    return [[*dict.fromkeys(spoken), f"{number:,}", *([str(number)] if number < 10**9 else [])]]


def _scaled(number: int) -> Wordings:
    """As "1.5 million"."""
    scale = next((scale for scale in sorted(SCALES, reverse=True) if number >= scale and not number * 10 % scale), 0)
    whole, part = divmod(number, scale) if scale else (0, 0)
    if not part or whole >= 1000:
        return []
    tenth = part * 10 // scale
    decimal = [f"{cardinal(whole)} point {cardinal(tenth)} {SCALES[scale]}", f"{whole}.{tenth} {SCALES[scale]}"]
    half = [f"{form} {SCALES[scale]}" for form in _fraction(whole, Fraction(1, 2))]
    return [decimal, half] if tenth == 5 else [decimal]


def _decimal(whole: int, digits: str) -> list[str]:
    spoken = [f"{cardinal(whole)} point {spelt(digits, zero)}" for zero in ("zero", "oh")]
    written = [f"{whole}.{digits}"]
    if not whole:
        spoken += [f"{zero} point {spelt(digits)}" for zero in ("oh", "nought", "naught")]
        spoken += [f"point {spelt(digits)}", f"point {digits}"]
        written.append(f".{digits}")
    return [*dict.fromkeys(spoken), *written]


def _fraction(whole: int, part: Fraction) -> list[str]:
    above, below = part.numerator, part.denominator
    name = PARTS[below] + "s" * (above > 1)
    sign = [SIGNS[part]] if part in SIGNS else []
    if not whole:
        return [f"{cardinal(above)} {name}", f"{cardinal(above)}-{name}", f"{above}/{below}", *sign]
    article = [f"{cardinal(whole)} and a half", f"{cardinal(whole)}-and-a-half", f"{whole} and a half"]
    return [
        f"{cardinal(whole)} and {cardinal(above)} {name}",
        *(article if part == Fraction(1, 2) else []),
        *(f"{whole}{form}" for form in (f" {above}/{below}", f"-{above}/{below}", *sign)),
    ]


def numbers(value: Fraction) -> Wordings:
    wordings = unsigned(abs(value))
    return wordings if value > 0 else [[signed for form in forms for signed in _negative(form)] for forms in wordings]


def _negative(form: str, signs: str = "") -> list[str]:
    written = form[0] in f"0123456789.{signs}" or form in SIGNS.values()
    inner = [form[0] + "-" + form[1:]] if form[0] in (signs or " ") and form[1].isdigit() else []
    return [f"minus {form}", f"negative {form}", *inner, *([f"-{form}", f"−{form}"] if written else [])]


def percentages(value: Fraction) -> Wordings:
    return [
        [f"{form}{unit}" for form in forms for unit in _percent_units(form)]
        for forms in numbers(value)
        if not any("/" in form and form[-1] not in "24" for form in forms)
    ]


def _percent_units(form: str) -> list[str]:
    return [" percent", " per cent", *(["%", " %"] if form[-1].isdigit() else [])]


def money(value: Fraction, code: str) -> Wordings:
    sign, name, cent = CURRENCIES[code]
    plural = name + "s" * (value != 1 and name != "yen")
    whole, cents = divmod(abs(value) * 100, 100)
    if cents and cent and cents.denominator == 1 and whole:
        wordings = [_with_cents(int(whole), int(cents), sign, name, cent)]
    else:
        wordings = [
            [f"{form} {plural}" for form in forms]
            + [f"{sign}{form}" for form in forms if form[0] in "0123456789." and " and" not in form]
            for forms in unsigned(abs(value))
            if "/" not in canonical(value) and (whole or "/" not in "".join(forms))
        ]
        wordings = [[*forms, *_lettered(forms, sign)] for forms in wordings]
    return (
        wordings if value > 0 else [[other for form in forms for other in _negative(form, sign)] for forms in wordings]
    )


def _with_cents(whole: int, cents: int, sign: str, name: str, cent: str) -> list[str]:
    plural, small = name + "s" * (whole > 1), cent + "s" * (cent == "cent" and cents > 1)
    forms = [f"{cardinal(whole)} {plural} and {cardinal(cents)} {small}", f"{sign}{whole:,}.{cents:02d}"]
    return [
        *forms,
        f"{whole} {plural} and {cents} {small}",
        *([f"{cardinal(whole)} {plural} {cardinal(cents)}"] * (cents > 9)),
    ]


def _lettered(forms: list[str], sign: str) -> list[str]:
    """As "$1.5M"."""
    scaled = [
        form.rpartition(" ") for form in forms if form.startswith(sign) and form.count(" ") == 1 and "/" not in form
    ]
    letters = {SCALES[scale]: written for scale, written in LETTERS.items()}
    return [f"{number}{letter}" for number, _, name in scaled for letter in letters.get(name, [])]


def ordinals(value: int) -> Wordings:
    return [[ordinal(value), ordinal(value, hyphen="-"), suffixed(value)]]


def dates(month: int, day: int, number: int | None) -> Wordings:
    name = MONTHS[month - 1]
    short = name[: 3 + (name == "September")]
    spoken, comma, written = ("", "", "") if number is None else (f" {year(number)}", ",", f" {number}")
    return [
        [f"{name} {ordinal(day)}{spoken}", f"{name} the {ordinal(day)}{spoken}"]
        + [f"{form}{comma}{written}" for form in (f"{name} {day}", f"{name} {suffixed(day)}", f"{short} {day}")],
        [f"the {ordinal(day)} of {name}{spoken}"]
        + [f"{form} {name}{written}" for form in (f"{day}", f"{suffixed(day)}", f"the {suffixed(day)} of")],
    ] + ([[f"{number}-{month:02d}-{day:02d}"], [f"{month}/{day}/{number}"]] if number else [])


def times(hour: int, minute: int, half: str) -> Wordings:
    dotted = f"{half[0]}.m."
    spoken = [f"{clock(hour, minute)} {said}" for said in (half, f"{half[0]} m", dotted)]
    written = [f"{hour}:{minute:02d}{said}" for said in (half, f" {half.upper()}", dotted, f" {dotted}")]
    if not minute:
        written += [f"{hour}{said}" for said in (half, f" {half.upper()}", dotted, f" {dotted}")]
    wordings = [[*spoken, *written]]
    if minute in (15, 30):
        part = "half" if minute == 30 else "quarter"
        wordings.append([f"{part}{joint}past {said} {half}" for joint in " -" for said in (cardinal(hour), hour)])
    if minute == 45 and hour != 11:
        following = hour % 12 + 1
        wordings.append(
            [f"quarter{joint}to {said} {half}" for joint in " -" for said in (cardinal(following), following)]
        )
    return wordings


halves = st.builds(lambda whole, below: whole + Fraction(1, below), st.integers(0, 30), st.sampled_from(list(PARTS)))
thirds = st.builds(
    lambda whole, below: whole + 1 - Fraction(1, below), st.integers(0, 30), st.sampled_from(list(PARTS))
)
decimals = st.builds(Fraction, st.integers(1, 9999), st.sampled_from([10, 100, 1000]))
scaled = st.builds(
    lambda tenths, scale: Fraction(tenths * scale, 10), st.integers(1, 999), st.sampled_from(list(SCALES))
)
values = st.one_of(st.integers(2, 99), st.integers(2, 10**9), halves, thirds, decimals, scaled).map(Fraction)
signed = st.builds(lambda value, sign: value * sign, values.filter(lambda value: value != 1), st.sampled_from([1, -1]))


def near(value: Fraction) -> list[Fraction]:
    others = (-value, value + 1, value * 10, value * 1000, value / 10)
    return [
        other
        for other in others
        if abs(other) not in (0, 1) and (other.denominator in PARTS or not 1000 % other.denominator)
    ]


KINDS = {
    "number": (signed, lambda value: (canonical(value), numbers(value)), near),
    "percent": (signed, lambda value: (canonical(value), percentages(value)), near),
    "ordinal": (
        st.integers(11, 3000),
        lambda value: (str(value), ordinals(value)),
        lambda value: [value + 1, value * 10],
    ),
    "money": (
        st.tuples(signed, st.sampled_from(list(CURRENCIES))),
        lambda raw: (f"{raw[1]} {canonical(raw[0])}", money(*raw)),
        lambda raw: [(other, raw[1]) for other in near(raw[0])],
    ),
    "date": (
        st.tuples(
            st.integers(1, 12), st.integers(1, 28), st.none() | st.integers(1301, 2059).filter(lambda y: y % 100)
        ),
        lambda raw: (f"{raw[2] or '-'}-{raw[0]:02d}-{raw[1]:02d}", dates(*raw)),
        lambda raw: [(raw[1] % 12 + 1, raw[0], raw[2]), (raw[0], raw[1] % 28 + 1, raw[2])],
    ),
    "time": (
        st.tuples(st.integers(1, 12), st.sampled_from([0, 5, 12, 15, 30, 45, 59]), st.sampled_from(["am", "pm"])),
        lambda raw: (f"{raw[0] % 12 + 12 * (raw[2] == 'pm'):02d}:{raw[1]:02d}", times(*raw)),
        lambda raw: [(raw[0], raw[1], "am" if raw[2] == "pm" else "pm"), (raw[0] % 12 + 1, raw[1], raw[2])],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_renderings_have_one_entity(kind):
    """However a value is spoken or written, it is one entity of this value."""
    raws, render, _ = KINDS[kind]

    @settings(max_examples=30)
    @given(raws, st.sampled_from(CARRIERS))
    def check(raw, carrier):
        value, wordings = render(raw)
        texts = [carrier.format(form) for forms in wordings for form in forms]
        wrong = {text: found for text in texts if (found := _entities(text)) != [(kind, value)]}

        assert wrong == {}, value

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_renderings_of_one_wording_are_equal_as_words(kind):
    """What is said in the same words is one text under `en`, however it is written, and no text of another value."""
    raws, render, others = KINDS[kind]
    apply = normalization("en").apply

    @settings(max_examples=15)
    @given(raws, st.sampled_from(CARRIERS), st.data())
    def check(raw, carrier, data):
        wordings = [{carrier.format(form): apply(carrier.format(form)) for form in forms} for forms in render(raw)[1]]
        texts = {text for forms in wordings for text in forms.values()}
        near_by = others(raw)
        other = render(data.draw(st.sampled_from(near_by)))[1] if near_by else []

        assert [forms for forms in wordings if len(set(forms.values())) > 1] == []
        assert texts.isdisjoint(apply(carrier.format(form)) for forms in other for form in forms)

    check()


def _entities(text):
    return [(entity.type, entity.value) for entity in extract(text)]
