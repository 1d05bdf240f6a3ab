"""Numbers in digits as the six languages group and part them."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.amounts import COUNTED, measures
from asrlab_pytest.protocols.normalization.european.conjunctions import value_of
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.european.lexicons import REAIS
from asrlab_pytest.protocols.normalization.european.times import write_times
from asrlab_pytest.protocols.normalization.signs import CURRENCY_SIGNS, SAID_SIGNS

_DIGIT = lazy_pattern(r"[0-9]")
_SPACES = "\u0020\u00a0\u2007\u2009\u202f"
_ENGLISH = lazy_pattern(
    r"(?<![\d.,])[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+(?![\d.,]*\d)|(?<![\d.,])[0-9]{1,3}(?:,[0-9]{3}){2,}(?![.,]?\d)"
    r"|(?<![\d.,])[1-9][0-9]{0,2},000(?![.,]?\d)"
)
_GROUPED = lazy_pattern(
    r"(?<![\d.,'+])"
    rf"(?:[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+"
    rf"|(?<!\d[ \u00a0])[1-9][0-9]{{0,2}}(?:['{_SPACES}][0-9]{{3}})+(?![{_SPACES}]\d))(?![\d']|\.\d)"
)
POINT = lazy_pattern(r"(?<![\d.,:/-])([0-9]+)\.([0-9]+)(?!\d|[.,:/-]\d)")
_MILLIONS = lazy_pattern(rf"(?<=[0-9])\s?(m|mds?)\s?(?=[{re.escape(CURRENCY_SIGNS)}])")
"""500 M€, 2 Md€."""
_NO_DIGIT = lazy_pattern(r"[^0-9]")


_FRACTION_SIGNS = str.maketrans(
    {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4", "\N{FRACTION SLASH}": "/"}
)
_ENDS = r"(?![\w/]|-(?![^\W\d])|[.,:]\d)"
_MIXED = lazy_pattern(rf"(?<![\w.,/:-])([0-9]+) +(1/2|1/4|3/4){_ENDS}")
_QUARTERS = {"1/4": "25", "3/4": "75"}
_FRACTION = lazy_pattern(rf"(?<![\w.,/:-])(?<!\d )[1-3]/[2-4]{_ENDS}")
_HALF_OF = lazy_pattern(r"(?<![\w.,/:-])(?<!\d )1/2(?= (?!d[ei]\b)[^\W\d])")
_HALVED = ("es", "it", "pt")
"""Languages that say no article in 1/2 litro."""
_FEMININE = lazy_pattern(
    "heures|années|journées|semaines|minutes|secondes|tasses|pages|tonnes|cuillères|fois|étoiles|bouteilles|boîtes|"
    "pommes|pièces|parts|portions|tranches|saisons|douzaines|chambres|lignes|notti|lezioni|stagioni|porzioni|parti|"
    r"\w+e|(?!d[ií]as|\w*(?:gramas|blemas|temas|poemas))\w+[aã]s|ve[cz]es|noches|noites|partes|colheres"
)
_FEMININE_HALVES = {" et demi": " et demie", " y medio": " y media", " e mezzo": " e mezza", " e meio": " e meia"}
_THOUSANDS = {"es": "mil", "it": "mila|mille", "pt": "mil"}
"""In languages that write the hundreds in digits behind them, as Mexican newspapers do."""
_REACH = 40
"""Characters before thousands that hold the word before them."""
_END_OF_RANGE = r"(0,[0-9]+|[1-9][0-9]*(?:,[0-9]+)?)"
_SIGN = rf"r\$ ?|[{re.escape(CURRENCY_SIGNS)}] ?"
_RANGE = lazy_pattern(
    rf"(?<![\w.,:/–-])(?!1-[0-9]{{3}}-)({_SIGN})?{_END_OF_RANGE}"
    rf"(?P<percent> ?%)?(?(percent) ?[-–] ?|(?:-| ?– ?)){_END_OF_RANGE}"
    r"(?![.,:/]?\d|[-–](?:\d|\w{1,2}(?![\w-])))(?(percent)(?= ?%))"
)
"""But not the start of a telephone number with letters, 1-800-flowers, or of a number plate, 12-34-ab."""
_MEASURED_RANGE = lazy_pattern(
    rf"(?<![\w.,:/–-])(?<![–-] )(?:(?P<sign>{_SIGN})(?P<price>{_END_OF_RANGE})|(?P<first>{_END_OF_RANGE})"
    rf"(?P<unit> ?(?:[^\W\d]{{1,9}}(?:\.|/[^\W\d]{{1,4}}| celsius| fahrenheit)?[²³]?|[{re.escape(CURRENCY_SIGNS)}])))"
    rf" ?[-–] ?(?=(?(sign)(?P=sign)|)(?P<last>{_END_OF_RANGE})(?(unit)(?P=unit)|)(?![.,:/]?\w| ?[-–] ?\d))"
)
"""With its unit or sign at both ends: 20 °C – 25 °C, $10-$20."""


def regroup_digits(lexicon: Lexicon, text: str) -> str:
    """Numbers in digits without grouping marks, with a comma before decimals, and without scale words."""
    text = text if text.isascii() else text.translate(_FRACTION_SIGNS)
    text = _half_of_scales(lexicon, text)
    if not _DIGIT.search(text):
        return _one_before_scales(lexicon, text)
    if lexicon.point in text:
        text = decimals(lexicon.point).sub(",", text)
    text = _ENGLISH.sub(lambda found: found[0].replace(",", "").replace(".", ","), text)
    text = _GROUPED.sub(lambda found: _NO_DIGIT.sub("", found[0]), text)
    text = write_times(lexicon, text)
    text = _MILLIONS.sub(lambda found: f" {_scale(lexicon, 9 if 'd' in found[1] else 6)} ", text)
    text = POINT.sub(r"\1,\2", text)
    text = _fractions(lexicon, text)
    if lexicon.to and ("-" in text or "–" in text):
        text = _RANGE.sub(lambda found: _range(lexicon.to, found), text)
        text = _MEASURED_RANGE.sub(lambda found: _measured_range(lexicon.to, found), text)
    if lexicon.code in _THOUSANDS:
        text = _thousands(_THOUSANDS[lexicon.code]).sub(lambda found: _thousand(lexicon, found), text)
    sums = _sums(lexicon.code, lexicon.one, lexicon.conjunction, _large(lexicon), tuple(lexicon.scales))
    text = sums.sub(lambda found: _sum(lexicon, found), text)
    text = scaled(lexicon, scaled(lexicon, text))  # 5 mil millones
    return _one_before_scales(
        lexicon, _apart("|".join(filter(None, (lexicon.ordinal, lexicon.attached)))).sub(" ", text)
    )


@cache
def decimals(point: str) -> re.Pattern[str]:
    """Matches the spoken comma between digits: 3 Komma 14."""
    return re.compile(rf"(?<=[0-9]) {point} (?=[0-9])")


def _half_of_scales(lexicon: Lexicon, text: str) -> str:
    """The text with "un million et demi" as "un virgule cinq million"."""
    if not lexicon.five:
        return text
    return _halves(lexicon.code, lexicon.and_a_half, _large(lexicon)).sub(
        lambda found: f"{found[1]},5 {found[2]}" if found[1] else f"{lexicon.point} {lexicon.five} {found[2]}", text
    )


@cache
def _halves(code: str, and_a_half: str, scales: tuple[str, ...]) -> re.Pattern[str]:
    del code
    return re.compile(rf"(?:(?<![\w.,])([0-9]+) )?\b({'|'.join(scales)}){and_a_half}e?\b")


@cache
def _apart(attached: str) -> re.Pattern[str]:
    """Matches between a letter and a digit, as in B12 and 5G, but not before the ending of an ordinal."""
    letter = "[a-zß-öø-ÿœ]"
    return re.compile(rf"(?<={letter})(?=[0-9])|(?<=[0-9])(?=(?!(?:{attached})(?!\w)){letter})")


def _fractions(lexicon: Lexicon, text: str) -> str:
    """The text with the usual fractions as they are spoken."""
    if "/" not in text:
        return text
    if lexicon.five and "1/2" in text:
        text = _half_of_several(lexicon).sub(lambda found: _with_half(lexicon, found), text)
    text = _MIXED.sub(lambda found: _mixed(lexicon, found), text)
    if lexicon.code in _HALVED:
        text = _HALF_OF.sub(lexicon.fractions["1/2"].split()[1], text)
    return _FRACTION.sub(lambda found: lexicon.fractions.get(found[0], found[0]), text)


@cache
def _half_of_several(lexicon: Lexicon) -> re.Pattern[str]:
    """Matches a whole number with a half, before a sign or a scale, or with what it counts: 2 1/2 años."""
    scales = "|".join(_large(lexicon))
    return re.compile(
        rf"(?<![\w.,/:-])([0-9]+) +1/2(?:(?= ?[{re.escape(SAID_SIGNS)}]| (?:{scales})\b)"
        rf"| (?!(?:{measures(lexicon)})(?!\w))({COUNTED[lexicon.code]})(?![\w'-]))"
    )


def _with_half(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A decimal, or the half after what is counted, in its gender: dos años y medio, dos tazas y media."""
    whole, counted = found.groups()
    if counted is None:
        return f"{whole},5"
    is_feminine = _FEMININE.fullmatch(counted)
    return f"{whole} {counted}{_FEMININE_HALVES[lexicon.and_a_half] if is_feminine else lexicon.and_a_half}"


def _mixed(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A whole number with quarters as a decimal, and with a half as it is spoken."""
    whole, part = found.groups()
    return f"{whole},{_QUARTERS[part]}" if part in _QUARTERS else whole + lexicon.and_a_half


def _measured_range(to: str, found: re.Match[str]) -> str:
    """A range as it is spoken with its unit twice: 5 km bis 10 km."""
    first = found["price"] or found["first"]
    return f"{found[0].rstrip(' –-')} {to} " if _rises(first, found["last"]) else found[0]


def _rises(first: str, last: str) -> bool:
    return float(first.replace(",", ".")) < float(last.replace(",", "."))


def _range(to: str, found: re.Match[str]) -> str:
    """A range as it is spoken. What does not rise is a result, or a number of another kind."""
    sign, first, last = found[1], found[2], found[4]
    if not _rises(first, last):
        return found[0]
    after = "" if sign is None else REAIS if sign.startswith("r") else sign
    return f"{first} {to} {last} {after}".rstrip()


def _scale(lexicon: Lexicon, zeros: int) -> str:
    return next((word for word, number in lexicon.scales.items() if number == zeros), "")


@cache
def _scaled(code: str, words: tuple[str, ...]) -> re.Pattern[str]:
    del code
    scales = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,])([0-9]+)(?:,([0-9]+))?(?: ?|-(?!k\b))({scales})(?!\w)")


def scaled(lexicon: Lexicon, text: str) -> str:
    """The text with digits and a scale word as one number: 1,5 Millionen as 1500000."""
    pattern = _scaled(lexicon.code, tuple(lexicon.scales))
    return pattern.sub(lambda found: _product(found[1], found[2] or "", lexicon.scales[found[3]], found[0]), text)


@cache
def _sums(code: str, one: str, conjunction: str, large: tuple[str, ...], words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a number in digits with two scale words: 1 million 200 mille."""
    scales = "|".join(map(re.escape, words))
    joins = f"(?:{conjunction} )?" if code in ("it", "pt") else ""
    return re.compile(
        rf"(?<![\w.,])(?:([0-9]{{1,6}}) ?|(?<!{conjunction} )(?:{one}) )({'|'.join(map(re.escape, large))})"
        rf" {joins}([1-9][0-9]{{0,2}}) ?({scales})(?!\w)"
    )


@cache
def _thousands(words: str) -> re.Pattern[str]:
    """Matches a number in digits behind thousands, with the digits of these: 2 mil 500."""
    return re.compile(
        rf"(?<![\w.,-])(?:([0-9]{{1,3}}) ?|(?!mila))(?:{words}) ?([1-9][0-9]{{0,2}})"
        rf"(?![0-9]|[.:/-][0-9]| ?[%ºª°]| ?(?:{words}|k)\b)"
    )


def _thousand(lexicon: Lexicon, found: re.Match[str]) -> str:
    """One number, unless the thousands belong to a number before them: cien mil 500, 2 millones 500 mil 300."""
    before = found.string[max(0, found.start() - _REACH) : found.start()].split()[-1:]
    least = 1_000_000 if found[1] else 0
    is_some = re.compile(lexicon.some).fullmatch
    is_behind_number = any(
        (value_of(lexicon, word) >= least and not is_some(word)) or (not found[1] and word[-1].isdigit())
        for word in before
    )
    return found[0] if is_behind_number else str(int(found[1] or 1) * 1000 + int(found[2]))


def _sum(lexicon: Lexicon, found: re.Match[str]) -> str:
    """One number, if the second part is smaller than the scale of the first."""
    zeros, rest = lexicon.scales[found[2]], int(found[3]) * 10 ** lexicon.scales[found[4]]
    return str(int(found[1] or 1) * 10**zeros + rest) if rest < 10**zeros else found[0]


def _product(whole: str, decimals: str, zeros: int, text: str) -> str:
    if len(decimals) > zeros:
        return text
    return (whole + decimals.ljust(zeros, "0")).lstrip("0") or "0"


@cache
def _articles(code: str, one: str, words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the article of a scale in the singular, and the whole Ein-Millionen of a compound."""
    del code
    several = [word for word in words if word.endswith("en")]
    single = "|".join(word for word in words if word not in several)
    return re.compile(rf"\b(?:{one})(?:[ -](?=(?:{single})(?!\w))|-({'|'.join(several)})(?=-))")


def _one_before_scales(lexicon: Lexicon, text: str) -> str:
    """The text without the article of a million, which is a million anyway, but not of ein Millionen-Projekt."""
    return _articles(lexicon.code, lexicon.million, _large(lexicon)).sub(
        lambda found: str(10 ** lexicon.scales[found[1]]) if found[1] else "", text
    )


def _large(lexicon: Lexicon) -> tuple[str, ...]:
    """The scale words from a million on."""
    return tuple(word for word, zeros in lexicon.scales.items() if zeros > 3 and word.isalpha())  # noqa: PLR2004
