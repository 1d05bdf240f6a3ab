"""Annotations: what a transcript says of its sound, which nobody speaks."""

from __future__ import annotations

import re

from asrlab_pytest.protocols.normalization.characters import SPACE

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

_OTHER_WORDS = (
    "a and at audio audience background by clears clearing continues crowd dog door ends event her his in is it "
    "language laughter loud loudly no non off of on over phone playing plays quietly slightly slow soft softly "
    "speaker speakers speaking speaks speech starts stops talk talking telephone the their to voice voices with"
)
_BESIDE = frozenset(_OTHER_WORDS.split())
"""Words that may are next to those."""
_AMOUNT = r"\d+(?:[.,]\d+)?"
_UNIT = "(?:milli)?sec(?:ond)?s?|min(?:ute)?s?|hours?|ms|s"
_TIME = re.compile(
    r"(?:\b(?:at|for|from|until|after) |@ ?)?"
    rf"(?<![^\W_])(?<![.:])(?:\d+(?:[:;]\d\d)+(?:[.,]\d+)?|\d\d(?:\.\d\d){{2}}|(?:\d+h ?)?\d+m ?\d+s|"
    rf"{_AMOUNT}[ -]?(?:{_UNIT}))(?![\w:])"
)
"""A time, or how long a sound lasts: 00:12:03, 12m03s, 2 seconds."""
_FIGURE = re.compile(rf"(?<![^\W_])(?<![.:])#?{_AMOUNT}(?: words?)?(?![\w:])")
_TAG = re.compile(r"</?\|?[^\W\d_][\w|/.-]*>|<v[ .][^<>]*>")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\}|\*([^*]*)\*|♪([^♪]*)♪|<([^<>()\[\]{}*♪]*)>")
_LABEL = re.compile(r"\s*(?:(?:speaker|spk)[\s_]*\w{0,3}|\d+:\d\d[\d:.,\s>-]*)\s*:?\s*")
"""A speaker's label or a time, in square brackets."""
_AREA_CODE = re.compile(r"\((\d{2,5})\)\s*(?=\d)")
_ATTACHED = re.compile(r"(?<=\w)\((\w{1,3})\)")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
_OPENING = re.compile(r"[\[({*♪<]")


def drop_annotations(text: str) -> str:
    """The text, in small letters, without annotations; other words in brackets stay, parted by semicolons."""
    if not _OPENING.search(text):
        return text
    text = _ATTACHED.sub(r"\1", _AREA_CODE.sub(r"\1 ", _TAG.sub(SPACE, text)))
    before = ""
    while before != text:  # from the innermost brackets outwards
        before, text = text, _BRACKETED.sub(_spoken, text)
    return text


def is_annotation(words: str) -> bool:
    """Whether words in brackets say something of the sound."""
    found = _WORD.findall(words)
    return any(word in ANNOTATIONS for word in found) and all(word in ANNOTATIONS or word in _BESIDE for word in found)


def _spoken(found: re.Match[str]) -> str:
    words, opening = found[found.lastindex or 0], found[0][0]
    if is_annotation(_without_figures(words, opening)) or (opening in "[<" and _is_label(words)):
        return SPACE
    if opening == "<":  # less than
        return found[0]
    return f" ; {words} ; " if words.strip() else SPACE


def _without_figures(words: str, opening: str) -> str:
    """What an annotation says besides when and how long. A number without a unit may be speech in parentheses."""
    if not _DIGIT.search(words):
        return words
    words = _TIME.sub(SPACE, words)
    return _FIGURE.sub(SPACE, words) if opening in "[<{" else words


def _is_label(words: str) -> bool:
    return bool(_LABEL.fullmatch(words) or (_TIME.search(words) and _LABEL.fullmatch(_TIME.sub(SPACE, words))))
