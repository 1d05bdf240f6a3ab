"""Accuracy gate, audit and entities in one run that two workers share."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voices import SENTENCES, speak

PARROT = Path(__file__).parents[1] / "parrot"


@pytest.fixture(scope="module")
def shared(fresh_project):
    """A run of two workers with a baseline, a clip that is silent, and one with entities; project and result."""
    with fresh_project("before") as before:
        for number, text in enumerate(SENTENCES):
            speak(before.clip(f"clip{number}", text, seconds=5.0), seed=number)
        text, says = "It cost $1.5 million on March 3rd.", "it cost 1.5 dollars on march third"
        speak(before.clip("paid", text, says=says, seconds=5.0), seed=8)
        before.evals("accuracy", "corpus", "regression")
        before.run("test_regression.py", "--asr-baseline", "base.jsonl", "--asr-update-baseline")
    with fresh_project("shared", like=before) as project:
        soundfile.write(project.path / "clips" / "clip3.wav", np.zeros(80_000), 16_000)
        project.write(test_zz_audit="def test_corpus_audit(asr_audit):\n    asr_audit.check()\n")
        return project, project.run(
            "-n", "2", "-o", f"pythonpath={PARROT}", "-rs", "--asr-baseline", "base.jsonl", "--asr-record", "run.jsonl"
        )


def test_the_accuracy_gate(shared):
    """Under xdist the gate comes to the same verdict, and takes from the run's own store what others transcribed."""
    project, result = shared

    result.stdout.fnmatch_lines(["PASS * polly*"])
    # The corpus test may be under way while another worker still transcribes; the gate comes after both.
    assert len(project.heard()) < 2 * 8


def test_the_audit(shared):
    """Every worker sets the same clips aside."""
    _, result = shared

    # Eight clips, the corpus and the gate pass; the silent clip is skipped, and the audit fails on it.
    result.assert_outcomes(passed=8 + 1 + 1, skipped=1, failed=1)
    result.stdout.fnmatch_lines(["*clip3: excluded by the audit: silent*"])


def test_entities_in_the_scorecard(shared, monkeypatch):
    """A model's line of the scorecard has recall, error rate and N, and the protocol's signature stands below."""
    monkeypatch.chdir(shared[0].path)
    shared[0].report().fnmatch_lines(
        [
            "entities   recall 50.0%, error rate 50.0%, of 2 entities",
            "*asrlab-entities/1.0+en#*",
            "hint       1 clip has no entities listed: *",
        ]
    )
