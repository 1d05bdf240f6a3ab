"""Annotations: what a transcript says of its sound, which nobody speaks."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.characters import SPACE, single_spaces

_SOUNDS = (
    "applause applauding babble babbling bang banging barking beep beeping beeps bleep blank blankaudio booing "
    "breath breathes breathing breaths burp burps buzz buzzing chatter cheer cheering cheers chuckle chuckles "
    "chuckling clap clapping claps click clicking clicks cough coughing coughs cries cross crosstalk crying cut "
    "disfluency exhale exhales exhaling foreign gasp gasping gasps giggle giggles giggling groan groaning groans "
    "grunt grunting grunts gunshot gunshots hesitation hum humming hums inaudible indecipherable indiscernible "
    "indistinct inhale inhales inhaling laugh laughing laughs laughter lipsmack mic misc moan moaning moans "
    "muffled mumble mumbles mumbling music noise noises nonspeech nonverbal overlap overlapping pause pauses ring "
    "ringing rings rustling scream screaming screams sigh sighing sighs sil silence silent sings singing siren "
    "sirens sneeze sneezes sneezing sniff sniffing sniffles sniffs snore snores snoring sob sobbing sobs sound "
    "sounds static throat tone tones typing uncertain unclear unintelligible unk unknown vocalization vocalized "
    "wheeze wheezing whisper whispering whispers whistle whistles whistling wind yawn yawning yawns"
)
ANNOTATIONS = frozenset(_SOUNDS.split())
"""Words of which one at least is in every annotation; documented in docs/reference/normalization.md."""

_SOUNDS_ELSEWHERE = (
    "applaudissement applaudissements applaus applausi applauso aplauso aplausos beifall bruit gelach gelächter "
    "gejuich geruis gesang gesprek husten hustet inaudible inaudível incomprensibile ininteligible ininteligível "
    "inintelligible lach lachen lacht musica musik musique muziek música onverstaanbaar pfeifen räuspern räuspert "
    "ride ridono rire rires risa risas risata risate riso risos ruido rumore ruído schreie seufzen seufzt silencio "
    "silenzio silêncio soupir soupirs sospiro stille stilte suspiro tosse toux tos unverständlich zucht"
)
ANNOTATIONS_ELSEWHERE = frozenset(_SOUNDS_ELSEWHERE.split())
"""The same in German, French, Spanish, Italian, Portuguese and Dutch. They count in square brackets only."""

_OTHER_WORDS = (
    "a and at audience audio background by cheerful classical clearing clears continues crowd dog door dramatic "
    "eerie electronic ends event gentle guitar her his in is it language laughter lively loud loudly mysterious no "
    "non of off ominous on over phone piano playing plays quietly sad slightly slow soft softly speaker speakers "
    "speaking speaks speech starts stops suspenseful talk talking telephone tense the their to upbeat voice voices "
    "with"
)
_BESIDE = frozenset(_OTHER_WORDS.split())
"""Words that may are next to those."""
_AMOUNT = r"\d+(?:[.,]\d+)?"
_UNIT = "(?:milli)?sec(?:ond)?s?|min(?:ute)?s?|hours?|ms|s"
_TIME = lazy_pattern(
    r"(?:\b(?:at|for|from|until|after) |@ ?)?"
    rf"(?<![^\W_])(?<![.:])(?:\d+(?:[:;]\d\d)+(?:[.,]\d+)?|\d\d(?:\.\d\d){{2}}|(?:\d+h ?)?\d+m ?\d+s|"
    rf"{_AMOUNT}[ -]?(?:{_UNIT}))(?![\w:])"
)
"""A time, or how long a sound lasts: 00:12:03, 12m03s, 2 seconds."""
_FIGURE = lazy_pattern(rf"(?<![^\W_])(?<![.:])#?{_AMOUNT}(?: words?)?(?![\w:])")
_TAG = lazy_pattern(r"<\|\d[\d.]*\|>|</?\|?[^\W\d_][\w|/.-]*>|<v[ .][^<>]*>")
_BRACKETED = lazy_pattern(r"\[([^\[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\}|\*([^*]*)\*|♪([^♪]*)♪|<([^<>()\[\]{}*♪]*)>")
_LABEL = lazy_pattern(r"\s*(?:(?:speaker|spk)[\s_]*\w{0,3}|\d+:\d\d[\d:.,\s>-]*)\s*:?\s*")
"""A speaker's label or a time, in square brackets."""
_AREA_CODE = lazy_pattern(r"\((\d{2,5})\)\s*(?=\d)")
_ATTACHED = lazy_pattern(r"(?<=\w)\((\w{1,3})\)")
_DIGIT = lazy_pattern(r"\d")
_WORD = lazy_pattern(r"[^\W_]+")
_HESITATION = lazy_pattern(r"(?<!\S)[\[(<{]?%hesitation[\])>}]?(?![^\s.,;:?!])", re.IGNORECASE)
"""NIST's placeholder for any hesitation, which references and hypotheses may have or not."""
_OPENING = lazy_pattern(r"[\[({*♪<]")
_HYPHENS = ("-", "–", "−")


def drop_annotations(text: str) -> str:
    """The text, in small letters, without annotations; other words in brackets stay, parted by semicolons."""
    if not _OPENING.search(text):
        return text
    text = _ATTACHED.sub(r"\1", _AREA_CODE.sub(r"\1 ", _TAG.sub(SPACE, text)))
    before = ""
    while before != text:  # from the innermost brackets outwards
        before, text = text, _BRACKETED.sub(_spoken, text)
    return single_spaces(text)


def drop_hesitations(text: str) -> str:
    """The text, in letters of any case, without %HESITATION."""
    return _HESITATION.sub("", text) if "%" in text else text


def is_annotation(words: str, *, is_square: bool = False) -> bool:
    """Whether words in brackets say something of the sound; in square ones, in any of seven languages."""
    found = _WORD.findall(words)
    if is_square and found and ANNOTATIONS_ELSEWHERE.issuperset(found):
        return True
    return any(word in ANNOTATIONS for word in found) and all(word in ANNOTATIONS or word in _BESIDE for word in found)


def _spoken(found: re.Match[str]) -> str:
    words, opening = found[found.lastindex or 0], found[0][0]
    if is_annotation(_without_figures(words, opening), is_square=opening == "[") or (
        opening in "[<" and _is_label(words)
    ):
        return SPACE
    if opening == "<":  # less than
        return found[0]
    is_minus_behind = found.string[found.end() :][:1] not in _HYPHENS  # in (B)-5 it is none
    return f" ; {words} ;{SPACE * is_minus_behind}" if words.strip() else SPACE


def _without_figures(words: str, opening: str) -> str:
    """What an annotation says besides when and how long. A number without a unit may be speech in parentheses."""
    if not _DIGIT.search(words):
        return words
    words = _TIME.sub(SPACE, words)
    return _FIGURE.sub(SPACE, words) if opening in "[<{" else words


def _is_label(words: str) -> bool:
    return bool(_LABEL.fullmatch(words) or (_TIME.search(words) and _LABEL.fullmatch(_TIME.sub(SPACE, words))))
