"""--asr-store: every transcript kept, in the project or elsewhere."""

import pytest

from asrlab_pytest.records.reading import read_run


@pytest.fixture
def kept(project):
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    project.evals("accuracy")
    return project


def runs(project, folder=".asrlab"):
    return [read_run(path) for path in sorted((project.path / folder / "runs").glob("*.jsonl"))]


def test_every_run_is_kept(kept):
    """Each run leaves a whole record in the store, and none of them replaces another."""
    kept.run()
    kept.run("--asr-clip", "two")

    first, second = runs(kept)
    assert [row.clip for row in first.observations] == ["one", "two"]
    assert [row.clip for row in second.observations] == ["two"]
    assert first.is_ended
    assert first.damages == []
    assert first.environment.plan == {"polly": ["one", "two"]}
    assert (kept.path / ".asrlab" / ".gitignore").read_text() == "*\n"


def test_none(kept):
    """An empty name wants no store."""
    result = kept.run("--asr-store", "")

    result.assert_outcomes(passed=2)
    assert not (kept.path / ".asrlab").exists()


def test_a_run_that_only_looks(kept):
    """A run that transcribes nothing makes no store."""
    kept.run("--collect-only")

    assert not (kept.path / ".asrlab").exists()


def test_a_store_that_cannot_be_written(kept):
    """Where the store cannot be written the run goes on, and says that it cannot be resumed."""
    (kept.path / "file").write_text("")

    result = kept.run("--asr-store", "file/store", "--asr-record", "run.jsonl")

    assert result.ret == 0
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["asrlab: the store *file/store cannot be written (Not a directory)*", "  hint: *"])
    assert len(kept.record()[1]) == 2


def test_a_store_that_workers_cannot_write(kept):
    """Where workers of xdist cannot write the store, the process that reports says so once."""
    (kept.path / "file").write_text("")

    result = kept.run("-n", "2", "--asr-store", "file/store")

    result.assert_outcomes(passed=2)
    assert result.stdout.str().count("file/store cannot be written (Not a directory)") == 1


def test_a_failure_is_kept_too(kept):
    """A clip that gave no observation is in the record with the reason; the store may lie elsewhere."""
    kept.configure(tables='[tool.asrlab.models.polly.options]\nfails_on = "good morning"\n')

    kept.run("--asr-record", "run.jsonl", "--asr-store", "kept/here")

    assert len(runs(kept, "kept/here")) == 1
    assert not (kept.path / ".asrlab").exists()
    for run in (*runs(kept, "kept/here"), read_run(kept.path / "run.jsonl")):
        (failure,) = run.failures
        assert (failure.model, failure.clip) == ("polly", "two")
        assert "the parrot bit me" in failure.problem


def test_nothing_secret(kept, monkeypatch):
    """No record names the home folder, the machine, or an environment variable that is not of a listed few."""
    monkeypatch.setenv("HOME", str(kept.path.parent))
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    kept.configure(tables=f'[tool.asrlab.models.extra]\nengine = "parrot"\nweights = "{kept.path}/w.pt"\n')

    kept.run_apart("--asr-record", "run.jsonl", "--benchmark-json", "results.json")

    written = [kept.path / "run.jsonl", kept.path / "results.json", *(kept.path / ".asrlab" / "runs").iterdir()]
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert str(kept.path.parent) not in text
        assert "hf_secret" not in text
    assert kept.json("results.json")["machine_info"]["node"] == ""
