"""The record of a run that audits its clips with a witness, on an empty store."""

import json

import pytest

from asrlab_pytest.cli import main
from voices import SENTENCES, speak


@pytest.fixture(scope="module")
def audited(fresh_project):
    """A project of nine clips, of which the last has no file, after its first run."""
    with fresh_project("audited") as project:
        for number, text in enumerate(SENTENCES):
            speak(project.clip(f"clip{number}", text, seconds=5.0), seed=number)
        project.line(id="gone", audio="gone.wav", text="nobody says this", language="en")
        project.evals("accuracy")
        project.write(test_corpus_audit="def test_corpus_audit(asr_audit):\n    asr_audit.check()\n")
        result = project.run(
            "--asr-witness", "polly", "--asr-record", "run.jsonl", "--asr-report", "page.html", "-p", "no:cacheprovider"
        )
        result.assert_outcomes(passed=8, skipped=1, failed=1)
        yield project, result


def items(path):
    page = path.read_text(encoding="utf-8")
    return json.loads(page.partition('id="data">')[2].partition("</script>")[0])["items"]


def test_a_killed_run_knows_what_it_lacks(audited, tmp_path, capsys):
    """A first run with a witness records its plan, so that a killed run shows how many cases are missing."""
    project, _ = audited
    record = tmp_path / "killed.jsonl"
    record.write_text("".join((project.path / "run.jsonl").read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")

    assert main(["report", str(record)]) == 1

    assert "1 of 8 planned cases" in capsys.readouterr().err
    assert project.record()[0]["plan"] == {"polly": [f"clip{number}" for number in range(8)]}


def test_the_store_has_what_the_witness_heard(audited):
    """The witness's transcripts are in a separate file of the store, and the file of the run has the run's plan."""
    project, _ = audited

    files = sorted((project.path / ".asrlab" / "runs").iterdir())

    stored = [[json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files]
    kinds = ["environment", *["observation"] * 8, "end"]
    assert [[line["kind"] for line in lines] for lines in stored] == [kinds, kinds]
    assert [lines[0]["plan"] is None for lines in stored] == [True, False]


def test_excluded_clips_stay_in_the_report(audited, tmp_path, capsys):
    """The page of the stored run lists an excluded clip with its reason, like the page that the run wrote."""
    project, result = audited
    written = items(project.path / "page.html")

    assert main(["report", str(project.path / "run.jsonl"), "-o", str(tmp_path / "stored.html")]) == 0
    stored = items(tmp_path / "stored.html")
    main(["report", str(project.path / "run.jsonl")])

    for page in (written, stored):
        (gone,) = [item for item in page if item["id"] == "gone"]
        assert gone["excluded"] is True
        assert gone["findings"] == ["error: no file clips/gone.wav"]
    line = "set aside  1 clip excluded by the audit (gone)"
    result.stdout.fnmatch_lines([line])
    assert line in capsys.readouterr().out
    assert "1 clip excluded by the audit (gone)" in (tmp_path / "stored.html").read_text(encoding="utf-8")


def test_no_page_names_the_folder_of_the_project(audited):
    """The page that a run writes, and its record, do not say where on the machine the project is."""
    project, _ = audited

    for name in ("page.html", "run.jsonl"):
        assert str(project.path) not in (project.path / name).read_text(encoding="utf-8")
