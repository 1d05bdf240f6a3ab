"""Checks of a reference by itself, and against the duration of speech. Thresholds: docs/reference/audit.md."""

from __future__ import annotations

import math
import re
import statistics
import unicodedata
from collections.abc import Iterator, Mapping

from asrlab_pytest.audit.findings import Finding, Level
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.protocols.normalization.european.lexicons import LEXICONS
from asrlab_pytest.sound.clip import Sound
from asrlab_pytest.sound.pace import CHARACTERS, SLOW_SPEECH, characters_said, is_alphabetic
from asrlab_pytest.wording import shortened
from asrlab_pytest.writing_systems import SCRIPTS, base, other_language, script_of

IN_SCRIPT = 0.5
"""Share of the letters that must be of the language's script."""
WORDS = (0.5, 5.5)
"""Of speech, a second: outside, suspect. The notes say 5; fluent short questions reach 5.2."""
ENOUGH_SPEECH = 1.0
"""Seconds below which a rate says nothing."""
OUTLIER = 5.0
"""Robust standard deviations of the logarithm of the rate, within a corpus."""
ENOUGH_CLIPS = 20
CUT_AND_FAST = 1.35
"""Times the corpus's median rate, for a clip that is cut at an edge."""
SAME_TEXT = 20
"""Characters from which two equal texts are worth a note."""

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-z]{2,8}|#\d+);|\{[^{}]*\}|\[\[|\]\]|\*\*|https?://")
_TWICE_ENCODED = re.compile("Ã[\u0080-\u00bf]|â€")
"""What remains where an editor has since replaced one of the odd characters."""
_CONTROL = frozenset({"Cc", "Cs", "Co"})
_INVISIBLE = frozenset("\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad")


def of_text(clip: Clip, normalized: str) -> Iterator[Finding]:
    """Hygiene of a reference, by itself."""
    text = clip.text
    if text.strip() and not normalized:
        yield Finding(clip.id, "text-empty", "suspect", f"the text {text!r} has no words to compare")
    repaired = undamaged(text)
    if repaired is not None:
        sentence = f"the text was decoded wrongly: {shortened(text)!r}"
        evidence = {"repaired": repaired} if repaired else {}
        yield Finding(
            clip.id, "mojibake", "error", sentence + (f" is {shortened(repaired)!r}" if repaired else ""), evidence
        )
    hidden = sorted(
        {f"U+{ord(letter):04X}" for letter in text if unicodedata.category(letter) in _CONTROL or letter in _INVISIBLE}
    )
    if hidden:
        yield Finding(clip.id, "control-characters", "suspect", f"contains {', '.join(hidden)}", {"characters": hidden})
    markup = _MARKUP.findall(text)
    if markup:
        sentence = f"contains markup, which counts as words: {', '.join(map(shortened, markup[:3]))}"
        yield Finding(clip.id, "markup", "suspect", sentence, {"markup": markup[:10]})
    if not unicodedata.is_normalized("NFC", text):
        yield Finding(clip.id, "composition", "note", "not in Unicode NFC")
    yield from _of_language(clip)


def _of_language(clip: Clip) -> Iterator[Finding]:
    """Script, words and digits against the stated language."""
    language = base(clip.language)
    letters = [letter for letter in clip.text if letter.isalpha()]
    if language in SCRIPTS and letters:
        share = sum(script_of(letter) in SCRIPTS[language] for letter in letters) / len(letters)
        if share < IN_SCRIPT:
            sentence = f"{1 - share:.0%} of the letters are not in the script of {language}"
            yield Finding(clip.id, "script", "suspect", sentence, {"share": round(share, 3)})
            return
    if language is None:
        return
    other = other_language(language, re.findall(r"[^\W\d_]+", clip.text.casefold()))
    if other is not None:
        sentence = f"marked {language}, but its words are {other}"
        yield Finding(clip.id, "language", "suspect", sentence, {"stated": language, "found": other})
    if language not in ("en", *LEXICONS) and any(letter.isdecimal() for letter in clip.text):
        sentence = f"has digits, and {language} has no rules that convert digits to words"
        yield Finding(clip.id, "digits", "note", sentence)


def undamaged(text: str) -> str | None:
    """The text as it was before UTF-8 was taken for Windows-1252 or Latin-1.

    Returns:
        None if the text is well; the empty string where it is not, and cannot be restored.
    """
    if text.isascii():
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return "" if "\ufffd" in text or _TWICE_ENCODED.search(text) else None


def same_text(texts: Mapping[str, str], sounds: Mapping[str, Sound]) -> Iterator[Finding]:
    """Long texts that several recordings share: a note for each but the first."""
    first: dict[str, str] = {}
    for clip_id, text in texts.items():
        if len(text) < SAME_TEXT:
            continue
        earlier = first.setdefault(text, clip_id)
        alike = earlier in sounds and clip_id in sounds and sounds[earlier].pcm_sha256 == sounds[clip_id].pcm_sha256
        if earlier != clip_id and not alike:
            yield Finding(clip_id, "same-text", "note", f"has the same text as {earlier}", {"other": earlier})


def speaking_rates(clips: Mapping[str, Clip], sounds: Mapping[str, Sound]) -> Iterator[Finding]:
    """Texts that are too long or too short for the duration of speech, by limits and compared with the corpus.

    Args:
        clips: By id.
        sounds: By clip id.
    """
    rates = {
        clip_id: characters_said(clips[clip_id].text) / sound.speech_s
        for clip_id, sound in sounds.items()
        if sound.speech_s >= ENOUGH_SPEECH and is_alphabetic(clips[clip_id].text)
    }
    middle, spread = _spread([*rates.values()])
    for clip_id, rate in rates.items():
        sound = sounds[clip_id]
        words = len(clips[clip_id].text.split()) / sound.speech_s
        evidence = {"characters_per_s": round(rate, 1), "words_per_s": round(words, 1)}
        level = _level(rate, words, sound)
        why = f"{_number(rate)} letters per second of speech"
        if level is None and spread and abs(_log(rate / middle)) / spread > OUTLIER:
            level, why = "suspect", f"{why}; the corpus has {_number(middle)}"
        if level is None and middle and (sound.ends_in_speech or sound.starts_in_speech):
            fast = rate / middle >= CUT_AND_FAST
            level, why = ("suspect" if fast else None), f"{why}; the corpus has {_number(middle)}; cut at an edge"
        if level is not None:
            yield Finding(clip_id, "speaking-rate", level, why, evidence)


def _level(rate: float, words: float, sound: Sound) -> Level | None:
    (slowest, fastest), (slow, fast) = CHARACTERS
    is_long = sound.speech_s >= SLOW_SPEECH
    if rate > fastest or (rate < slowest and is_long):
        return "error"
    if rate > fast or words > WORDS[1] or (is_long and (rate < slow or words < WORDS[0])):
        return "suspect"
    return None


def _spread(rates: list[float]) -> tuple[float, float]:
    """Median, and the robust standard deviation of the logarithm; zeros where there are too few."""
    if len(rates) < ENOUGH_CLIPS:
        return 0.0, 0.0
    middle = statistics.median(rates)
    if not middle:
        return 0.0, 0.0
    deviations = [abs(_log(rate / middle)) for rate in rates if rate]
    return middle, max(1.4826 * statistics.median(deviations), 0.05)


def _log(ratio: float) -> float:
    return math.log(ratio) if ratio else -math.inf


def _number(rate: float) -> str:
    """A rate to two digits, which a slow one needs to be seen at all."""
    return f"{rate:.0f}" if rate >= 9.95 else f"{rate:.2g}"  # noqa: PLR2004
