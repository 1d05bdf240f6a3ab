"""`asrlab github`: what the steps of the action decide, without a runner."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.cli.github import comment, evaluation


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Says that an event started the workflow."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/it")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))

    def start(event="pull_request", ref="refs/pull/7/merge", **payload):
        monkeypatch.setenv("GITHUB_EVENT_NAME", event)
        monkeypatch.setenv("GITHUB_REF", ref)
        monkeypatch.setenv("GITHUB_REF_NAME", ref.rpartition("/")[2])
        if event == "pull_request":
            payload["pull_request"] = {"number": 7}
        (tmp_path / "event.json").write_text(json.dumps(payload))

    return start


@pytest.fixture(autouse=True)
def given(monkeypatch):
    """What pytest was called with; it passes, and writes the baseline and the Markdown that it is asked to write."""
    calls = []

    def run(arguments):
        calls.append(arguments)
        for argument in arguments:
            if argument.startswith("--asr-markdown="):
                evaluation.Path(argument.partition("=")[2]).write_text("<!-- asrlab-pytest -->\nPASS")
            if "--asr-update-baseline" in arguments and argument.startswith("--asr-baseline="):
                evaluation.Path(argument.partition("=")[2]).write_text("new")
        return 0

    monkeypatch.setattr(evaluation, "_run_pytest", run)
    return calls


def outputs(folder):
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


PULL = ("pull_request", "refs/pull/7/merge")
MAIN = ("push", "refs/heads/main")
TARGET = ("pull_request_target", "refs/heads/main")
SCHEDULE = ("schedule", "refs/heads/main")
BY_HAND = ("workflow_dispatch", "refs/heads/main")


@pytest.mark.parametrize(
    ("by", "situation", "expected"),
    [
        (PULL, "committed", "compared"),
        (PULL, "absent", "written"),
        (PULL, "--cached=k", "compared"),
        (MAIN, "absent", "kept"),
        (MAIN, "committed", "compared"),
        (MAIN, "--cached=k", "kept"),
        (("push", "refs/heads/topic"), "--cached=k", "compared"),
        (SCHEDULE, "--cached=k", "kept"),
        (TARGET, "--cached=k", "compared"),
        (TARGET, "absent", "written"),
        (BY_HAND, "--update-baseline=always", "kept"),
        (PULL, "--update-baseline=never", "compared"),
    ],
)
def test_when_the_baseline_is_written(started, tmp_path, by, situation, expected):
    """A committed baseline is compared with; without one the default branch writes it again, and nobody else's code."""
    started(*by, repository={"default_branch": "main"})
    if situation != "absent":
        (tmp_path / "base.jsonl").write_text("old")
    options = [situation] if situation.startswith("--") else []

    assert main(["github", "run", "--results=out", "--baseline=base.jsonl", *options]) == 0

    is_written = expected in {"written", "kept"}
    assert outputs(tmp_path)["baseline"] == ("written" if is_written else "compared")
    assert outputs(tmp_path)["keep-baseline"] == json.dumps(expected == "kept")
    assert (tmp_path / "base.jsonl").read_text() == ("new" if is_written else "old")
    assert (tmp_path / "out" / "base.jsonl").exists() == is_written


def test_words_of_the_inputs(started, given, tmp_path):
    """Paths, models and options are split as in a shell, and nothing in them is a command."""
    started()

    status = main(
        ["github", "run", "--results=out", "--path=evals 'more evals'", "--models=a b-*", "--args=-k 'x or y' $(id)"]
    )

    assert status == 0
    assert given[0][:4] == ["evals", "more evals", "--asr-model=a", "--asr-model=b-*"]
    assert given[0][-3:] == ["-k", "x or y", "$(id)"]
    assert not [each for each in given[0] if "baseline" in each]
    assert outputs(tmp_path)["baseline"] == ""


def test_words_that_cannot_be_split(started, given, capsys):
    """A quotation mark that nothing closes is an error in a sentence, before anything runs."""
    started()

    assert main(["github", "run", "--results=out", "--args=-k 'x"]) == 2

    assert 'args "-k \'x" cannot be split into words: No closing quotation' in capsys.readouterr().err
    assert given == []


OURS = {
    "asr.md": "<!-- asrlab-pytest -->\n",
    "run.jsonl": '{"kind": "environment"}\n',
    "report.html": '<meta name="generator" content="asrlab-pytest report">',
    "junit.xml": '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">',
    "base.jsonl": '{"kind": "baseline"}\n',
}
"""Beginnings of what a run writes, by name."""


def test_results_of_an_earlier_run(started, monkeypatch, tmp_path):
    """What an earlier run left in the folder is deleted, and another file is not."""
    started()
    monkeypatch.setattr(evaluation, "_run_pytest", lambda arguments: 0)
    (tmp_path / "out").mkdir()
    for name, text in {**OURS, "mine.txt": "old"}.items():
        (tmp_path / "out" / name).write_text(text)

    main(["github", "run", "--results=out", "--baseline=evals/base.jsonl", "--update-baseline=never"])

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    assert (outputs(tmp_path)["report"], outputs(tmp_path)["wer"]) == ("", "{}")


@pytest.mark.parametrize("name", OURS)
def test_files_of_others_among_the_results(started, given, tmp_path, capsys, name):
    """A file with a result's name that no run wrote is refused before pytest runs, and no file is deleted."""
    started()
    for other, text in OURS.items():
        (tmp_path / other).write_text("my own file" if other == name else text)

    assert main(["github", "run", "--results=.", "--baseline=evals/base.jsonl"]) == 2

    assert f"{name} already exists and is not a" in capsys.readouterr().err
    assert {other: (tmp_path / other).read_text() for other in OURS} == {**OURS, name: "my own file"}
    assert given == []


def test_results_beside_the_baseline(started, given, tmp_path, capsys):
    """The folder of the baseline takes no results: the baseline would be deleted, and compared with nothing."""
    started()
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "baseline.jsonl").write_text("old")

    assert main(["github", "run", "--results", str(tmp_path / "evals"), "--baseline=evals/baseline.jsonl"]) == 2

    assert "contains the baseline" in capsys.readouterr().err
    assert (tmp_path / "evals" / "baseline.jsonl").read_text() == "old"
    assert given == []


def test_a_run_that_is_killed(started, monkeypatch, tmp_path):
    """The folder is known before pytest runs, so that what a killed run wrote is uploaded."""
    started()
    monkeypatch.setattr(evaluation, "_run_pytest", lambda arguments: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        main(["github", "run", "--results=out"])

    assert outputs(tmp_path) == {"results": "out"}


@pytest.fixture
def github(monkeypatch):
    """What GitHub has of comments, and what it was asked to write."""

    class Github:
        comments = ()
        refuses = ""
        written = ()

        def __call__(self, *arguments, given=""):
            if self.refuses:
                raise comment._GhError(self.refuses)
            if "--jq" in arguments:
                return "".join(f"{json.dumps(one)}\n" for one in self.comments)
            self.written = (*self.written, (*arguments[1:3], json.loads(given)["body"]))
            return ""

    made = Github()
    monkeypatch.setattr(comment, "_gh", made)
    return made


def by(kind, body, number=1):
    return {"id": number, "user": {"type": kind}, "body": body}


def commented(name="asr", status="0"):
    return main(["github", "comment", "--results=.", f"--name={name}", f"--exit-status={status}"])


def test_the_comment_that_is_changed(started, github, tmp_path):
    """The comment of a bot with the marker of this name is changed; of another name, or a person's, none is."""
    started()
    (tmp_path / "asr.md").write_text("PASS\u2028")
    marker = "<!-- asrlab-pytest: asr -->"
    github.comments = (
        by("User", f"{marker} hello", 1),
        by("Bot", "<!-- asrlab-pytest: mac -->\nPASS", 2),
        by("Bot", f"{marker}\nFAIL\u2028\n", 3),
    )

    assert commented() == 0
    github.comments = github.comments[:2]
    assert commented() == 0

    assert [(method, path) for method, path, _ in github.written] == [
        ("PATCH", "repos/me/it/issues/comments/3"),
        ("POST", "repos/me/it/issues/7/comments"),
    ]
    assert {body for *_, body in github.written} == {f"{marker}\nPASS\u2028"}


@pytest.mark.parametrize(("status", "how"), [("4", "exited with status 4"), ("", "did not finish")])
def test_a_run_without_results(started, github, status, how):
    """A comment never keeps the verdict of an older run: where there is no result, it says so."""
    started()

    assert commented(status=status) == 0

    ((*_, body),) = github.written
    assert "❌ asrlab: no result" in body
    assert f"The run {how}." in body


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (
            "gh: Not accessible (HTTP 403)",
            "::notice title=asrlab::the token cannot write comments, as on",
        ),
        (
            "gh: Bad (HTTP 502)\nagain",
            "::warning title=asrlab::no comment was written: gh: Bad (HTTP 502)%0Aagain.",
        ),
    ],
)
def test_a_comment_that_cannot_be_written(started, github, capsys, problem, told):
    """A comment that may not or cannot be written fails nothing, and an annotation points to the job's summary."""
    started()
    github.refuses = problem

    assert commented() == 0

    printed = capsys.readouterr().err
    assert printed.startswith(told)
    assert "The results are in the job summary" in printed


def test_outside_of_a_pull_request(started, github, capsys):
    """Where there is no pull request, nothing is written."""
    started("push", "refs/heads/main")

    assert commented() == 0

    assert github.written == ()
    assert "not a pull request" in capsys.readouterr().out


def test_without_gh(started, monkeypatch, tmp_path, capsys):
    """Where gh is not installed, a warning says so, and the run's status stands."""
    started()
    monkeypatch.setenv("PATH", str(tmp_path))

    assert commented() == 0

    assert "::warning title=asrlab::no comment was written: gh cannot be run: No such file" in capsys.readouterr().err
