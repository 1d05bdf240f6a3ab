"""Times of day in the six languages, in digits and as they are spoken: 8:30, halb neun, las ocho y media."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon

_AT = {
    "de": "um|gegen|ab|bis|seit|ist|es|kurz",
    "es": "las?",
    "it": "alle|dalle|delle|le|ore|all'|dall'|dell'|l'",
    "pt": "às|as|das|pelas|à|da|pela",
    "nl": "om|tegen|rond|tot|vanaf|sinds|is",
}
"""What stands before an hour."""
_COUNTED = "eur|d[oó]l+ar|pro[cz]ent|p[oe]r (?:ci?ento|100)\\b|mil|met|m |km|k[gi]|cm|gra[dm]"
"""What begins the words before which it is a decimal: 8.30 metros."""
_JOINS = {"es": "y", "it": "e", "pt": "e"}
"""What is said between hours and minutes, where it is not the word for hours."""
_HOURS_WITH_H = ("es", "pt")
_H = "[01]?[0-9]|2[0-4]"
_M = "[0-5][0-9]"
_DIGITAL = lazy_pattern(rf"(?<![\d:.,/])({_H}):({_M})(?!\d|[.,:]\d)")
_UP_TO = lazy_pattern(rf"(?<=:[0-5][0-9]) ?[-–] ?(?=(?:{_H}):{_M}(?!:?\d))")
"""The dash of 8:30-9:30."""
_TO = "bis|tot|und|en|oder|of|et|à|ou|[aeyo]"
_FIRST_OF_TWO = lazy_pattern(
    rf"(?<![\d:.,/])({_H})[.:]({_M})( ?[-–] ?| (?:{_TO}) )(?=(?:{_H})(?:[.:]{_M})? ?(?:uhr|uur|hs?|hrs|horas|heures)\b)"
)
"""The first time of 8.30 bis 9.15 Uhr, where the word for hours stands after the second."""
_HOURS_TWICE = lazy_pattern(
    rf"\b({_H}) (?:(uhr|uur)(?= (?:{_TO}) (?:{_H}) \2\b)|(heures|horas)(?= [àa] (?:{_H}) \3\b))"
    rf"|(?<=\bentre )({_H}) (heures|horas)(?= (?:et|[ey]) (?:{_H}) \5\b)"
)
"""The first of two words for hours, which speakers leave out of a range."""
_WITH_H_TWICE = lazy_pattern(rf"(?<![\w.,:])((?:{_H}) ?h(?: ?{_M})?) ?[-–] ?(?=(?:{_H}) ?h)")
_WITH_WORD_TWICE = lazy_pattern(rf"\b(uhr|uur) ?[-–] ?(?=(?:{_H})(?:[.:]{_M})? ?\1\b)")
_SHORT_UUR = lazy_pattern(
    rf"(?<![\w.,:])(?:({_H})u({_M})?|({_H})[:.]({_M}) ?u"
    rf"|(?:(?<=\bom )|(?<=\btot )|(?<=\btegen )|(?<=\bvanaf ))({_H}) u)(?!\w)"
)
"""8u30, 8.30 u, and om 8 u; but not ik geef 2 u."""
_SHORT_UHR = lazy_pattern(rf"(?<![\w.,:])((?:{_H})[:.]{_M}) ?h(?!\w)")
_ZERO_MINUTE = lazy_pattern(r"\b(uhr|uur|heures) 0(?=[1-9](?!\w|,\d| [0-9]))")
_HOUR = "(?P<hour>[1-9]|1[0-9]|2[0-4]|una|uma)"
_OR_ONE = _HOUR.replace("una", "één|een|una")
"""For half een, as een is also an article."""
_MINUTE = "[1-9]|[1-5][0-9]"
_ALONE = r"(?![\w%€$£º\ue003]|[.,:/-]\d| [%€$£\ue003])"
_FIVES = "5|10|15|20|25"
"""Minutes that are said to be left; other numbers are subtracted."""
_NO_UNIT = rf"{_ALONE}(?! (?:minuten?|minuut|stunden?|uren|tag|dag|woche|weken|monat|maand|jahr|jaar))"
"""For um fünf vor zehn Minuten, which is not a time."""
_LAST = r"(?=[\s,]*(?:[.!?;]|$))"
_AT_END = r"(?=\s*(?:[.,!?;]|$)| (?:de|di|del|della|in|en|h|a|al|e|y|o|che|que)\b)"
_SAID_MINUTES = r"(?: min(?:utos?)?\b)"
_MINUTEN = "(?: min(?:uten|[.;])?)?"
_LAST_MINUTES = rf"(?={_SAID_MINUTES}|\s*(?:[.,!?;]|$))"
_BARE_MINUTE = rf",? (?P<bare>{_MINUTE})(?={_SAID_MINUTES}(?!,? [0-9]))"
_SPOKEN_MINUTE = f"(?:{_MINUTE}){_LAST_MINUTES}"
_SPANISH_MINUTE = f"(?P<minute>4º|media|{_SPOKEN_MINUTE})"
_QUARTERS_OR_MINUTE = f"(?P<minute>(?:1|um) 4º|meia|{_SPOKEN_MINUTE})"
_FROM = "(?:a|de|desde|hasta|hacia|sobre)"
_NO_SPAN = r"(?! (?:del día|de(?! la\b)|que|después|siguientes)\b)"
_BEFORE_SECOND = r"(?= (?:a|hasta) [0-9]{1,2}(?: y (?:media|4º|[1-5][05]))?\s*(?:[.,!?;]|$))"
_BEHIND_FIRST = r"(?:(?<=\bde [0-9] )|(?<=\bde 1[0-9] )|(?<= y [1-5][05] ))"
_PORTUGUESE_MINUTE = rf"(?P<minute>(?:1|um) 4º|{_MINUTE}|meia){_SAID_MINUTES}?"
_NO_START = r"(?<!\bde )(?<!\bda )(?<!\bdas )(?<!\bdo )(?<!\bdos )(?<!\blinha )"
"""What stands before the first number of das cinco para as dez, which is not a time."""
_TO_GO = rf"(?P<minute>(?:1|um) 4º|{_FIVES}){_SAID_MINUTES}? (?P<sign>para)"
_END_OF_TIME = r"(?=\s*(?:[.,!?;]|$)| (?:da|do|de|em|e|mas|quando)\b)"
_PART_OF_DAY = "(?= (?:de la|del) (?:mañana|tarde|noche|madrugada|mediodía))"
_BARE = r"(?<![€$£] )(?<![€$£])"
"""Not after a sign of money."""
_SPOKEN = {
    "de": (
        rf"{_BARE}\b(?P<minute>{_MINUTE}){_MINUTEN} (?P<sign>nach|vor) (?P<half>halb) {_HOUR}(?: uhr)?{_NO_UNIT}",
        rf"\b(?P<half>halb) {_HOUR}(?: uhr)?{_NO_UNIT}",
        rf"\b(?P<minute>viertel) (?P<sign>nach|vor) {_HOUR}(?: uhr)?{_NO_UNIT}",
        rf"\b(?P<at>{_AT['de']}) (?P<minute>3 viertel) {_HOUR}(?: uhr)?{_NO_UNIT}",
        rf"\b(?P<at>{_AT['de']}) (?P<minute>{_MINUTE}){_MINUTEN} (?P<sign>nach|vor) {_HOUR}(?: uhr)?{_NO_UNIT}",
        rf"{_BARE}\b(?P<minute>{_MINUTE}){_MINUTEN} (?P<sign>nach|vor) {_HOUR}(?: uhr)?{_LAST}",
    ),
    "fr": (
        rf"\b{_HOUR} heures et (?P<minute>demie?|quart)\b",
        rf"\b{_HOUR} heures (?P<sign>moins) (?P<minute>le quart|{_MINUTE}){_ALONE}(?! heures?\b)",
    ),
    "es": (
        rf"\b(?P<at>{_AT['es']}) {_HOUR} y (?P<minute>media|4º){_ALONE}",
        rf"\b(?P<at>{_AT['es']}) {_HOUR} y (?P<minute>{_MINUTE}){_ALONE}",
        rf"\b(?P<at>{_AT['es']}) {_HOUR} (?P<minute>[1-5][0-9])(?: h(?:oras)?\b)?{_AT_END}",
        rf"\b{_HOUR} (?:y (?P<minute>{_MINUTE}|media|4º)|(?P<bare>[1-5][0-9])){_PART_OF_DAY}",
        rf"\b(?P<at>{_FROM} las?) {_HOUR} horas?(?: y {_SPANISH_MINUTE}{_SAID_MINUTES}?)?{_NO_SPAN}\b",
        rf"\b{_HOUR} (?P<unit>horas?)(?: y {_SPANISH_MINUTE}|{_BARE_MINUTE}){_SAID_MINUTES}?{_ALONE}",
        rf"\b(?P<at>{_AT['es']}) {_HOUR} (?P<sign>menos) (?P<minute>4º|{_FIVES}){_ALONE}",
        rf"\b(?P<at>de|desde) {_HOUR} y (?P<minute>media|4º){_BEFORE_SECOND}",
        rf"{_BEHIND_FIRST}(?P<at>a|hasta) {_HOUR} y (?P<minute>media|4º){_LAST}",
    ),
    "it": (
        rf"\b(?P<at>{_AT['it']}) ?{_HOUR} e (?P<minute>(?:1|un|3) 4º|{_MINUTE}|mezz[ao]){_ALONE}",
        rf"\b(?P<at>{_AT['it']}) ?{_HOUR} (?P<minute>[1-5][0-9]){_AT_END}",
        rf"\b(?P<at>{_AT['it']}) ?{_HOUR} (?P<sign>meno) (?P<minute>(?:1|un) 4º|{_FIVES}){_ALONE}",
    ),
    "pt": (
        rf"\b(?P<at>{_AT['pt']}) {_HOUR} e {_PORTUGUESE_MINUTE}{_ALONE}",
        rf"\b(?P<at>{_AT['pt']}) {_HOUR} horas? e {_PORTUGUESE_MINUTE}{_NO_SPAN}{_ALONE}",
        rf"\b(?P<at>é|são|eram?) {_HOUR} e (?P<minute>(?:1|um) 4º|meia){_ALONE}",
        rf"\b(?P<at>é|era) (?P<hour>uma) e (?P<minute>{_MINUTE}){_ALONE}",
        rf"\b(?P<at>{_AT['pt']}) {_HOUR} (?:horas? )?(?P<sign>menos) (?P<minute>(?:1|um) 4º|{_FIVES}){_ALONE}",
        rf"\b(?P<at>é|são|eram?) {_HOUR} (?P<sign>menos) (?P<minute>(?:1|um) 4º){_ALONE}",
        rf"\b{_HOUR} (?P<unit>horas?)(?: e {_QUARTERS_OR_MINUTE}|{_BARE_MINUTE}){_SAID_MINUTES}?{_ALONE}",
        rf"\b(?P<at>falta(?:va)?m) {_TO_GO} [aà]s? {_HOUR}{_ALONE}",
        rf"{_NO_START}\b{_TO_GO} (?:[aà]s|[aà](?= (?:1|uma)\b)) {_HOUR}{_END_OF_TIME}",
    ),
    "nl": (
        rf"{_BARE}\b(?P<minute>{_MINUTE}) (?P<sign>over|voor) (?P<half>half) {_OR_ONE}(?: uur)?{_NO_UNIT}",
        rf"\b(?P<half>half) {_OR_ONE}(?: uur)?{_NO_UNIT}",
        rf"\b(?P<minute>kwart) (?P<sign>over|voor) {_OR_ONE}(?: uur)?{_NO_UNIT}",
        rf"\b(?P<at>{_AT['nl']}) (?P<minute>{_MINUTE}) (?P<sign>over|voor) {_HOUR}(?: uur)?{_NO_UNIT}",
        rf"{_BARE}\b(?P<minute>{_MINUTE}) (?P<sign>over|voor) {_OR_ONE}(?: uur)?{_LAST}",
    ),
}
"""Times as they stand when number words are digits, as regular expressions."""
_MAYBE = lazy_pattern(r"[0-9]|\b(?:u[nm]a|één|een)\b")
_IN_HOUR, _HALF_DAY = 60, 720
_MINUTES = {
    **dict.fromkeys(("media", "meia", "mezza", "mezzo", "demie", "demi"), 30),
    **dict.fromkeys(("4º", "1 4º", "un 4º", "um 4º", "quart", "le quart", "viertel", "kwart"), 15),
    "3 4º": 45,
    "3 viertel": -15,
}
"""Minutes in other words; three quarters of German stand before the next hour."""
_BEFORE = frozenset({"menos", "meno", "moins", "para", "vor", "voor"})
_ONE_SAID = {
    "es": lazy_pattern(r"\bla una\b"),
    "it": lazy_pattern(r"\b(?:all|dall|dell)'una\b"),
    "pt": lazy_pattern(r"\bà uma\b"),
}
_HOURS_AND_MINUTES = {
    code: lazy_pattern(rf"\b((?:{_AT[code]}) (?:{_H}) {_JOINS[code]} (?:{_MINUTE})) horas\b") for code in _HOURS_WITH_H
}
"""A time that also names its unit, which speakers leave out: a las 20 y 15 horas."""
_APOSTROPHE = "'"
_PLURAL_ARTICLES = {"la": "las", "à": "às", "da": "das", "all'": "alle", "dall'": "dalle", "dell'": "delle", "l'": "le"}
"""Articles of one o'clock, each as it is for the other hours."""
_SINGULAR_ARTICLES = {several: one for one, several in _PLURAL_ARTICLES.items()}
_AT_FULL_HOUR = lazy_pattern(
    r"\b(à|às|(?:(?:das|pelas?|(?:até|desde|entre) as|(?:(?<=[0-9] )|(?<=horas ))e as)"
    r"(?= [0-9]+ horas(?! (?:de|do|que|por|seguintes|semanais|diárias)\b)))) (1?[0-9]|2[0-4]) horas?\b"
)


def write_times(lexicon: Lexicon, text: str) -> str:
    """The text with times in digits as they are spoken: 8.30 Uhr as 8 uhr 30, alle 8.30 as alle 8 e 30."""
    if lexicon.code == "nl":
        text = _SHORT_UUR.sub(_with_uur, text)
    if lexicon.code == "de" and (":" in text or "." in text):
        text = _SHORT_UHR.sub(r"\1 uhr", text)
    if lexicon.code == "fr" or lexicon.code in _HOURS_WITH_H:
        text = _WITH_H_TWICE.sub(rf"\1 {lexicon.to} ", text)
    text = _WITH_WORD_TWICE.sub(rf"\1 {lexicon.to} ", text)
    text = _FIRST_OF_TWO.sub(lambda found: _first_of_two(lexicon, found), text)
    if ":" in text:
        text = _UP_TO.sub(f" {lexicon.to} " if lexicon.to else " ", text)
    if lexicon.clock:
        text = _clock(lexicon.code, lexicon.clock).sub(lambda found: _written(lexicon, found), text)
    if "." in text and lexicon.code != "fr":
        text = _with_point(lexicon.code).sub(_with_colon, text)
    if lexicon.code in _HOURS_WITH_H:
        text = _with_h(lexicon.code).sub(lambda found: _without_h(lexicon, found), text)
    return _DIGITAL.sub(lambda found: _time(lexicon, found), text) if ":" in text else text


def say_times(lexicon: Lexicon, text: str) -> str:
    """The text with spoken times as they are written, once its number words are digits: halb 9 as 8 uhr 30."""
    for pattern in _spoken(lexicon.code) if _MAYBE.search(text) else ():
        text = pattern.sub(lambda found: _reckoned(lexicon, found), text)
    if lexicon.code in _ONE_SAID:
        text = _ONE_SAID[lexicon.code].sub(lambda found: f"{found[0][:-3]}1", text)
    text = _ZERO_MINUTE.sub(r"\1 ", _HOURS_TWICE.sub(lambda found: found[1] or found[4], text))
    if lexicon.code in _HOURS_AND_MINUTES:
        text = _HOURS_AND_MINUTES[lexicon.code].sub(r"\1", text)
    return _AT_FULL_HOUR.sub(r"\1 \2", text) if lexicon.code == "pt" else text


def _with_uur(found: re.Match[str]) -> str:
    hour, minute = found[1] or found[3] or found[5], found[2] or found[4] or "00"
    return f"{hour}:{minute} uur"


@cache
def _clock(code: str, word: str) -> re.Pattern[str]:
    """Matches a time of day: 14:30 Uhr, 14.30 Uhr, 14h30."""
    hours = r"(?<![\d:.,])([01]?[0-9]|2[0-4])"
    if code == "fr":
        minutes = "([0-5][0-9])(?: ?heures)?"
        of_duration = r"(0?0)min\b|([0-5]?[0-9])(?=min\b)"
        return re.compile(
            rf"{hours}(?: ?(?:{word})(?![^\W\d])(?: ?(?:{of_duration}|{minutes}\b))?(?!:?\d)|:{minutes}\b(?!:?\d))"
        )
    spoken = rf"(?: ([0-5][0-9]|[1-9])\b(?! ?{word}|[.,:]\d))?"
    return re.compile(rf"{hours}(?:[:.]([0-5][0-9]) ?{word}\b| ?{word}\b{spoken})")


def _written(lexicon: Lexicon, found: re.Match[str]) -> str:
    hour, *minutes = found.groups()
    return _said(lexicon, int(hour), int(next(filter(None, minutes), "0")))


@cache
def _with_point(code: str) -> re.Pattern[str]:
    """Matches a time with a full stop, after what stands before hours: alle 8.30."""
    at = {"de": "um|gegen|ab", "nl": "om|tegen|vanaf"}.get(code, _AT[code])
    return re.compile(
        rf"\b((?:{at}) ?)({_H})\.({_M})(?![\d%€$£]|[.,:]\d| ?[%€$£]| (?:{_COUNTED}))"
        rf"|(?<![\d:.,/])()({_H})\.({_M})(?= ?(?:h|hs|hrs|horas)\b)"
    )


def _with_colon(found: re.Match[str]) -> str:
    at, hour, minute = found.groups()[:3] if found[2] else found.groups()[3:]
    return f"{at}{hour}:{minute}"


def _first_of_two(lexicon: Lexicon, found: re.Match[str]) -> str:
    dash = f" {lexicon.to} " if lexicon.to else " "
    return f"{found[1]}:{found[2]}{found[3] if found[3].strip().isalpha() else dash}"


@cache
def _with_h(code: str) -> re.Pattern[str]:
    """Matches 8h30 and 8:30 h, and what stands before where it is not a duration."""
    return re.compile(
        rf"(?:\b({_AT[code]}|são(?! \w+ de\b)) )?(?<![\w.,:])({_H})"
        rf"(?::({_M}) ?h(?:s|rs)?| ?h ?({_M})(?: ?min| ?m)?| ?h(?:s|rs)?)(?!\w)"
    )


def _without_h(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A time of day with a colon, and the unit of a duration in words: 2h30 as 2 horas y 30."""
    at, hour, minute = f"{found[1]} " if found[1] else "", int(found[2]), int(found[3] or found[4] or 0)
    if minute and (at or found[3]):
        return f"{at}{hour}:{minute:02d}"
    return f"{at}{_duration(lexicon, hour, 'hora' if hour == 1 else 'horas', minute)}"


def _duration(lexicon: Lexicon, hour: int, unit: str, minute: int) -> str:
    return f"{hour} {unit} {lexicon.conjunction} {minute}" if minute else f"{hour} {unit}"


def _time(lexicon: Lexicon, found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    has_word = found.string.startswith(" hora", found.end())
    return str(hour) if has_word and not minute else _said(lexicon, hour, minute)


def _said(lexicon: Lexicon, hour: int, minute: int) -> str:
    join = _JOINS.get(lexicon.code, lexicon.hours)
    full = {"es": "", "it": "", "pt": " horas"}.get(lexicon.code, f" {lexicon.hours}")
    return f"{hour} {join} {minute}" if minute else f"{hour}{full}"


@cache
def _spoken(code: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in _SPOKEN[code]]


def _reckoned(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A time with its minutes after the hour: nine less a quarter as 8 and 45."""
    parts = found.groupdict()
    said = int(parts["hour"]) if parts["hour"].isdecimal() else 1
    minute = _minutes(parts.get("minute") or parts.get("bare"))
    if parts.get("unit"):
        return _duration(lexicon, said, "hora" if said == 1 else "horas", minute)
    minute = -minute if parts.get("sign") in _BEFORE else minute
    total = said * _IN_HOUR + minute - (30 if parts.get("half") else 0)
    hour, minute = divmod(total if total >= _IN_HOUR else total + _HALF_DAY, _IN_HOUR)
    at = parts.get("at") or ""
    if (said == 1) != (hour == 1):
        at = (_PLURAL_ARTICLES if said == 1 else _SINGULAR_ARTICLES).get(at, at)
    return f"{at}{'' if not at or at[-1] == _APOSTROPHE else ' '}{_said(lexicon, hour, minute)}"


def _minutes(said: str | None) -> int:
    return _MINUTES[said] if said in _MINUTES else int(said or 0)
