"""Whisper through the plugin: true engines, true cases, known figures."""

import pytest
from under_test import AUDIO, Pair

from asrlab_pytest.scoring.score import score
from checkpoints import SENTENCE

ENGINES = ("openai-whisper", "faster-whisper")
SINGLE = """
[tool.asrlab.profiles.single]
beam_size = 1
temperature = 0.0
condition_on_previous_text = false
timestamps = "segment"
vad = false
threads = 1
"""
"""A profile of the project's own: `fair`, in one thread."""


@pytest.fixture
def lab(project, pair):
    """A project whose two models are the scripted weights in both engines, and whose clip says their sentence."""

    def make(kind="scripted", extra=""):
        made: Pair = pair(kind)
        tables = "".join(
            f'[tool.asrlab.models.{engine}]\nengine = "{engine}"\nweights = "{made.weights(engine)}"\n'
            f'profile = "single"\n{extra}'
            for engine in ENGINES
        )
        project.configure(models=(), toml=f"model = {list(ENGINES)!r}\n", tables=tables + SINGLE)
        project.line(id="fox", audio=str(AUDIO / "goforward.wav"), text=SENTENCE, language="en")
        return project

    return make


def rate(row):
    """The word error rate of an observation in a record."""
    return score(row["reference"], row["hypothesis"], row["language"]).wer


def test_known_word_error_rate(lab):
    """Through the shipped evals, scripted weights have a word error rate of 0 in both engines."""
    project = lab()
    project.evals("accuracy")

    project.run("--asr-record", "run.jsonl").assert_outcomes(passed=2)

    _, rows = project.record()
    assert {row["model"]: rate(row) for row in rows} == dict.fromkeys(ENGINES, 0.0)
    assert {row["model"]: row["hypothesis"].strip() for row in rows} == dict.fromkeys(ENGINES, SENTENCE)


def test_failure_shows_the_errors(lab):
    """A reference that differs by a word fails its threshold in both engines, with the error counted."""
    project = lab(extra="thresholds = { wer = 0.1 }\n")
    project.line(id="cat", audio=str(AUDIO / "short-rms.wav"), text=SENTENCE.replace("dog", "brown cat"), language="en")
    project.evals("accuracy")

    result = project.run("--asr-record", "run.jsonl")

    result.assert_outcomes(passed=2, failed=2)
    _, rows = project.record()
    assert [rate(row) for row in rows if row["clip"] == "cat"] == [pytest.approx(2 / 10)] * 2


def test_random_weights(lab):
    """Random weights run through the plugin: their text is recorded as it is, the same from both engines."""
    project = lab("random")
    project.write(test_any="def test_any(asr_case):\n    assert asr_case.transcribe().text\n")

    project.run("--asr-record", "run.jsonl").assert_outcomes(passed=2)

    _, rows = project.record()
    assert len({row["hypothesis"] for row in rows}) == 1
    assert {row["device"] for row in rows} <= {"cpu", "cuda", "mps"}


def test_missing_weights(lab, tmp_path):
    """A model whose weights are missing is skipped with the command that fetches them; the others run."""
    project = lab(extra=f'options = {{ download_root = "{tmp_path}" }}\n')
    text = (project.path / "pyproject.toml").read_text(encoding="utf-8")
    first = text.index('weights = "')
    text = text[:first] + 'weights = "tiny"' + text[text.index("\n", first) :]
    (project.path / "pyproject.toml").write_text(text, encoding="utf-8")
    project.evals("accuracy")

    result = project.run("--asr-download", "never", "-rs")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*weights missing*"])
