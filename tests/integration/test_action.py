"""action.yml: its steps run in bash as a runner of GitHub runs them, with programs that stand in for uv and gh."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
SHELL = [step for step in STEPS if "run" in step]
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None, reason="bash is not installed: install it, or Git for Windows, and put it on the PATH"
)

UV = """#!/bin/bash
if [ "$1" = sync ]; then printf '%s\\n' "$@" > "$STANDIN/synced"; exit; fi
[ "$1 $2" = "run --no-sync" ] || exit 64
shift 2
exec "$@"
"""
GH = f"""#!{sys.executable}
import json, os, sys
from pathlib import Path
if not os.environ.get("GH_TOKEN"):
    sys.exit("no token")
if Path(os.environ["STANDIN"], "forbidden").exists():
    sys.exit("gh: Resource not accessible by integration (HTTP 403)")
comments = Path(os.environ["STANDIN"], "comments.json")
stored = json.loads(comments.read_text()) if comments.exists() else []
if "--jq" in sys.argv:
    print("\\n".join(map(json.dumps, stored)))
else:
    method, path = sys.argv[sys.argv.index("--method") + 1 :][:2]
    body = json.load(sys.stdin)["body"]
    if method == "PATCH":
        next(one for one in stored if path.endswith(f"/issues/comments/{{one['id']}}"))["body"] = body
    else:
        assert path == "repos/me/it/issues/7/comments"
        stored.append({{"id": 40 + len(stored), "user": {{"type": "Bot"}}, "body": body}})
    comments.write_text(json.dumps(stored))
"""


class Runner:
    """A machine that runs the steps of the action in a project.

    Args:
        project: The project that is evaluated.
        folder: What the runner itself needs.
    """

    def __init__(self, project, folder):
        self.project = project
        self.folder = folder
        self.printed = ""
        for name, text in (("uv", UV), ("gh", GH)):
            program = folder / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(text)
            program.chmod(0o755)

    def run(self, *, event="pull_request", ref="refs/pull/7/merge", cached="", **inputs):
        """Run all steps of the shell; exit statuses by the step's place, and the outputs of the gate."""
        known = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
        known |= {name.replace("_", "-"): value for name, value in inputs.items()}
        outputs = {"steps.baseline.outputs.cache-matched-key": cached}
        for name in ("output", "summary"):
            (self.folder / name).write_text("")
        payload = {"repository": {"default_branch": "main"}}
        if event == "pull_request":
            payload["pull_request"] = {"number": 7}
        (self.folder / "event.json").write_text(json.dumps(payload))
        statuses = []
        for step in SHELL:
            values = {**{f"inputs.{name}": value for name, value in known.items()}, **outputs, "github.token": "secret"}
            status = self._step(step, values, event, ref)
            statuses.append(status)
            lines = (self.folder / "output").read_text().splitlines()
            outputs |= {f"steps.run.outputs.{name}": value for name, _, value in (one.partition("=") for one in lines)}
        return statuses, {name.removeprefix("steps.run.outputs."): value for name, value in outputs.items()}

    def comment(self):
        """Run the step of the comment alone; its exit status."""
        values = {"inputs.name": "asrlab", "inputs.working-directory": ".", "inputs.token": "secret"}
        return self._step(SHELL[-1], values, "pull_request", "refs/pull/7/merge")

    def comments(self):
        path = self.folder / "comments.json"
        return [one["body"] for one in json.loads(path.read_text())] if path.exists() else []

    def _step(self, step, values, event, ref):
        def resolved(text):
            """A value whose expressions are worked out; that of an input may be an expression, too."""
            found = EXPRESSION.sub(lambda each: values.get(each[1], ""), text)
            return resolved(found) if EXPRESSION.search(found) else found

        folder = self.folder
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "STANDIN": str(folder),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_REF": ref,
            "GITHUB_REPOSITORY": "me/it",
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "RUNNER_TEMP": str(folder / "temp"),
            **{name: resolved(value) for name, value in step.get("env", {}).items()},
        }
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            command,
            check=False,
            cwd=self.project.path / resolved(step["working-directory"]),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed += done.stdout
        return done.returncode


@pytest.fixture(scope="module")
def runner(fresh_project, tmp_path_factory):
    """A runner with a project of six clips, of which the model errs once in each."""
    with fresh_project("evaluated") as project:
        for number in range(6):
            project.clip(f"c{number}", "go forward ten meters", says="go backward ten meters")
        project.evals("accuracy", "regression")
        yield Runner(project, tmp_path_factory.mktemp("runner"))


INPUTS = {"path": ".", "baseline": "base.jsonl", "args": "-p no:cacheprovider -p no:hypothesispytest"}


@pytest.fixture(scope="module")
def first(runner):
    """The first run, on a pull request of a project without a baseline."""
    result = runner.run(**INPUTS, sync="--extra\nall")
    return *result, runner.printed, (runner.project.path / "base.jsonl").read_text()


@pytest.fixture(scope="module")
def better(runner, first):
    """A run whose baseline is worse than what the model writes now."""
    (runner.project.path / "base.jsonl").write_text(first[3].replace("go backward ten", "go backward nine"))
    return runner.run(**INPUTS)


@pytest.fixture(scope="module")
def worse(runner, first, better):
    """A later run, whose baseline is better than what the model writes now."""
    (runner.project.path / "base.jsonl").write_text(first[3].replace("backward", "forward"))
    before = runner.comments()
    return *runner.run(**INPUTS), before


def test_the_first_run_writes_a_baseline(runner, first):
    """Without a baseline the run writes one into the results, says so in a warning, and passes."""
    statuses, outputs, printed, _ = first

    assert statuses == [0, 0, 0], printed
    assert (outputs["exit-status"], outputs["baseline"], outputs["keep-baseline"]) == ("0", "written", "false")
    assert json.loads(outputs["wer"]) == {"polly": 0.25}
    results = Path(outputs["results"])
    assert results == runner.folder / "temp" / "asrlab" / "asrlab"
    assert {path.name for path in results.iterdir()} >= {"asr.md", "run.jsonl", "junit.xml", "base.jsonl"}
    assert "::warning title=asrlab::no baseline base.jsonl yet, so nothing is compared." in printed
    assert (runner.folder / "synced").read_text().split() == ["sync", "--extra", "all"]


def test_a_better_pull_request_is_green(runner, better):
    """An improvement passes, and the comment of the first run is changed, not another one written."""
    statuses, outputs = better

    assert statuses == [0, 0, 0], runner.printed
    assert outputs["baseline"] == "compared"
    assert "✅ asrlab: PASS" in (Path(outputs["results"]) / "asr.md").read_text()


def test_a_worse_pull_request_is_red(runner, worse):
    """A regression fails the step of the gate with pytest's status, and the comment says so all the same."""
    statuses, outputs, before = worse

    assert statuses == [0, 1, 0], runner.printed
    assert (outputs["exit-status"], outputs["baseline"]) == ("1", "compared")
    (earlier,), (comment,) = before, runner.comments()
    assert earlier.startswith("<!-- asrlab-pytest: asrlab -->\n<!-- asrlab-pytest -->\n## ✅ asrlab: PASS")
    assert comment.startswith("<!-- asrlab-pytest: asrlab -->\n<!-- asrlab-pytest -->\n## ❌ asrlab: FAIL")
    assert "❌ asrlab: FAIL" in (runner.folder / "summary").read_text()
    assert "secret" not in runner.printed


def test_the_report_is_an_output(worse):
    """The path of the HTML report is an output, of a run that fails, too."""
    assert Path(worse[1]["report"]).name == "report.html"
    assert Path(worse[1]["report"]).is_file()


def test_a_pull_request_from_a_fork(runner, worse):
    """A token that may not write comments costs the comment, and neither the job nor the summary."""
    (runner.folder / "forbidden").write_text("")
    before = runner.comments()

    assert runner.comment() == 0

    assert runner.comments() == before
    assert "::notice title=asrlab::the token cannot write comments, as on pull requests from forks" in runner.printed


def test_the_steps_that_run_stop_at_nothing_but_the_gate():
    """Comment, artifact, weights and store follow a gate that failed; a baseline is kept only of a run that passed."""
    gate = next(place for place, step in enumerate(STEPS) if step.get("id") == "run")
    comment, artifact, weights, store, baseline = STEPS[gate + 1 :]
    assert "github comment" in comment["run"]
    assert artifact["uses"].startswith("actions/upload-artifact")
    assert store["with"]["path"].endswith("/.asrlab")
    restored = next(step for step in STEPS if step.get("id") == "weights")
    assert weights["uses"].startswith("actions/cache/save")
    assert weights["with"]["path"] == restored["with"]["path"]
    assert restored["uses"].startswith("actions/cache/restore")
    assert all(step["if"].startswith("${{ !cancelled() && ") for step in (comment, artifact, weights, store))
    assert baseline["if"] == "${{ steps.run.outputs.keep-baseline == 'true' }}"


def test_no_expression_reaches_a_shell():
    """What an input or an event says is never a part of a script: it is in the environment, and quoted there."""
    for step in SHELL:
        assert "${{" not in step["run"]
        bare = re.sub(r'"[^"]*"', "", step["run"])
        assert "$" not in bare, step["run"]


def test_only_the_comment_has_the_token():
    """The code that is evaluated does not get the token that may write."""
    assert [step for step in STEPS if "token" in json.dumps(step)] == [
        step for step in SHELL if "github comment" in step["run"]
    ]


def test_each_input_is_used():
    """Each input reaches a step, and no step names an input that there is not."""
    text = json.dumps(STEPS)
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
