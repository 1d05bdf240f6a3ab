"""Numbers, years and ordinals as num2words spells them in seven languages, with what it spells wrong put right."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from num2words import num2words

LOCALES = {"fr": ("fr", "fr_BE", "fr_CH"), "pt": ("pt", "pt_BR")}


@cache
def spellings(language: str, number: int) -> list[str]:
    """A whole number as its speakers say it."""
    said = {num2words(number, lang=locale) for locale in LOCALES.get(language, (language,))}
    return sorted(dict.fromkeys(form for spelling in said for form in _SPELLINGS[language](spelling)))


def _english(spelling: str) -> list[str]:
    plain = spelling.replace(",", "")
    forms = [spelling, plain, plain.replace("-", " "), plain.replace(" and ", " ")]
    return [*forms, *(re.sub("^one (?=hundred|thousand|million)", "a ", form) for form in forms)]


def _german(spelling: str) -> list[str]:
    """num2words says einhunderteinstausend."""
    spelling = spelling.replace("einstausend", "eintausend")
    return [spelling, re.sub("^ein(?=hundert|tausend)", "", spelling)]


def _french(spelling: str) -> list[str]:
    """As before and since the reform of 1990."""
    return [spelling, re.sub(" (?!million)(?<!million )(?<!millions )", "-", spelling)]


def _spanish(spelling: str) -> list[str]:
    """num2words says veintiuno mil."""
    spelling = re.sub("veintiuno(?= mil)", "veintiún", spelling)
    return [re.sub(r"\buno(?= mil)", "un", spelling)]


def _italian(spelling: str) -> list[str]:
    """num2words says dicotto."""
    spelling = spelling.replace("dicotto", "diciotto")
    return [spelling, spelling.replace(" e ", " ")]


def _portuguese(spelling: str) -> list[str]:
    """num2words of Brazil writes commas that no one says."""
    return [spelling.replace(",", "")]


def _dutch(spelling: str) -> list[str]:
    """num2words says duizendhonderd."""
    spelling = spelling.replace("duizendhonderd", "elfhonderd") if spelling.startswith("duizendh") else spelling
    return [spelling, re.sub("duizend(?=.)", "duizend ", spelling)]


_SPELLINGS = {
    "en": _english,
    "de": _german,
    "fr": _french,
    "es": _spanish,
    "it": _italian,
    "pt": _portuguese,
    "nl": _dutch,
}


@cache
def year(language: str, number: int) -> str:
    """As nineteen oh five, neunzehnhundertfünf and deux mille cinq."""
    if language == "en" and not 2000 <= number < 2010:
        return num2words(number, to="year").replace("oh-", "oh ")
    if number >= 2000 or language not in ("de", "nl"):
        return spellings(language, number)[-1]
    hundreds, rest = divmod(number, 100)
    last = num2words(rest, lang=language) if rest else ""
    return f"{num2words(hundreds, lang=language)}{'hundert' if language == 'de' else 'honderd'}{last}"


@cache
def ordinal(language: str, number: int) -> str:
    """num2words says vingtsième, centsième and dicottesimo."""
    said = num2words(number, lang=language, to="ordinal")
    return said.replace("vingtsième", "vingtième").replace("centsième", "centième").replace("dicott", "diciott")


def suffixed(number: int) -> str:
    """As 21st."""
    return num2words(number, to="ordinal_num")


def feminine(language: str, said: str) -> str:
    """A number of hours, as vingt et une."""
    changes = {"pt": (("um", "uma"), ("dois", "duas")), "es": (("uno", "una"),), "fr": (("un", "une"),)}
    for old, new in changes.get(language, ()):
        said = re.sub(rf"{old}$", new, said)
    return said.replace("eins", "ein") if language == "de" else said


def may_be_other(language: str, form: str, first: int, second: int) -> bool:
    """Whether one number, or two others, are said in the same words.

    Two hundred and five is 205 as well, and five hundred and two thousand is 502,000, but not after between.
    """
    between = re.match(_BETWEEN, form)
    if between and first > second:
        return True
    if re.sub(rf"\{{\}}|both|{_BETWEEN}| ", "", form) not in ("and", "und", "et", "y", "e", "en", ","):
        return False
    others = [numbers for numbers in _others(first, second) if numbers != (first, second)]
    if between:
        others = [numbers for numbers in others if len(numbers) == 1 or numbers[0] < numbers[1]]
    if between and language == "en":
        others = [numbers for numbers in others if len(numbers) > 1]
    said = {_bare(language, text) for text in _side_by_side(language, first, second)}
    return any(_bare(language, text) in said for numbers in others for text in _side_by_side(language, *numbers))


_BETWEEN = "between|zwischen|entre|tra|tussen"
_AND = {"en": "and|a(?= )|one", "de": "und|ein", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en"}


def _others(first: int, second: int) -> Iterator[tuple[int, ...]]:
    """The number that both may make, and the pairs in which a part of one has gone over to the other."""
    for scale in (1, 100, 1000, 10**6):
        head, rest = divmod(second, scale)
        yield ((first + head) * scale + rest,)
        yield from ((first + part, second - part * scale) for part in (head // 10 * 10, head // 100 * 100))
        yield from ((first - part, second + part * scale) for part in (first % 10, first % 100, first % 1000))


def _side_by_side(language: str, *numbers: int) -> Iterator[str]:
    if all(1 < number < 10**12 for number in numbers):
        yield from map(" ".join, product(*(spellings(language, number) for number in numbers)))


def _bare(language: str, text: str) -> str:
    """Number words without spaces, plurals and "and"."""
    text = re.sub(r"\bmil(?:li|l[oó]|h[ãõ]|i)\w*", "M", text.lower().replace("é", "e"))
    text = re.sub(rf"\b(?:{_AND[language]})\b", "", text)
    text = re.sub(r"[\W_]|s\b", "", text)
    return text.replace("ein", "") if language == "de" else text.replace("oo", "o")
