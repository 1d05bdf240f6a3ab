"""Step of the profile `en` that needs capitals: scales after numbers (100M, 5bn), grades (A-), and no as an answer."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.characters import single_spaces

_COUNTED = (
    "people|users|customers|subscribers|members|viewers|views|visitors|downloads|streams|devices|units|tokens|"
    "parameters?|dollars|euros|pounds|shares|jobs|homes|barrels|tons|tonnes|years"
)
"""What is counted by the million, but never a length or a flat: 5B alone may be either."""
_SCALE = lazy_pattern(
    r"(?<![\w$€£])(?<!\d[.,])(?<!(?<!\d)[^\W\d]-)(?P<number>\d[\d,]*(?:\.\d+)?)(?:"
    rf"(?P<counted>[mb])(?=\+?(?:[ -][a-z]+)?[ -](?:{_COUNTED})\b)|(?<!(?<![\d.,])3)(?P<capital>(?-i:M))\b(?!')|"
    r" ?(?P<written>bn|trn)\b|(?P<short>mn|tn)\b)",
    re.IGNORECASE,
)
_BEFORE_A_SIDE = lazy_pattern(r"\d(?: ?× ?| x )$", re.IGNORECASE)
_LONGEST_CROSS = 4
_SCALED_DIGIT = lazy_pattern(r"\d ?[MmBbTt]")
_GRADE = lazy_pattern(
    r"((?:\b(?:[Aa]n?|[Gg]rades?|[Gg]et|[Gg]ot|[Ss]traight|type|of|to|or) |^(?=\w\W*$))(?:[A-DO]|AB))"
    r"[-−](?=[\s.,;:!?)\"'”]|$)"
    r"(?! (?:and|or|to) \w+-\w)"
)
"""A- and B-side is no grade, nor is Plan B- it works."""
_CAPITAL_ER = lazy_pattern(r"(?<=[a-z] )ER\b|\bER(?= [a-z])")
"""The emergency room, in a text with small letters: it is no filler."""
_NO_FULL_STOP = lazy_pattern(r"[Nn][Oo] ?[.…]")
_ANSWER = lazy_pattern(
    r"(\b[Nn][Oo])(?: ?(?:\.{2,}|…)(?= ?\d)|"
    r"\.(?= ?\d[\d,.]* ?(?:%|per ?cent\b|of (?:them|us|you|those|these)\b)))|"
    r"((?:\b(?:said|says|say|[Oo]h)|(?<!\d)(?<!\d,) or) no)\.(?= ?\d)"
)
"""No... 20, No. 90% and "said no. 5": the word, which is no abbreviation of number there."""
_NAMES = {"m": "million", "b": "billion", "t": "trillion"}


def say_scales(text: str) -> str:
    """Writes 100M as 100 million, 5B users as 5 billion users, an A- as an A minus, ER as E.R., no... 20 as no, 20."""
    text = single_spaces(text)
    if "-" in text or "−" in text:
        text = _GRADE.sub(r"\1 minus", text)
    if "ER" in text:
        text = _CAPITAL_ER.sub("E.R.", text)
    if _NO_FULL_STOP.search(text):
        text = _ANSWER.sub(lambda found: f"{found[1] or found[2]},", text)
    return _SCALE.sub(_named, text) if _SCALED_DIGIT.search(text) else text


def _named(found: re.Match[str]) -> str:
    """The number with its scale; but 4 x 100M is a relay."""
    if found["capital"] and _BEFORE_A_SIDE.search(found.string[max(found.start() - _LONGEST_CROSS, 0) : found.start()]):
        return found[0]
    scale = found["counted"] or found["capital"] or found["written"] or found["short"]
    return f"{found['number']} {_NAMES[scale[0].lower()]}"
