"""The synthesizers that are programs of the system."""

import shutil
import sys

import numpy as np
import pytest

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engines.espeak_ng import EspeakNG
from asrlab_pytest.models.engines.flite import Flite
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import ModelSpec, Readiness
from asrlab_pytest.models.status import model_status
from asrlab_pytest.models.support.programs import check_voice, how_to_install
from asrlab_pytest.sound.faults import faults
from asrlab_pytest.sound.speech import measure_speech

TEXT = "Go forward ten meters."
ENGINES = {"flite": (Flite, "slt", "kal"), "espeak-ng": (EspeakNG, "en-us", "en-gb+f3")}
OPTIONS = {"flite": {"duration_stretch": 1.5}, "espeak-ng": {"speed": 110}}

here = {
    name: pytest.mark.skipif(not shutil.which(name), reason=f"{name}, which it is about, is not installed")
    for name in ENGINES
}
BOTH = pytest.mark.parametrize("name", [pytest.param(name, marks=here[name]) for name in ENGINES])


def spec(name, weights=None, **options):
    return ModelSpec(id="under-test", engine=name, weights=weights or ENGINES[name][1], task="tts", options=options)


def load(name, weights=None, **options):
    return ENGINES[name][0]().load(spec(name, weights, **options), "cpu")


def said(synthesizer, text=TEXT, voice=None):
    return np.concatenate([np.zeros(0, dtype=np.float32), *synthesizer.speak(text, voice, "en")])


@BOTH
def test_it_says_a_text(name):
    """A text becomes speech without faults, the same each time."""
    synthesizer = load(name)
    first = said(synthesizer)

    assert first.dtype == np.float32
    assert faults(measure_speech(first, synthesizer.sample_rate), TEXT, "en") == ()
    assert np.array_equal(said(synthesizer), first)


@BOTH
def test_the_voice_of_a_prompt(name):
    """A prompt's voice is used for that prompt alone, at the rate that the model states."""
    synthesizer = load(name)
    own = said(synthesizer)
    other = said(synthesizer, voice=ENGINES[name][2])

    assert not np.array_equal(own, other)
    assert 0.5 < len(other) / len(own) < 2
    assert np.array_equal(said(synthesizer), own)


@BOTH
def test_a_voice_that_is_not_there(name):
    """A voice that the program would silently replace is refused, for a prompt and for the model, and others named."""
    with pytest.raises(ModelError, match="no voice 'nobody'; it has "):
        said(load(name), voice="nobody")
    status = ENGINES[name][0]().status(spec(name, "nobody"))
    assert status.readiness is Readiness.BROKEN
    assert "nobody" in status.reason


@here["espeak-ng"]
def test_a_variant_as_weights():
    """A voice with a variant speaks where it is the model's own, and as it does where a prompt asks for it."""
    assert np.array_equal(said(load("espeak-ng", "en-us+f3")), said(load("espeak-ng"), voice="en-us+f3"))


@here["espeak-ng"]
def test_a_variant_that_is_not_there():
    """A variant that eSpeak NG does not have is refused, where the program would take the plain voice."""
    with pytest.raises(ModelError, match=r"no voice 'en-us\+nobody'"):
        load("espeak-ng", "en-us+nobody")


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "-v de hello",
        "--help",
        "/etc/hostname",
        "a\0b\x01\x1bc",
        "😀 hello \ud800",
        "$(hello) `hello`; hello",
        "hello\n\nhello",
    ],
    ids=["option", "help", "path", "control", "emoji", "shell", "lines"],
)
def test_any_text_is_said(name, text):
    """No text is taken for an option, a path or a command, and none stops the program."""
    synthesizer = load(name)

    assert measure_speech(said(synthesizer, text), synthesizer.sample_rate).speech_s > 0.2


@here["espeak-ng"]
def test_brackets_are_no_phonemes():
    """What is in double brackets is read as text."""
    synthesizer = load("espeak-ng")

    assert np.array_equal(said(synthesizer, "[[hello]]"), said(synthesizer, "[ [hello]]"))


@BOTH
def test_nothing_to_say(name):
    """An empty text gives no piece of speech."""
    assert list(load(name).speak("", None, "en")) == []


@here["espeak-ng"]
def test_speech_comes_in_pieces():
    """Speech of espeak-ng can be played before all of it is there, and no one need hear the rest."""
    pieces = load("espeak-ng").speak(TEXT * 100, None, "en")
    first = next(pieces)
    pieces.close()

    assert 0 < len(first) < len(said(load("espeak-ng"), TEXT))


@BOTH
def test_options(name):
    """An option that slows speech down makes it longer, and is told by the settings."""
    slow = load(name, **OPTIONS[name])

    assert len(said(slow)) > 1.2 * len(said(load(name)))
    assert slow.settings == {"voice": ENGINES[name][1], **OPTIONS[name]}


@BOTH
@pytest.mark.parametrize("options", [{"loud": 1}, {"speed": "fast"}, {"speed": True}, {"duration_stretch": 1e9}])
def test_wrong_options(name, options):
    """An option that is unknown or out of range is a fault of the table, told before anything is loaded."""
    assert model_status(spec(name, **options), "auto").readiness is Readiness.BROKEN


@BOTH
def test_identity(name):
    """Two voices are not taken for the same weights, and one is for itself."""
    engine, voice, other = ENGINES[name]
    first, second = (engine().weights(spec(name, weights)).revision for weights in (voice, other))

    assert first == engine().weights(spec(name)).revision
    assert first != second


@pytest.mark.parametrize("name", ENGINES)
def test_no_program(name, monkeypatch, tmp_path):
    """Where the program is missing, the status says so with what installs it on this platform."""
    monkeypatch.setenv("PATH", str(tmp_path))

    status = ENGINES[name][0]().status(spec(name))

    assert status.readiness is Readiness.PACKAGE_MISSING
    assert status.hint == how_to_install(name, sys.platform)


@pytest.mark.parametrize(
    ("platform", "hint"),
    [
        ("linux", "sudo apt-get install flite"),
        ("darwin", "brew install flite"),
        ("win32", "install flite and put its folder on PATH"),
    ],
)
def test_how_a_program_is_installed(platform, hint):
    """Each platform's own way to install a program is told, and where there is none, what is wanted."""
    assert how_to_install("flite", platform) == hint


def test_in_the_catalog():
    """The catalog's voices are for synthesis, and are those of an engine here."""
    found = [one for one in Registry() if one.engine in ENGINES]

    assert {one.id for one in found} == {"flite-slt", "flite-rms", "espeak-ng-en-us"}
    assert all(one.tasks == ("tts",) for one in found)


def test_a_voice_that_is_nearly_there():
    """Of a program with many voices, the message names those that look like the one that was asked for."""
    with pytest.raises(ModelError, match="no voice 'en-uss'; did you mean en-us"):
        check_voice(ModelSpec(id="x", engine="espeak-ng", weights="en-uss"), "en-uss", [*map(str, range(20)), "en-us"])
