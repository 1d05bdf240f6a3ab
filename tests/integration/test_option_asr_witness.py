"""--asr-witness: an independent listener, before any model is judged."""

import json
import shutil

import pytest

from quick_search import TABLE

CLIPS = ("read-rms", "date-awb", "time-rms", "money-slt", "code-awb")


@pytest.fixture(scope="module")
def good(fresh_project):
    """A project whose parrot is innocent, of real clips that pocketsphinx understands, and their audit."""
    with fresh_project("good") as project:
        project.real_clips(*CLIPS)
        project.evals("accuracy", "corpus")
        project.write(test_corpus_audit="def test_corpus_audit(asr_audit):\n    asr_audit.check()\n")
        project.configure(tables=f'[tool.asrlab.models.polly.options]\nsays = "nothing like it"\n{TABLE}')
        return project, project.run("--asr-witness", "pocketsphinx-en-us", "test_corpus_audit.py")


@pytest.fixture
def lab(fresh_project, good):
    """A copy of the project, where no model was judged yet, and the witness heard the clips."""
    with fresh_project("lab", like=good[0]) as project:
        yield project


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

    result = lab.run("--asr-witness", "pocketsphinx-en-us", "-rs")

    result.assert_outcomes(failed=1, skipped=len(CLIPS) + 1)
    assert lab.events("transcribe") == []
    result.stdout.fnmatch_lines(["*data set, not model: 5 of 5 clips of the corpus clips are flagged*"])
    shown = result.stdout.str()
    assert f"error {rows[0]['id']}: swapped: the audio matches the text of {rows[-1]['id']}: " in shown


def test_a_good_corpus(lab, good):
    """Where the audio says its texts the models are judged, and what the witness heard is kept and heard once."""
    _, first = good
    kept = {path: path.stat().st_size for path in (lab.path / ".asrlab" / "runs").iterdir()}

    again = lab.run("--asr-witness", "pocketsphinx-en-us", "test_corpus_audit.py")
    after = {path: path.stat().st_size for path in (lab.path / ".asrlab" / "runs").iterdir()}
    judged = lab.run("--asr-witness", "pocketsphinx-en-us", "test_corpus_audit.py", "test_corpus.py")

    first.assert_outcomes(passed=1)
    again.assert_outcomes(passed=1)
    judged.assert_outcomes(passed=2)
    assert kept
    assert after == kept
    assert len(lab.heard()) == len(CLIPS)


def test_without_it(lab):
    """Without the option nobody listens before the models."""
    rotate(lab)
    shutil.rmtree(lab.path / ".asrlab")

    result = lab.run("test_corpus_audit.py")

    assert "swapped" not in result.stdout.str()
    assert not (lab.path / ".asrlab").exists()


def test_a_witness_without_an_audit(lab):
    """A witness that is asked for fails a run in which no test audits the clips, unless such tests are left out."""
    left_out = lab.run("--asr-witness", "pocketsphinx-en-us", "test_corpus.py")
    (lab.path / "test_corpus_audit.py").unlink()

    result = lab.run("--asr-witness", "pocketsphinx-en-us")

    assert left_out.ret == 0
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*no clip was audited, so the witness transcribed none (--asr-witness, or*"])


def test_a_witness_that_does_not_exist(lab):
    """A misspelt witness ends the run before any test, also where no test audits the clips."""
    result = lab.run("--asr-witness", "pocketsphinx-en", "test_corpus.py")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no model 'pocketsphinx-en'; did you mean pocketsphinx-en-us*"])
