"""`asrlab github`: what the steps of the action decide, without a runner."""

import json
import os

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
    "junit.xml": '<?xml version="1.0"?><testsuites><testsuite><properties><property name="asrlab-pytest" value="1" />',
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


def test_a_junit_file_of_another_run(started, given, tmp_path, capsys):
    """The JUnit file of other tests, as pytest writes it, is refused and left as it is."""
    started()
    other = '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest">'
    (tmp_path / "junit.xml").write_text(other)

    assert main(["github", "run", "--results=."]) == 2

    assert "junit.xml already exists and is not a JUnit file of asrlab" in capsys.readouterr().err
    assert (tmp_path / "junit.xml").read_text() == other
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
                raise comment._CommentError(self.refuses)
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


def test_a_pass_of_a_run_that_failed_afterwards(started, github, tmp_path):
    """Where the last hook of a run changed its exit status, the comment says so above the verdict."""
    started()
    passed = "<!-- asrlab-pytest -->\n## ✅ asrlab: PASS\n"
    (tmp_path / "asr.md").write_text(passed, encoding="utf-8")

    assert [commented(status=status) for status in ("0", "1", "")] == [0, 0, 0]

    bodies = [body.split("\n", 1)[1] for *_, body in github.written]
    assert bodies[0] == passed
    assert all(body.startswith("## ❌ asrlab: not passed\n") and body.endswith(passed) for body in bodies[1:])
    assert "The run exited with status 1, after this was written:" in bodies[1]


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


TOKEN = "ghs_Abc123def456Ghi789jkl012Mno345"


@pytest.fixture
def gh(started, monkeypatch, tmp_path):
    """A program `gh` that writes to standard output and error, and exits with a status, or is killed."""
    started()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    def write(listed=b"", error=b"", ends="exit 0"):
        (tmp_path / "listed").write_bytes(listed)
        (tmp_path / "error").write_bytes(error)
        program = tmp_path / "gh"
        program.write_text(f"#!/bin/sh\ncd '{tmp_path}'\ncat listed\ncat error >&2\n{ends}\n")
        program.chmod(0o755)

    return write


NOT_WRITTEN = "::warning title=asrlab::no comment was written: "


@pytest.mark.parametrize(
    "error",
    [
        f"Post https://x-access-token:{TOKEN}@api.github.com/x?access_token={TOKEN}: EOF",
        f"HTTP 429: > Authorization: Bearer {TOKEN}",
        "HTTP 429 for password-of-a-step-77 of an app",
    ],
)
def test_tokens_in_an_error_of_gh(gh, monkeypatch, capsys, error):
    """An annotation, which anybody can read, shows no token that gh repeats, by its variable or by its form."""
    monkeypatch.setenv("GH_TOKEN", "password-of-a-step-77")
    gh(error=error.encode(), ends="exit 1")

    assert commented() == 0

    printed = capsys.readouterr().err
    assert printed.startswith(NOT_WRITTEN)
    assert "***" in printed
    assert TOKEN not in printed
    assert "password-of-a-step-77" not in printed


NO_JSON = "the list of comments is not JSON"
NO_COMMENTS = "the list of comments has something else than comments"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"error": b"bad \xff\n", "ends": "exit 1"}, "bad \ufffd"),
        ({"listed": b"\xff\n"}, NO_JSON),
        ({"listed": b"[" * 100_000}, NO_JSON),
        ({"listed": b"5\n"}, NO_COMMENTS),
        ({"listed": b"[1]\n"}, NO_COMMENTS),
        ({"listed": b'{"message": "Bad gateway"}\n'}, NO_COMMENTS),
        ({"listed": b'{"user": {"type": "Bot"}, "body": "<!-- asrlab-pytest: asr -->"}\n'}, NO_COMMENTS),
        ({"ends": "exit 4"}, "gh exited with status 4"),
        ({"error": b" \n", "ends": "kill -9 $$"}, "gh was ended by SIGKILL"),
    ],
)
def test_what_gh_may_answer(gh, capsys, answer, problem):
    """Whatever gh writes, and however it ends, a comment that is not written fails nothing, and a warning says why."""
    gh(**answer)

    assert commented() == 0

    assert capsys.readouterr().err.startswith(f"{NOT_WRITTEN}{problem}. The")


def test_comments_without_text_or_user(started, github):
    """A comment whose account is gone, or that has no text, is somebody else's."""
    started()
    github.comments = ({"id": 1, "user": {"type": "Bot"}}, {"id": 2, "user": None, "body": None}, {"id": 3})

    assert commented() == 0

    assert [method for method, *_ in github.written] == ["POST"]


@pytest.mark.parametrize("pull_request", [7, {}, {"number": "seven"}])
def test_pull_requests_without_a_number(started, github, tmp_path, capsys, pull_request):
    """Where the event does not name the pull request as GitHub does, a warning says so."""
    started()
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": pull_request}))

    assert commented() == 0

    assert capsys.readouterr().err.startswith(f"{NOT_WRITTEN}the event has no number of the pull request. The")
    assert github.written == ()


def test_without_the_name_of_the_repository(started, github, monkeypatch, capsys):
    """Where the repository is not named, a warning says so."""
    started()
    monkeypatch.delenv("GITHUB_REPOSITORY")

    assert commented() == 0

    problem = "the environment variable GITHUB_REPOSITORY is not set"
    assert capsys.readouterr().err.startswith(f"{NOT_WRITTEN}{problem}. The")
    assert github.written == ()


@pytest.mark.parametrize("event", ["[]", "5", "null", "{", "[" * 100_000, '{"repository": 5}', '{"repository": {}}'])
def test_events_of_other_systems(started, github, tmp_path, capsys, event):
    """An event that is none of GitHub's names no pull request and no default branch, and fails nothing."""
    started(*MAIN)
    (tmp_path / "event.json").write_text(event)

    assert commented() == 0
    assert main(["github", "run", "--results=out", "--baseline=base.jsonl"]) == 0

    assert "not a pull request" in capsys.readouterr().out
    assert outputs(tmp_path)["keep-baseline"] == "true"


def test_names_of_comments(started, github):
    """Each name has a comment of its own, whatever hyphens it has, and no name ends its marker early."""
    started()
    names = ["x", "xy", "x-y", "x--y", "x---y", "x----y", "x-%2Dy", "x%y", "x -->", "x -->y"]

    for name in names:
        assert commented(name) == 0

    markers = [body.split("\n")[0] for *_, body in github.written]
    assert len(set(markers)) == len(names)
    assert [marker.index("-->") for marker in markers] == [len(marker) - 3 for marker in markers]
    assert markers[:3] == [f"<!-- asrlab-pytest: {name} -->" for name in names[:3]]


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
