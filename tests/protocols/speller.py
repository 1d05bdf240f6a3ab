"""Numbers, dates, times and amounts as a speaker says them: what the generated pairs are made with."""

ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
MONTHS = "January February March April May June July August September October November December"
ONES, TENS, MONTHS = ONES.split(), TENS.split(), MONTHS.split()
SCALES = [(10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")]
IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
IRREGULAR |= {"twelve": "twelfth"}


def cardinal(number: int, *, joined: str = "", hyphen: str = " ") -> str:
    """A whole number from 0 to 10¹²; `joined` is "and" where the speaker says it after hundreds."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens = TENS[number // 10 - 2]
        return tens + (hyphen + ONES[number % 10] if number % 10 else "")
    size, name = next(scale for scale in SCALES if number >= scale[0])
    above, rest = divmod(number, size)
    words = [cardinal(above, joined=joined, hyphen=hyphen), name]
    if rest:
        words += [joined] * (rest < 100) + [cardinal(rest, joined=joined, hyphen=hyphen)]
    return " ".join(filter(None, words))


def ordinal(number: int, *, hyphen: str = " ") -> str:
    """As `twenty ninth`."""
    *before, last = cardinal(number, hyphen="-").replace("-", " - ").split()
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return " ".join([*before, IRREGULAR.get(last, regular)]).replace(" - ", hyphen)


def suffixed(number: int) -> str:
    """As `29th`."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def year(number: int) -> str:
    """As `nineteen oh five`, `two thousand nine` and `twenty twenty four`."""
    century, rest = divmod(number, 100)
    if 2000 <= number < 2010:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def spelt(digits: str, zero: str = "zero") -> str:
    """Digit by digit."""
    return " ".join(zero if digit == "0" else ONES[int(digit)] for digit in digits)


def clock(hour: int, minute: int) -> str:
    """As `five oh five` and `two forty nine`."""
    if minute == 0:
        return cardinal(hour)
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"
