"""What evaluates speech that models make is loaded where a model speaks, and nowhere else."""

import pytest

SPOKEN = (
    "asrlab_pytest.cases.spoken",
    "asrlab_pytest.inference.tts",
    "asrlab_pytest.inference.conversation",
    "asrlab_pytest.sound.speech",
    "asrlab_pytest.records.speech",
)
HEAVY = ("torch", "numpy", "soundfile", "soxr", "rapidfuzz", "pydantic", "psutil", "pocketsphinx", "parrot_engine")
LOADED = f"""
import sys
import pytest

@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    print("loaded:", *sorted(set({(*SPOKEN, *HEAVY)!r}) & sys.modules.keys()))
"""


@pytest.fixture
def both(project):
    """A project of a parrot that recognizes and one that speaks, that says in the end what was loaded."""
    project.pytester.makeconftest(LOADED)
    project.configure("model = ['polly', 'coco']", models=("coco",), tasks=["tts"])
    project.clip("heard", "good morning")
    project.prompt("one", "hello there")
    return project


def loaded(result):
    (line,) = (line for line in result.outlines if line.startswith("loaded:"))
    return set(line.split()[1:])


def test_other_tests(both):
    """A run of other tests, in a project that is configured for speech, loads nothing of it."""
    both.write(test_plain="def test_plain(): pass")

    result = both.run_fresh("-s")

    assert result.ret == pytest.ExitCode.OK
    assert loaded(result) == set()


def test_recognition(both):
    """A run whose tests recognize speech loads nothing that only synthesis needs."""
    both.evals("accuracy")

    found = loaded(both.run_fresh("-s"))

    assert found.isdisjoint(SPOKEN)
    assert {"numpy", "parrot_engine"} <= found


def test_tts(both):
    """The same run with a case of TTS loads it: what is looked for is there to be found."""
    both.evals("tts")

    found = loaded(both.run_fresh("-s"))

    needed = {"cases.spoken", "inference.tts", "sound.speech"}
    assert {f"asrlab_pytest.{name}" for name in needed} <= found
    assert "asrlab_pytest.inference.conversation" not in found


def test_looking(both):
    """A run that only lists its tests reads the prompts and loads no engine."""
    both.evals("tts")

    result = both.run("--collect-only", "-q")

    assert "test_tts.py::test_tts[coco-one]" in result.outlines
    assert both.events() == []
