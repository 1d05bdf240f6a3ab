"""Italian accents written as apostrophes after the word, as keyboards without accents have them: E' vero, citta'."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern

_ACUTE = "[^\\W\\d_]{2,}(?:che|tre)|ne|se"
_GRAVE_E = "e|cioe|caffe"
_SHORTENED = "fra|sta"
"""Words of three letters that have an apostrophe of their own, as all of two have but those with an accent."""
_GRAVE = rf"si|li|la|(?!(?:{_SHORTENED})\b)[^\W\d_]{{2,}}[aiou]"
_QUOTED = r"(?<!\w)'(?=[^\s'])(?:[^']|(?<=\w)'(?=\w))*'"
"""Words in single quotation marks, the last of which is no accent."""
_ACCENTED = lazy_pattern(rf"{_QUOTED}|\b(?:(?P<acute>{_ACUTE})|(?P<grave>{_GRAVE_E}|{_GRAVE}))'(?!\w)")
_LETTERS = dict(zip("aeiou", "àèìòù", strict=True))


def write_accents(text: str) -> str:
    """Italian text, in small letters, with the accents that are written as apostrophes."""
    return _ACCENTED.sub(_accented, text) if "'" in text else text


def _accented(found: re.Match[str]) -> str:
    if found["acute"]:
        return f"{found['acute'][:-1]}é"
    return f"{found['grave'][:-1]}{_LETTERS[found['grave'][-1]]}" if found["grave"] else found[0]
