"""What is said to be wrong with speech, on what real synthesizers say."""

import shutil
import subprocess
from functools import cache

import numpy as np
import pytest
import soundfile

import real_voice
from asrlab_pytest.sound.faults import faults
from asrlab_pytest.sound.speech import measure_speech

TEXTS = (
    "Hello.",
    "Go forward ten meters.",
    "Please call 555 0123 before 10:30 on March 3rd, and ask for Mr. Smith; it costs $12.50.",
    "New York is not New Jersey, and York is not Jersey.",
    "The quick brown fox jumps over the lazy dog. Then it rests for a while, because the day is long.",
    "It was the best of times, it was the worst of times, it was the age of wisdom.",
)
LONG = TEXTS[4]
PROGRAMS = {"flite": ("slt", "rms", "awb", "kal", "kal16"), "espeak-ng": ("en-us", "en-gb", "en-us+f3")}


def in_every_voice(name, values):
    """Parametrizes a test by piper's voice and those of each program, with every value; skipped once for a program."""
    cases = [("piper", real_voice.NAME, value) for value in values]
    for program, voices in PROGRAMS.items():
        if shutil.which(program):
            cases += [(program, voice, value) for voice in voices for value in values]
        else:
            reason = f"{program}, whose voices it is about, is not installed"
            cases.append(pytest.param(program, None, None, marks=pytest.mark.skip(reason=reason)))
    return pytest.mark.parametrize(("program", "voice", name), cases)


@pytest.fixture(scope="module")
def say(speaker, tmp_path_factory):
    """Says a text in a voice: samples and their rate."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"

    @cache
    def spoken(program, name, text):
        if program == "piper":
            return real_voice.said(speaker, text), speaker.sample_rate
        command = {
            "flite": ["flite", "-voice", name, "-t", text, "-o", path],
            "espeak-ng": ["espeak-ng", "-v", name, "-w", path, text],
        }
        subprocess.run(command[program], check=True, stdin=subprocess.DEVNULL, timeout=60)
        return soundfile.read(path, dtype="float32")

    return spoken


def kinds(samples, rate, text=LONG, language="en"):
    return [fault.kind for fault in faults(measure_speech(samples.astype(np.float32), rate), text, language)]


@in_every_voice("text", TEXTS)
def test_sound_speech_has_no_faults(say, program, voice, text):
    """What a working synthesizer says is free of faults, also where the text says something twice."""
    assert kinds(*say(program, voice, text), text) == []


def _looped(samples, rate):
    stretch = samples[int(0.5 * rate) : int(1.5 * rate)]
    return np.concatenate([samples[: int(1.5 * rate)], stretch, samples[int(1.5 * rate) :]])


def _paused(samples, rate):
    middle = len(samples) // 2
    return np.concatenate([samples[:middle], np.zeros(max(len(samples), 3 * rate)), samples[middle:]])


PLANTED = {
    "clipped": lambda samples, rate: np.clip(samples * 4 / np.abs(samples).max(), -1, 1),
    "too short": lambda samples, rate: samples[: int(0.3 * len(samples))],
    "too long": lambda samples, rate: np.interp(np.arange(0, len(samples), 0.2), np.arange(len(samples)), samples),
    "silent": lambda samples, rate: samples * 0,
    "empty": lambda samples, rate: samples[:0],
    "not finite": lambda samples, rate: np.where(np.arange(len(samples)) == 7, np.nan, samples),
    "repetition": _looped,
    "pause": _paused,
    "leading silence": lambda samples, rate: np.concatenate([np.zeros(2 * rate), samples]),
    "trailing silence": lambda samples, rate: np.concatenate([samples, np.zeros(2 * rate)]),
    "offset": lambda samples, rate: samples + 0.05,
}


@in_every_voice("kind", PLANTED)
def test_planted_faults_are_found(say, program, voice, kind):
    """A fault that is put into sound speech is found, in every voice."""
    samples, rate = say(program, voice, LONG)

    assert kind in kinds(PLANTED[kind](samples, rate), rate)


def test_speech_that_ends_in_a_vowel_at_full_voice():
    """Sound that stops at full voice is cut off, and sound that fades is not."""
    rate = 16_000
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)
    before = np.concatenate([np.zeros(rate // 2), tone])

    assert "cut off" in kinds(before, rate, "Hello there")
    assert "cut off" not in kinds(np.concatenate([before, np.zeros(rate // 10)]), rate, "Hello there")


@pytest.mark.parametrize("text", ["", " ... "])
def test_a_text_without_words(text):
    """Where there is nothing to say, silence and no samples are right."""
    assert kinds(np.zeros(0), 16_000, text) == []
    assert kinds(np.zeros(1000), 16_000, text) == []


def test_a_script_without_an_alphabet_expects_no_length():
    """How long Japanese takes cannot be told from its characters, so no length is wrong."""
    rng = np.random.default_rng(0)
    burst = np.concatenate([np.zeros(1600), rng.normal(0, 0.1, 4000), np.zeros(1600)])

    assert kinds(burst, 16_000, "今日はとても良い天気ですから、公園まで歩いて行きましょう。", "ja") == []
    assert kinds(burst, 16_000, LONG, "en") == ["too short"]
