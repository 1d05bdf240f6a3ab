"""Step of the profile `en` on scales that are a letter or two behind a number: 100M, 5B users, 5bn."""

from __future__ import annotations

import re

_COUNTED = (
    "people|users|customers|subscribers|members|viewers|views|visitors|downloads|streams|devices|units|tokens|"
    "parameters?|dollars|euros|pounds|shares|jobs|homes|barrels|tons|tonnes|years"
)
"""What is counted by the million, but never a length or a flat: 5B alone may be either."""
_SCALE = re.compile(
    r"(?<![\w.,$€£])(?<![^\W\d]-)(?P<number>\d[\d,]*(?:\.\d+)?)(?:"
    rf"(?P<counted>[mb])(?=\+?(?:[ -][a-z]+)?[ -](?:{_COUNTED})\b)|(?<!(?<![\d.,])3)(?P<capital>(?-i:M))\b(?!')|"
    r" ?(?P<written>bn|trn)\b|(?P<short>mn|tn)\b)",
    re.IGNORECASE,
)
_SCALED_DIGIT = re.compile(r"\d ?[MmBbTt]")
_NAMES = {"m": "million", "b": "billion", "t": "trillion"}


def say_scales(text: str) -> str:
    """Writes 100M as 100 million, 5B users as 5 billion users, and 5bn as 5 billion."""
    return _SCALE.sub(_named, text) if _SCALED_DIGIT.search(text) else text


def _named(found: re.Match[str]) -> str:
    scale = found["counted"] or found["capital"] or found["written"] or found["short"]
    return f"{found['number']} {_NAMES[scale[0].lower()]}"
