"""The results of a run as one comment on the pull request, which later runs update."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from asrlab_pytest.cli.github.runner import MARKDOWN, annotate, event
from asrlab_pytest.report.markdown import MARKER
from asrlab_pytest.session.documents import run_link

_FORBIDDEN = ("HTTP 401", "HTTP 403", "HTTP 404")


class _GhError(Exception):
    """The reason why `gh` failed."""


def comment(results: Path, name: str, exit_status: str) -> None:
    """Write the comment, or update the one that an earlier run wrote.

    A comment that cannot be written does not fail the run. It becomes a notice if the token has no permission, as on
    pull requests from forks, and otherwise a warning. The job summary shows the same results.

    Args:
        results: The folder of the run's results.
        name: Name of the comment; runs with different names have separate comments.
        exit_status: Exit status of the run; empty if it did not finish.
    """
    number = (event().get("pull_request") or {}).get("number")
    if number is None:
        print("asrlab: not a pull request, so there is nothing to comment on")
        return
    marker = f"<!-- asrlab-pytest: {name.replace('--', '')} -->"
    body = f"{marker}\n{_text(results, exit_status)}"
    try:
        print(f"asrlab: comment {_write(number, marker, body)}")
    except _GhError as error:
        _explain(str(error))


def _write(number: int, marker: str, body: str) -> str:
    """Write the comment, and return what was done."""
    issues = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    listed = _gh("--paginate", f"{issues}/{number}/comments?per_page=100", "--jq", ".[]")
    try:
        comments = [json.loads(line) for line in listed.split("\n") if line]
    except ValueError:
        raise _GhError("the list of comments is not JSON") from None
    older = next((post for post in comments if _is_ours(post, marker)), None)
    path = f"{issues}/comments/{older['id']}" if older else f"{issues}/{number}/comments"
    _gh("--method", "PATCH" if older else "POST", path, "--input", "-", given=json.dumps({"body": body}))
    return "updated" if older else "written"


def _is_ours(post: Any, marker: str) -> bool:
    """Whether a comment is a bot's and begins with our marker, which anybody can write."""
    # The user of an account that is gone is null.
    return (post.get("user") or {}).get("type") == "Bot" and str(post["body"]).startswith(marker)


def _text(results: Path, exit_status: str) -> str:
    """The Markdown of the run or, if it wrote none, a note that it has no result, which replaces an older result."""
    path = results / MARKDOWN
    if path.is_file():
        return path.read_text(encoding="utf-8", errors="replace")
    how = f"exited with status {exit_status}" if exit_status else "did not finish"
    link = run_link()
    run = f"[The run]({link})" if link else "The run"
    return f"{MARKER}\n## ❌ asrlab: no result\n\n{run} {how}.\n"


def _gh(*arguments: str, given: str = "") -> str:
    command = ["gh", "api", *arguments]
    try:
        done = subprocess.run(command, check=False, input=given, capture_output=True, encoding="utf-8")
    except OSError as error:
        raise _GhError(f"gh cannot be run: {error.strerror}") from None
    if done.returncode:
        raise _GhError(done.stderr.strip())
    return done.stdout


def _explain(problem: str) -> None:
    if any(status in problem for status in _FORBIDDEN):
        annotate(
            "notice",
            "the token cannot write comments, as on pull requests from forks or without the permission "
            "'pull-requests: write'. The results are in the job summary",
        )
    else:
        annotate("warning", f"no comment was written: {problem}. The results are in the job summary")
