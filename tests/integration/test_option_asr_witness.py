"""--asr-witness: an independent listener, before any model is judged."""

import json

import pytest

CLIPS = ("goforward", "names-awb", "date-awb", "time-rms", "money-slt", "code-awb", "numbers-slt", "contractions-awb")


@pytest.fixture
def lab(project):
    """A project whose parrot is innocent: real clips that pocketsphinx understands."""
    project.real_clips(*CLIPS)
    project.evals("accuracy", "corpus")
    project.write(test_corpus_audit="def test_corpus_audit(asr_audit):\n    asr_audit.check()\n")
    project.configure(tables='[tool.asrlab.models.polly.options]\nsays = "nothing like it"\n')
    return project


def rotate(project):
    """Give every clip the text of the next one."""
    path = project.path / "clips" / "manifest.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    for row, text in zip(rows, [*texts[1:], texts[0]], strict=True):
        row["text"] = text
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return rows


def test_every_reference_rotated_by_one(lab):
    """Where each clip has the text of the next, a first run stops at the data set, names pairs and blames no model."""
    rows = rotate(lab)

    result = lab.run("--asr-witness", "-rs")

    result.assert_outcomes(failed=1, skipped=len(CLIPS) + 1)
    assert lab.events("transcribe") == []
    result.stdout.fnmatch_lines(["*data set, not model: 8 of 8 clips of clips are flagged*"])
    shown = result.stdout.str()
    assert f"error {rows[0]['id']}: swapped: the audio says the text of {rows[-1]['id']}: " in shown


def test_a_good_corpus(lab):
    """Where the audio says its texts the models are judged, and what the witness heard is kept and heard once."""
    first = lab.run("--asr-witness", "test_corpus_audit.py", "test_corpus.py")
    kept = {path: path.stat().st_size for path in (lab.path / ".asrlab" / "runs").iterdir()}

    again = lab.run("--asr-witness", "test_corpus_audit.py")

    first.assert_outcomes(passed=2)
    again.assert_outcomes(passed=1)
    assert {path: path.stat().st_size for path in (lab.path / ".asrlab" / "runs").iterdir()} == kept
    assert len(lab.heard()) == len(CLIPS)


def test_without_it(lab):
    """Without the option nobody listens before the models."""
    rotate(lab)

    result = lab.run("test_corpus_audit.py")

    assert "swapped" not in result.stdout.str()
    assert not (lab.path / ".asrlab").exists()
