"""What is wrong with speech that a model made, by its sound and by the text that it should say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from asrlab_pytest.languages import primary
from asrlab_pytest.records.spoken import Repeat, SpeechSound
from asrlab_pytest.sound.pace import CHARACTERS, SLOW_SPEECH, characters_said, is_alphabetic

Kind = Literal[
    "empty",
    "not finite",
    "silent",
    "clipped",
    "offset",
    "too short",
    "too long",
    "cut off",
    "leading silence",
    "pause",
    "trailing silence",
    "repetition",
]

SILENT = -60.0
"""Decibels of the loudest sample below which nothing can be heard at a common volume."""
CLIPPED = 0.001
"""Share of samples at full scale, as the audit has it: fewer cannot be heard."""
OFFSET = 0.02
"""Of 1, as the audit has it; a player clicks at both ends from there on."""
SLOWEST, FASTEST = CHARACTERS[1]
"""Letters a second, as the audit has them for people: outside, no listener follows."""
SLACK = 0.3
"""Seconds of speech that a short text may lack: an energy threshold cuts soft ends."""
LONGEST_EDGE = 1.5
"""Seconds of silence before or after the speech: a listener takes the one for a fault and the other for a wait."""
LONGEST_PAUSE = 2.0
"""Seconds of silence within the speech: readers pause for a second, or one and a half between paragraphs."""
SAID_TWICE = 0.6
"""Share of a repetition's length that the text's own repetition must account for, in time: rates vary in a text."""

LONGEST_REPETITION = 1000
"""Letters of a text's repetition that is looked for: more than can be said between a stretch and its repetition."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in a sentence."""

    kind: Kind
    sentence: str


EMPTY = Fault("empty", "no speech was made")


def faults(sound: SpeechSound, text: str, language: str | None) -> tuple[Fault, ...]:
    """What is wrong with speech of this text, the gravest first.

    Args:
        sound: What was measured of it.
        text: What it should say.
        language: ISO 639-1 code; None if it is not known. Where a script is not an alphabet, no length is expected.
    """
    letters = characters_said(text)
    grave = _grave(sound, has_words=letters > 0)
    if grave is not None:
        return (grave,)
    return tuple(Fault(kind, sentence) for kind, sentence in _faults(sound, text, language, letters))


def _grave(sound: SpeechSound, *, has_words: bool) -> Fault | None:
    """What leaves nothing else to say."""
    if not sound.finite:
        return Fault("not finite", "it contains NaN or infinite samples")
    if not has_words:
        return None
    if not sound.seconds:
        return EMPTY
    if sound.peak < 10 ** (SILENT / 20):
        return Fault("silent", f"{sound.seconds:.1f} s of silence")
    return None


def _faults(sound: SpeechSound, text: str, language: str | None, letters: int) -> Iterator[tuple[Kind, str]]:
    yield from _of_length(sound, text, language, letters)
    for repeat in sound.repeats:
        if not _is_said_twice(repeat, sound, text, letters):
            yield (
                "repetition",
                f"{repeat.length_s:.1f} s from {repeat.start_s:.1f} s on come again at {repeat.again_s:.1f} s",
            )
    if sound.longest_pause_s > LONGEST_PAUSE:
        yield "pause", f"a pause of {sound.longest_pause_s:.1f} s within the speech"
    if sound.speech_s and sound.leading_silence_s > LONGEST_EDGE:
        yield "leading silence", f"{sound.leading_silence_s:.1f} s of silence before the speech"
    if sound.trailing_silence_s > LONGEST_EDGE:
        yield "trailing silence", f"{sound.trailing_silence_s:.1f} s of silence after the speech"
    if sound.clipped > CLIPPED:
        yield "clipped", f"{sound.clipped:.1%} of the samples are at full scale, in {sound.clipped_runs} places"
    if abs(sound.offset) > OFFSET:
        yield "offset", f"its mean is {sound.offset:+.3f}, not 0"


def _of_length(sound: SpeechSound, text: str, language: str | None, letters: int) -> Iterator[tuple[Kind, str]]:
    """Speech too short or too long for the text, and speech that ends in the middle."""
    said = f"{sound.speech_s:.1f} s of speech for {letters} letters"
    if letters and is_alphabetic(text) and not _is_ideographic(language):
        if sound.speech_s + SLACK < letters / FASTEST:
            yield "too short", f"{said}: more than {FASTEST:g} a second"
        elif sound.speech_s > max(letters / SLOWEST, SLOW_SPEECH):
            yield "too long", f"{said}: fewer than {SLOWEST:g} a second"
    if sound.ends_in_speech:
        yield "cut off", "it ends at full voice, in the middle of a sound"


def _is_ideographic(language: str | None) -> bool:
    """Whether digits and Latin letters in a text of this language are read in a script that is not an alphabet."""
    return language is not None and primary(language) in ("ja", "zh", "yue")


def _is_said_twice(repeat: Repeat, sound: SpeechSound, text: str, letters: int) -> bool:
    """Whether the text repeats itself for as long."""
    if not letters or not sound.speech_s:
        return False
    repeated = characters_said(_longest_repetition(text)) * sound.speech_s / letters
    return repeated >= SAID_TWICE * repeat.length_s


def _longest_repetition(text: str) -> str:
    """The longest stretch of letters and digits that a text has twice, with overlap or without."""
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    least, beyond = 0, min(len(letters), LONGEST_REPETITION)
    longest = ""
    while beyond - least > 1:
        size = (least + beyond) // 2
        seen: set[str] = set()
        again = None
        for start in range(len(letters) - size + 1):
            part = letters[start : start + size]
            if part in seen:
                again = part
                break
            seen.add(part)
        if again is None:
            beyond = size
        else:
            least, longest = size, again
    return longest
