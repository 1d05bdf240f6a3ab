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


SAID = {
    "money USD 5": "US$5|5 US dollars|five US dollars|USD 5|5 USD|five U.S. dollars|$5 US",
    "money CAD 5": "CA$5|C$5|five Canadian dollars|5 Canadian dollars|CAD 5|5 CAD",
    "money USD 0.5": "fifty cents|50 cents|50¢|$0.50|$.50|$0.5|0.5 dollars|half a dollar",
    "money USD -0.5": "minus fifty cents|-50 cents|-50¢|-$0.50|minus $.50|negative 50 cents",
    "money GBP 5.5": (
        "five pounds fifty|five pounds fifty pence|£5.50|£5 50p|5 pounds 50 pence|five pounds and fifty pence"
    ),
    "money GBP 0.5": "fifty pence|50p|50 pence|£0.50|£.50",
    "money USD 100": "a hundred dollars|one hundred dollars|$100|100 dollars|a hundred bucks",
    "money USD 1000": "a thousand dollars|one grand|1 grand|$1,000|$1k|$1K",
    "money USD 5000": "five grand|5 grand|$5,000|5k dollars|$5k",
    "time 12:00": "noon|12 noon|12 pm|12:00 pm|twelve noon|twelve p.m.|midday",
    "time 00:00": "midnight|12 am|12:00 a.m.|00:00|twelve midnight|12 midnight",
    "ordinal 201": "two hundred and first|two hundred first|201st|two-hundred-and-first|two hundred-first",
    "ordinal 1001": "one thousand and first|1,001st|1001st",
    "percent 100": "a hundred percent|one hundred percent|100%|100 percent|a hundred per cent",
    "date --03-03": (
        "March 3|March 3rd|March third|the third of March|3 March|3rd of March|the 3rd of March|Mar. 3|Mar 3|"
        "3rd March|March the third"
    ),
    "date 2024-03-03": (
        "March 3, 2024|3 March 2024|3/3/2024|2024-03-03|03/03/2024|3/3/24|March third twenty twenty four|"
        "March third, two thousand twenty four|March third two thousand and twenty four|the third of March, 2024|"
        "3.3.2024|03-03-2024"
    ),
    "number 2000": "2,000|two thousand|2000|2 thousand|2k|two k|2K",
    "number 1.5": "one and a half|1.5|1 1/2|1½|one point five|1-1/2|one-and-a-half|1 and a half",
    "number 1000000": "a million|one million|1 million|1,000,000|1000000|1M",
    "number 1500000": "a million and a half|one and a half million|1.5 million|1½ million|1.5M",
    "percent 2.5": "two and a half percent|2.5%|2½%|2 1/2 percent|two point five percent",
    "number 1200": "twelve hundred|1,200|one thousand two hundred|1200|1.2 thousand|1.2k",
    "time 17:05": "5:05 pm|five oh five pm|five past five pm|5.05 pm|17:05|five o five p.m.|five minutes past five pm",
    "time 20:00": "8 pm|eight p.m.|eight o'clock at night|8:00 PM|20:00",
    "time 17:50": "ten to six pm|5:50 pm|17:50|ten minutes to six pm|five fifty pm|10 to 6 pm",
    "time 17:45": "quarter of six pm|5:45 pm",
    "time 12:30": "half past twelve pm|12:30 pm|twelve thirty pm",
    "number -20": "minus twenty|-20|negative twenty|−20|minus 20|–20",
    "number 0.75": "three quarters|3/4|¾|three-quarters|3 quarters|0.75",
    "number 2/3": "two thirds|2/3|⅔|two-thirds|2 thirds",
    "number 1/3": "one third|1/3|⅓|one-third|1 third",
    "percent 0": "zero percent|0%|nought percent|0 percent",
    "number 3": "three point oh|3.0|three point zero|3",
    "digits 007": "double oh seven|007|zero zero seven|oh oh seven",
    "money USD 1500000000": (
        "$1.5 billion|1.5 billion dollars|one and a half billion dollars|$1,500,000,000|$1.5bn|$1.5 B|"
        "1.5 bn dollars|$1½ billion"
    ),
    "number 2100": "twenty one hundred|2,100|2100",
    "number 1905": "nineteen hundred and five|1905|nineteen oh five|nineteen-oh-five",
    "number 500000": "five hundred thousand|half a million|500,000|500k|0.5 million|500 thousand",
    "number 300000000": "three hundred million|300M|300 million|300,000,000|0.3 billion",
    "money EUR 5": "€5|5 euros|five euros|EUR 5|5 EUR|5€|5 €|5-euro",
    "money EUR -5": "minus €5|-€5|€-5|-5 €|minus five euros|-5€|€ -5|-€ 5",
    "percent 2/3": "two-thirds of a percent|2/3 of a percent|2/3%|⅔%",
    "number 45300": "forty-five thousand three hundred|45,300|45300",
    "number 1200000": "one point two million|1.2 million|1,200,000|1.2M",
    "money USD 1.5": (
        "a dollar fifty|$1.50|one dollar fifty|a dollar and fifty cents|a dollar and a half|"
        "one and a half dollars|1.5 dollars|one dollar and 50 cents"
    ),
    "money USD 2500000": (
        "two point five million dollars|$2.5 million|$2.5M|2.5 million dollars|two and a half million dollars|"
        "2½ million dollars|$2,500,000"
    ),
}
"""Values with more ways to say them."""


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


@pytest.mark.parametrize("carrier", CARRIERS)
def test_other_ways_to_say_a_value(carrier):
    """Units, names, idioms and hyphens that a value is said with leave it the same."""
    texts = {carrier.format(form): value for value, forms in SAID.items() for form in forms.split("|")}

    assert {
        text: found for text, value in texts.items() if (found := _entities(text)) != [tuple(value.split(" ", 1))]
    } == {}


RANGES = {
    "percent 5, percent 10": "five to ten percent|5-10%|5%-10%|5% to 10%|5 to 10 percent|five percent to ten percent",
    "money USD 5, money USD 10": "five to ten dollars|$5-10|$5-$10|$5 to $10|5-10 dollars|five dollars to ten dollars",
    "money USD 1, money USD 2": "one to two dollars|$1-2|$1 to $2|1 to 2 dollars|one or two dollars|$1 or $2",
    "money EUR 5, money EUR 10": "five or ten euros|€5 or €10|5€-10€|5-10 €|€5–10",
    "money USD 500, money USD 1000": "five hundred to one thousand dollars|500-1000 dollars|$500-1,000|$500-$1000",
    "time 9:30?, time 12:45?": "nine-thirty to twelve-forty-five|9:30-12:45|9:30 to 12:45|9:30–12:45",
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_both_ends_of_a_range_have_its_unit(carrier):
    """A range has one value at each end, whether its unit is said or written at one of them or at both."""
    texts = {carrier.format(form): value for value, forms in RANGES.items() for form in forms.split("|")}
    found = {text: ", ".join(f"{kind} {value}" for kind, value in _entities(text)) for text in texts}

    assert {text: found[text] for text, value in texts.items() if found[text] != value} == {}


BEHIND_A_MONTH = {
    "number 1500000": "October one point five million people|October 1.5 million people|October 1.5M people",
    "percent 12.5": "March twelve point five percent of them|March 12.5% of them|March twelve and a half percent",
    "number 2500": "May, two thousand five hundred people|May 2,500 people|May, 2500 people|May 2500 men",
    "number 1200": "June twelve hundred people|June 1,200 people|June 1200 people|June one thousand two hundred users",
    "number 1350": "June one thousand three hundred and fifty|June 1,350 cars",
    "number 2000": "May two thousand people|May, 2,000 people|May 2000 people",
    "money USD 1500": "May fifteen hundred dollars|May 1,500 dollars|May $1,500",
    "money JPY 5": "May five yen|May 5 yen|May ¥5",
    "money USD 5500000": "May five and a half million dollars|May $5.5 million",
    "number 5.5": "March 5 1/2 miles|March 5½ miles|March five and a half miles|March five point five miles",
    "date 2020-03": "March 2020 people stayed|March twenty twenty people stayed|March two thousand and twenty sales",
    "date 1905-05": "May nineteen hundred and five|May 1905|May nineteen oh five",
    "date --05-05": "May 5, half of them|May five, half of them|May fifth, half of them|May 5 Grand Central",
    "date 2024-05-05": "May five twenty twenty four, 5 people|May 5, 2024, five people",
}


def test_an_amount_behind_a_month_is_no_date():
    """A number that goes on as a decimal, an amount or a percentage is no day, and one that counts people no year."""
    texts = {f"In {form}": value for value, forms in BEHIND_A_MONTH.items() for form in forms.split("|")}
    found = {text: " ".join(_entities(text)[0]) for text in texts}

    assert {text: found[text] for text, value in texts.items() if found[text] != value} == {}


NEGATIVE = ['"{}"', "'{}'", "“{}”", "‘{}’", "„{}“", "«{}»", "(“{}”)", '("{}")', "*{}*", "**{}**", "¿{}?", "¡{}!"]


@pytest.mark.parametrize("around", NEGATIVE)
def test_a_minus_in_quotation_marks_is_a_sign(around):
    """A minus after an opening mark belongs to its number, and one after a closing mark does not."""
    assert _entities(f"it said {around.format('-20')}") == [("number", "-20")]
    assert _entities(f"it said {around.format('-$5')}") == [("money", "USD -5")]
    assert _entities(f"it said {around.format('a')}-20") == [("number", "20")]


@pytest.mark.parametrize("form", ["${}-20", "${} to 20", "${}–20", "${} or 20"])
def test_the_verb_behind_a_range_of_money_is_no_month(form):
    """The second end of a range of money before "may" is no day."""
    text = f"Fees of {form.format(15)} may apply."

    assert ("money", "USD 15") in _entities(text)
    assert "date" not in dict(_entities(text))
    assert _entities("from 15-20 May") == [("number", "15"), ("date", "--05-20")]


def _entities(text):
    return [(entity.type, entity.value) for entity in extract(text)]
