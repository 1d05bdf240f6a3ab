"""Step of the profile `en` on letters that are spoken one by one."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern

_RUN = lazy_pattern(r"(?<![\w.&+-])(?<!\w')[a-z](?:(?:, ?| |-)[a-z])+(?!\w|[&+-]\w|'(?!s\b)\w)")
_PAIR_BEFORE, _PAIR_AFTER = lazy_pattern(r"\b[a-z] and $"), lazy_pattern(r" and [a-z]\b")
_AND_T = lazy_pattern(r" (?:and|&) t\b")
_LETTER = lazy_pattern(r"[a-z]")
_WORDS = ("a", "i")
"""Letters that are words."""
_AT_THE_END = lazy_pattern(r"[\"']?\s*(?:[.,;:!?\ue002]|$|\d|'s\b)")

_ABBREVIATIONS = (
    "aa aaa abc abs ac aca acl adhd adp ai aid aids aka am apa api apr apy aq ar arpu arr asap asl asmr ata atf atm "
    "ats att atv aum av aws ama ba bba ca cia cma cna cpa cta dea dla dna dva epa era esa faa fca fda fha gaa gba gpa "
    "iata ica ied ieee ib ibm ibs ice icu id ifc ifrs ig ii iii iim il im imf in inc io ios iot iou ip ipa ipad ipo "
    "iq ira irs isbn iso isp it iv ivf kpa la mba mca mna mpa msa mta nasa nba ncaa ndaa nda nla nra nsa paa pa pca "
    "pda pga pha pna pta ra rca rna rsa sba sca sla spa sra ssa tba tsa tva tta uaa uca ufa usa usda uva va vba vpa "
    "wnba ymca ywca cgi cli csi dci di dni esi fbi fdi gi gui hdi hdmi hi iii jedi kpi lli mi mri nri pci pi psi qi "
    "rfi roi scsi ssi ti tmi ui uri vi wi wifi yui"
)
KNOWN = frozenset(_ABBREVIATIONS.split())
"""Abbreviations that begin or end with a letter that is a word as well. Elsewhere such a letter stays a word."""


def join_letters(text: str) -> str:
    return _RUN.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    letters = _LETTER.findall(found[0])
    if set(letters) == {"o"} or (set(letters).issubset(_WORDS) and letters != ["a", "i"]):  # digits, or words
        return found[0]
    if letters == ["a", "t"] and _AND_T.match(found.string, found.end()):  # AT&T
        return "at"
    if _PAIR_AFTER.match(found.string, found.end()) and _PAIR_BEFORE.search(found.string[: found.start()]):
        return found[0]  # of R&D, R&D
    is_last = _AT_THE_END.match(found.string, found.end()) is not None
    start, end = _known(letters) or _without_words(letters, is_last=is_last)
    if end - start < 2:  # noqa: PLR2004 - one letter is not an abbreviation
        return found[0]
    return " ".join([*letters[:start], "".join(letters[start:end]), *letters[end:]])


def _known(letters: list[str]) -> tuple[int, int] | None:
    """The letters that are a known abbreviation: all of them, or all but a word at an end."""
    whole = "".join(letters)
    for start, end in ((0, len(whole)), (1, len(whole)), (0, len(whole) - 1), (1, len(whole) - 1)):
        cut = {*letters[:start], *letters[end:]}
        if end - start > 1 and whole[start:end] in KNOWN and cut.issubset(_WORDS):
            return start, end
    return None


def _without_words(letters: list[str], *, is_last: bool) -> tuple[int, int]:
    start = int(letters[0] in _WORDS)
    is_word = letters[-1] in _WORDS and not (is_last and len(letters) > 2)  # noqa: PLR2004
    return start, len(letters) - is_word
