"""PocketSphinx, which runs on real speech everywhere."""

import shutil
from pathlib import Path

import numpy as np
import pocketsphinx
import pytest
from under_test import clip, heard, load, model

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import engine
from quick_search import QUICK

CLIPS = ("cards-001", "silence", "short-rms")


@pytest.fixture(scope="module")
def recognizer():
    """A recognizer that has heard whatever the tests before gave it."""
    return load(model("pocketsphinx", "en-us", **QUICK))


@pytest.fixture
def folder(tmp_path):
    """A folder laid out as a model of one's own."""
    source = Path(pocketsphinx.__file__).parent / "model" / "en-us"
    for name, target in (("acoustic", "en-us"), ("own.lm.bin", "en-us.lm.bin"), ("own.dict", "cmudict-en-us.dict")):
        (tmp_path / name).symlink_to(source / target)
    return tmp_path


def test_real_speech(handle):
    """It understands a clear sentence, offline, with its package's model, and keeps the processor as busy as it is."""
    observation = handle(model("pocketsphinx", "en-us")).observe(clip("goforward"))

    assert observation.hypothesis == "go forward ten meters"
    assert observation.device == "cpu"
    busy = 100 * sum(observation.cpu_s) / sum(observation.latencies_s)
    assert observation.cpu_percent == pytest.approx(busy, rel=0.5)
    assert observation.weights_revision == f"pocketsphinx {observation.engine_version}"


def test_order_does_not_matter(recognizer):
    """A clip gives the transcript of a fresh decoder, whatever was heard before it."""
    fresh = {name: load(model("pocketsphinx", "en-us", **QUICK)).transcribe(heard(name), "en") for name in CLIPS}

    for name in (*CLIPS, *CLIPS[-2::-1]):
        assert recognizer.transcribe(heard(name), "en") == fresh[name], name


@pytest.mark.parametrize("level", [0.0, 1 / 32767])
def test_silence(recognizer, level):
    """Where no frame has energy, digital silence and a constant one included, it hears nothing."""
    recognizer.transcribe(heard("short-rms"), "en")

    assert recognizer.transcribe(np.full(16_000, level, dtype=np.float32), "en").text == ""


def test_shorter_than_a_frame(recognizer):
    """A clip that is too short for a single frame is empty, not an error."""
    assert recognizer.transcribe(np.full(50, 0.1, dtype=np.float32), "en").text == ""


@pytest.fixture(scope="module")
def transcripts(recognizer):
    """Transcripts by clip, each with the words as PocketSphinx writes them."""
    made = {}
    for name in ("goforward", "telephone-rms", "read-slt"):
        transcript = recognizer.transcribe(heard(name), "en")
        made[name] = transcript, [part.word for part in recognizer._decoder.seg()]
    return made


def test_words(transcripts):
    """Words are those of the text, in order, without fillers and without the marks of other pronunciations."""
    for transcript, raw in transcripts.values():
        words = transcript.segments[0].words

        assert "<s>" in raw
        assert " ".join(word.text for word in words) == transcript.text
        times = [time for word in words for time in (word.start, word.end)]
        assert times == sorted(times)


def test_variant(transcripts):
    """A word that was heard in its second pronunciation is written without the mark of it."""
    transcript, raw = transcripts["read-slt"]

    assert any("(" in word for word in raw)
    assert not any("(" in word.text for word in transcript.segments[0].words)


def test_options_are_passed_on():
    """An option of PocketSphinx, of whatever type, reaches its configuration, and is in the settings."""
    options = {"beam": 1e-60, "lw": 3.0, "maxhmmpf": 500, "bestpath": False}
    recognizer = load(model("pocketsphinx", "en-us", **options))

    assert {name: recognizer._decoder.config[name] for name in options} == pytest.approx(options)
    assert {name: recognizer.settings[name] for name in options} == options


def test_option_changes_the_text():
    """A language weight of several times the usual makes another text of the same clip."""
    text = load(model("pocketsphinx", "en-us", lw=30.0)).transcribe(heard("short-rms"), "en").text

    assert text != "good morning"


@pytest.mark.parametrize(("name", "value"), [("beem", 1e-60), ("maxhmmpf", "many")])
def test_unknown_option(name, value):
    """An option that PocketSphinx does not have, or not with such a value, is refused and named."""
    with pytest.raises(ModelError, match=f"pocketsphinx has no option '{name}' that takes {value!r}"):
        load(model("pocketsphinx", "en-us", **{name: value}))


def test_compute_type():
    """A compute type other than float32 is refused."""
    with pytest.raises(ModelError, match=r"computes in float32 only, not int8"):
        engine("pocketsphinx").resolve_compute_type(model("pocketsphinx", "en-us", compute_type="int8"), "cpu")


def test_local_folder(handle, folder):
    """A model in a folder of one's own runs as that of the package does."""
    observation = handle(model("pocketsphinx", folder)).observe(clip("goforward"))

    assert observation.hypothesis == "go forward ten meters"
    assert observation.weights_revision is None
    assert len(observation.weights_sha256) == 64


@pytest.mark.parametrize(
    ("name", "lacks"),
    [("acoustic", "an acoustic model"), ("own.lm.bin", "a language model"), ("own.dict", "a dictionary")],
)
def test_incomplete_folder(folder, name, lacks):
    """A folder that lacks a part is broken, and the part is named."""
    (folder / name).unlink()
    status = engine("pocketsphinx").status(model("pocketsphinx", folder))

    assert status.readiness == "broken"
    assert "is not a PocketSphinx model: it lacks" in status.reason
    assert lacks in status.reason


@pytest.mark.parametrize("name", ["mdef", "means", "transition_matrices", "sendump"])
def test_damaged_acoustic_model(handle, folder, name):
    """A damaged file of an acoustic model is a sentence, and does not end the whole run as it ends the C library's."""
    source = (folder / "acoustic").resolve()
    (folder / "acoustic").unlink()
    shutil.copytree(source, folder / "acoustic")
    (folder / "acoustic" / name).write_text("no model", encoding="utf-8")

    with pytest.raises(ModelError, match=r"model under-test: pocketsphinx does not load .*"):
        handle(model("pocketsphinx", folder)).observe(clip("goforward"))
