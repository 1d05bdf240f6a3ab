"""Generated pairs of a spoken and a written form that must meet under `en`, by class."""

import random
from collections.abc import Callable
from fractions import Fraction

from speller import MONTHS, cardinal, clock, ordinal, spelt, suffixed, year

Pair = tuple[str, str]
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth"}
PARTS |= {10: "tenth", 12: "twelfth", 16: "sixteenth"}


def cardinals(draw: random.Random) -> Pair:
    number = int(10 ** draw.uniform(0, 9))
    spoken = cardinal(number, joined=draw.choice(["", "and"]), hyphen=draw.choice([" ", "-"]))
    return f"about {spoken} people", f"About {number:{draw.choice(['', ','])}} people."


def ordinals(draw: random.Random) -> Pair:
    number = draw.randint(1, 120)
    return f"the {ordinal(number, hyphen=draw.choice([' ', '-']))} time", f"the {suffixed(number)} time"


def money(draw: random.Random) -> Pair:
    number = int(10 ** draw.uniform(0, 7))
    sign, name = draw.choice([("$", "dollar"), ("£", "pound"), ("€", "euro")])
    plural = name + "s" * (number != 1)
    return f"it cost {cardinal(number)} {plural} in all", f"It cost {sign}{number:,} in all."


def scaled_money(draw: random.Random) -> Pair:
    whole, tenth = draw.randint(1, 99), draw.randint(1, 9)
    written = draw.choice([f"${whole}.{tenth} million", f"${whole}.{tenth}M"])
    return f"worth {cardinal(whole)} point {cardinal(tenth)} million dollars", f"worth {written}"


def cents(draw: random.Random) -> Pair:
    dollars, rest = draw.randint(0, 999), draw.randint(1, 99)
    small = f"{cardinal(rest)} cent{'s' * (rest != 1)}"
    if not dollars:
        return f"only {small} left", f"only {draw.choice([f'$0.{rest:02d}', f'{rest}¢', f'{rest} cents'])} left"
    large = f"{cardinal(dollars)} dollar{'s' * (dollars != 1)}"
    return f"pay {large} {draw.choice(['and ', ''])}{small}", f"Pay ${dollars}.{rest:02d}"


def years(draw: random.Random) -> Pair:
    number = draw.randint(1100, 2059)
    return f"back in {year(number)} we", f"Back in {number}, we"


def month_day(draw: random.Random) -> Pair:
    month, day, number = draw.choice(MONTHS), draw.randint(1, 31), draw.randint(1900, 2049)
    written = draw.choice([f"{month} {day}", f"{month} {suffixed(day)}"])
    the = draw.choice(["", "the "])
    return f"on {month.lower()} {the}{ordinal(day)} {year(number)}", f"on {written}, {number}"


def day_month(draw: random.Random) -> Pair:
    month, day, number = draw.choice(MONTHS), draw.randint(1, 31), draw.randint(1900, 2049)
    written = draw.choice([f"{day} {month}", f"{suffixed(day)} {month}", f"the {suffixed(day)} of {month}"])
    return f"on the {ordinal(day)} of {month.lower()} {year(number)}", f"on {written} {number}"


def times(draw: random.Random) -> Pair:
    hour, minute = draw.randint(1, 12), draw.choice([0, *range(1, 60)])
    half = draw.choice("ap")
    spoken_half = draw.choice([f"{half} m", f"{half}m", f"{half}.m."])
    written_half = draw.choice([f" {half}m", f"{half}m", f" {half.upper()}M", f" {half}.m."])
    return f"at {clock(hour, minute)} {spoken_half}", f"at {hour}:{minute:02d}{written_half}"


def percentages(draw: random.Random) -> Pair:
    whole, tenth = draw.randint(0, 100), draw.choice([None, *range(10)])
    decimal = "" if tenth is None else f" point {cardinal(tenth)}"
    number = f"{whole}" if tenth is None else f"{whole}.{tenth}"
    written = draw.choice([f"{number}%", f"{number} %", f"{number} percent"])
    return f"up {cardinal(whole)}{decimal} {draw.choice(['percent', 'per cent'])} today", f"Up {written} today."


def phones(draw: random.Random) -> Pair:
    area, office, line = (f"{draw.randrange(10**size):0{size}d}" for size in (3, 3, 4))
    written = draw.choice(["({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}"]).format(area, office, line)
    return f"call {spelt(area + office + line, draw.choice(['zero', 'oh']))} now", f"Call {written} now."


def fractions(draw: random.Random) -> Pair:
    below = draw.choice(list(PARTS))
    above = draw.choice([above for above in range(1, below) if Fraction(above, below).denominator == below])
    spoken = f"{cardinal(above)} {PARTS[below]}{'s' * (above != 1)}"
    whole = draw.choice([0, draw.randint(1, 20)])
    if whole:
        return f"add {cardinal(whole)} and {spoken} cups", f"Add {whole} {above}/{below} cups"
    return f"add {spoken} of it", f"Add {above}/{below} of it"


def decimals(draw: random.Random) -> Pair:
    whole, digits = draw.randint(0, 200), "".join(draw.choices("0123456789", k=draw.randint(1, 4)))
    zero = draw.choice(["zero", "oh"])
    return f"it is {cardinal(whole)} point {spelt(digits, zero)} now", f"It is {whole}.{digits} now."


def negatives(draw: random.Random) -> Pair:
    number = draw.randint(1, 120)
    return f"it was minus {cardinal(number)} degrees", f"It was -{number} degrees."


# The share of generated pairs that must meet, as measured, with a little room below 1 where it is less.
FLOORS: dict[Callable[[random.Random], Pair], float] = {
    cardinals: 1.0,
    ordinals: 1.0,
    money: 1.0,
    scaled_money: 1.0,
    cents: 1.0,
    years: 1.0,
    month_day: 1.0,
    day_month: 1.0,
    times: 1.0,
    percentages: 1.0,
    phones: 1.0,
    fractions: 1.0,
    decimals: 1.0,
    negatives: 1.0,
}
