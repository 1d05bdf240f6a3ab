"""Ordinals in digits that no sign of their own marks: German der 5. Mai, Spanish 2a vez."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.conjunctions import UNREAD, number_of
from asrlab_pytest.protocols.normalization.european.lexicons import GERMAN_MONTHS

_DETERMINER = (
    r"(?:d(?:er|ie|as|en|e[ms])|(?:dies|jed|jen|welch)e[rnms]?|(?:k?ein|mein|dein|sein|ihr|unser)(?:e[rnms]?)?|eu(?:er|re[nmrs]?)"
    r"|[ai]m|vom|beim|zu[mr]|[ai]ns|aufs|fürs)"
)
_RANKED = (
    rf"(?:{GERMAN_MONTHS}|jahrhundert|jahrtausend|weltkrieg|bundesliga|liga|halbzeit|quartal|klassen?|platz|stock|"
    r"stockwerk|etage|obergeschoss|mal|geburtstag|jahrestag|hochzeitstag|lebensjahr|schuljahr|semester|kapitel|runde|"
    r"spieltag|minute|spielminute|auflage|advent|akt|staffel|etappe|tag|woche|monat|jahr|rang|"
    r"bezirk|gang|reihe|instanz|generation|folge|saison|ausgabe|strophe|stufe|phase|welle|dimension|gebot|preis|hilfe|hand|ebene|lesung|teil|versuch|mannschaft)(?:e?s)?\b"
)
"""What is counted by ordinals, in the singular."""
_NO_APPEAL = r"(?<!\bmal(?= (?:sehen|schauen|gucken|abwarten|ehrlich|was|so|wieder)\b))"
_NUMBER = r"(?<![\w.,:/])([0-9]{1,4})\."
_NUMBERED = "".join(
    rf"(?<!\b{word} )"
    for word in (
        *("nummer", "zimmer", "raum", "platz", "haus", "gleis", "seite", "band", "teil", "halle", "saal", "artikel"),
        *("punkt", "gruppe", "linie", "war", "waren", "hat", "habe", "haben", "hatte", "hatten"),
    )
)
"""What is counted by a number after it, and ends a sentence with it: Raum 12. Tag."""
_JOINED = "(?:und|oder|bis|bis zum|auf den)"
_DAY, _MONTH = "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])"
_WRITTEN = [
    (lazy_pattern(old), new)
    for old, new in (
        (rf"(?<![\w.,:/-]){_DAY}\. ?{_MONTH}\. ?((?:19|20)?[0-9]{{2}})(?![\d:.,/-]*\d)", r"\1º \2º \3"),
        (rf"(?<![\w.,:/]){_DAY}\. ?/ ?{_DAY}\.(?= {_RANKED})", r"\1º \2º"),
        (rf"\b((?:am|bis|de[rnm]|vom|zum|seit|ab|\w+tag,?)) {_DAY}\. ?{_MONTH}\.(?!\w)", r"\1 \2º \3º"),
        (rf"{_NUMBERED}(?<![\w.,:/])([0-9]{{1,3}})\.(?= {_RANKED}{_NO_APPEAL})", r"\1º"),
        (rf"\b({_DETERMINER}) ([0-9]{{1,4}})\.(?= [^\W\d])", r"\1 \2º"),
        (r"\b((?:am|im|vom|beim|zum|de[rnms]|jede[rnms])) ([0-9]{1,4})\.(?![\w.]| [0-9])", r"\1 \2º"),
        (rf"(?<=º) ({_JOINED}) ([0-9]{{1,4}})\.(?!\w)", r" \1 \2º"),
        (r"(?<![\w.,:/])([0-9]{1,4})[.º] ?[-–] ?(?=[0-9]+º)", r"\1º bis "),
        *[(rf"{_NUMBER}(?=(?: {_JOINED}|,) [0-9]+º)", r"\1º")] * 2,
        (r"\b0+(?=[1-9][0-9]?º)", ""),
    )
]
"""German numbers with a full stop that is not that of a sentence, in this order."""
_STOPPED = lazy_pattern(r"[0-9]\.")
_DECADE = lazy_pattern(r"\b([^\W\d_]*[zß]ig|[^\W\d_]+(?:hundert|tausend))er([ns]?)(?:\b|(?=jahren?\b))")
_DECADE_ENDINGS = ("iger", "hunderter", "tausender")
_FULL_STOP = lazy_pattern(r"(?<=[\w%€$£¥])(?<!\btsd)(?<!\b[mb]io)(?<!\bmrd)\.(?!\w)")
_FIRST = lazy_pattern(
    rf"\b({_DETERMINER}) erste[rnms]?\b|\berste[rnms]?(?= (?:{_JOINED} (?:\w+te[rnms]?|[0-9]+º) )?{_RANKED})"
)
_NEW_YEAR = lazy_pattern(r"(?<= 1º )erste[rn]\b")
"""The month of am ersten ersten."""
_EIGHTH = lazy_pattern(rf"\b({_DETERMINER} )?achte[rnms]?\b(?! (?:{_RANKED}|{_JOINED} \w+te[rnms]?\b))")
_ORDINAL_POINT = lazy_pattern(r"(?:(?<=te)|(?<=te[rnms])) punkt\b")
"""A point that is counted, and none of decimals: am dritten Punkt fünf."""
_FEMININE, _MASCULINE = "la|una|alla|della|nella|dalla|a|na|da|à|pela|uma", "el|del|al|il|nel|dal|un|o|no|do|ao|pelo|um"
_AFTER = r" [^\W\d]{3}|\s*(?:[.,;:!?]|$)"
_LETTERED = lazy_pattern(
    rf"\b({_FEMININE}) ([1-9][0-9]?)a(?={_AFTER})|\b({_MASCULINE}) ([1-9][0-9]?)o(?={_AFTER})"
    r"|(?<![\w.,:/-])([1-9][0-9]?)a(?= (?:vez|veces|edición|edição|feira|volta|edizione|parte|fase|serie|série)\b)"
)

_FIRST_OF_MONTH = lazy_pattern(
    r"(?<![\w.,:/-])1(?= (?:(?:de )?(?:enero|febrero|abril|mayo|junio|julio|agosto|se[pt]tiembre|octubre|noviembre|"
    r"diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)|(?:de )?marzo|"
    r"gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|novembre|dicembre)\b)"
)


def mark_ordinals(code: str, text: str) -> str:
    """The text with º after the ordinals in digits that only their surroundings tell from other numbers."""
    if code == "de":
        return _german(text) if _STOPPED.search(text) else text
    return _FIRST_OF_MONTH.sub("1º", _LETTERED.sub(_with_sign, text)) if code in ("es", "it", "pt") else text


def _german(text: str) -> str:
    """German ordinals have a full stop; after other numbers and words it becomes a semicolon."""
    for pattern, marked in _WRITTEN:
        text = pattern.sub(marked, text)
    return text


def say_german_decades(text: str) -> str:
    """The text with decades in digits, as in the 80ern and 2000ern; a century before them is a part of the number."""
    return _DECADE.sub(_decade, text) if any(ending in text for ending in _DECADE_ENDINGS) else text


def _decade(found: re.Match[str]) -> str:
    number = number_of("de", found[1])
    return found[0] if number < 0 else f"{number}er{found[2]} "


def part_sentences(text: str) -> str:
    """German text with semicolons for full stops, which number words have after ordinals only."""
    return _FULL_STOP.sub(";", text) if "." in text else text


def say_german_ordinals(text: str) -> str:
    """The text with a first that is mostly written in digits in digits, and the verb achten unlike the eighth."""
    if "erste" in text:
        text = _FIRST.sub(lambda found: f"{found[1]} 1º" if found[1] else "1º", text)
        text = _NEW_YEAR.sub("1º", text)
    text = _ORDINAL_POINT.sub(rf"\g<0>{UNREAD}", text)
    return _EIGHTH.sub(lambda found: found[0] if found[1] else f"{found[0]}{UNREAD}", text) if "achte" in text else text


def _with_sign(found: re.Match[str]) -> str:
    if found[5]:
        return f"{found[5]}ª"
    return f"{found[1]} {found[2]}ª" if found[1] else f"{found[3]} {found[4]}º"
