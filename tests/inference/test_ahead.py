"""Audio that is decoded ahead."""

import threading

import pytest

from asrlab_pytest.corpus import audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from asrlab_pytest.inference.prefetch import AudioAhead


@pytest.fixture
def decoded(monkeypatch):
    """What was decoded, and whether in another thread than the test's."""
    seen = []
    load = audio.load_audio

    def noted(clip):
        seen.append((clip.id, threading.current_thread() is not threading.main_thread()))
        return load(clip)

    monkeypatch.setattr(audio, "load_audio", noted)
    return seen


@pytest.fixture
def three(project):
    for name in ("one", "two", "three"):
        project.clip(name, f"clip {name}")
    project.evals("accuracy", "corpus")
    return project


def test_beside_an_accelerator(three, decoded):
    """Where the model is not on the processor, each clip but the first is decoded in a thread, and each once."""
    three.configure(tables='[tool.asrlab.models.polly.options]\ntakes = "cuda"\n')

    three.run().assert_outcomes(passed=4)

    assert decoded == [("one", False), ("two", True), ("three", True)]
    assert three.heard() == ["polly clip one", "polly clip two", "polly clip three"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("asrlab-ahead")]


def test_never_beside_the_processor(three, decoded):
    """Where the model is on the processor nothing is decoded beside it."""
    three.run().assert_outcomes(passed=4)

    assert decoded == [("one", False), ("two", False), ("three", False)]


def test_a_clip_that_cannot_be_read(three):
    """A clip that cannot be decoded fails its own case, not the one before it."""
    three.configure(tables='[tool.asrlab.models.polly.options]\ntakes = "cuda"\n')
    (three.path / "clips" / "two.wav").write_bytes(b"")

    result = three.run("test_accuracy.py")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_accuracy.py::test_accuracy[[]polly-two] *clip two: *"])


def test_another_order(three, decoded):
    """A clip that is asked for out of turn is decoded, and never another's audio given."""
    clips = {
        name: Clip(id=name, audio=three.path / "clips" / f"{name}.wav", text="") for name in ("one", "two", "three")
    }
    ahead = AudioAhead(list(clips.values()))
    expected = {name: audio.load_audio(clip).pcm_sha256 for name, clip in clips.items()}

    ahead.load(clips["one"])
    ahead.begin_after(clips["one"])
    assert ahead.load(clips["three"]).pcm_sha256 == expected["three"]
    ahead.begin_after(clips["three"])
    assert ahead.load(clips["two"]).pcm_sha256 == expected["two"]
    ahead.close()


def test_a_failure_ahead(tmp_path):
    """What went wrong ahead is told when the clip is asked for."""
    clips = [Clip(id=name, audio=tmp_path / f"{name}.wav", text="") for name in ("one", "two")]
    ahead = AudioAhead(clips)
    ahead.begin_after(clips[0])

    with pytest.raises(ClipError, match="clip two: no file"):
        ahead.load(clips[1])

    ahead.close()
