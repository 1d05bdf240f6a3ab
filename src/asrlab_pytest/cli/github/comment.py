"""The results of a run as one comment on the pull request, which later runs update."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from asrlab_pytest.cli.github.runner import MARKDOWN, annotate, event
from asrlab_pytest.models.support.json_lines import signal_name
from asrlab_pytest.report.markdown import MARKER
from asrlab_pytest.session.documents import run_link

_FORBIDDEN = ("HTTP 401", "HTTP 403", "HTTP 404")
_TITLE = 200
"""Characters of the Markdown that its marker and title are within."""


class _CommentError(Exception):
    """Why the comment cannot be written."""


def comment(results: Path, name: str, exit_status: str) -> None:
    """Write the comment, or update the one that an earlier run wrote.

    A comment that cannot be written does not fail the run. It becomes a notice if the token has no permission, as on
    pull requests from forks, and otherwise a warning. The job summary shows the same results.

    Args:
        results: The folder of the run's results.
        name: Name of the comment; runs with different names have separate comments.
        exit_status: Exit status of the run; empty if it did not finish.
    """
    try:
        number = _number(event())
        if number is None:
            print("asrlab: not a pull request, so there is nothing to comment on")
        else:
            print(f"asrlab: comment {_write(_issues(), number, _marker(name), _text(results, exit_status))}")
    except _CommentError as error:
        _explain(str(error))


def _number(started_by: Any) -> int | None:
    """The number of the pull request that an event is about; None if it is about something else."""
    match started_by:
        case {"pull_request": {"number": int(number)}}:
            return number
        case {"pull_request": pull_request} if pull_request is not None:
            raise _CommentError("the event has no number of the pull request")
    return None


def _issues() -> str:
    """Where GitHub has the pull requests of the repository."""
    repository = os.environ.get("GITHUB_REPOSITORY")
    if not repository:
        raise _CommentError("the environment variable GITHUB_REPOSITORY is not set")
    return f"repos/{repository}/issues"


def _marker(name: str) -> str:
    """The first line of the comment of this name, and of no other; within it, two hyphens may end the marker."""
    return f"<!-- asrlab-pytest: {name.replace('%', '%25').replace('--', '-%2D')} -->"


def _write(issues: str, number: int, marker: str, text: str) -> str:
    """Write the comment, and return what was done."""
    listed = _gh("--paginate", f"{issues}/{number}/comments?per_page=100", "--jq", ".[]")
    try:
        comments = [json.loads(line) for line in listed.split("\n") if line]
    except (ValueError, RecursionError):
        raise _CommentError("the list of comments is not JSON") from None
    older = next(filter(None, [_id_of_ours(post, marker) for post in comments]), None)
    path = f"{issues}/comments/{older}" if older else f"{issues}/{number}/comments"
    body = json.dumps({"body": f"{marker}\n{text}"})
    _gh("--method", "PATCH" if older else "POST", path, "--input", "-", given=body)
    return "updated" if older else "written"


def _id_of_ours(post: Any, marker: str) -> int | None:
    """The id of a comment that is a bot's and begins with our marker, which anybody can write; None for another."""
    match post:
        case {"id": int(number), "user": {"type": "Bot"}, "body": str(body)} if body.startswith(marker):
            return number
        case {"id": int()}:
            return None
    raise _CommentError("the list of comments has something else than comments")


def _text(results: Path, exit_status: str) -> str:
    """The Markdown of the run or, if it wrote none, a note that it has no result, which replaces an older result.

    Above a pass stands that the run did not end as one: its last hooks run after the Markdown is written.
    """
    how = f"exited with status {exit_status}" if exit_status else "did not finish"
    link = run_link()
    run = f"[The run]({link})" if link else "The run"
    with suppress(OSError):
        text = (results / MARKDOWN).read_text(encoding="utf-8", errors="replace")
        is_pass = "## ✅ asrlab" in text[:_TITLE] and exit_status != "0"
        return f"## ❌ asrlab: not passed\n\n{run} {how}, after this was written:\n\n{text}" if is_pass else text
    return f"{MARKER}\n## ❌ asrlab: no result\n\n{run} {how}.\n"


def _gh(*arguments: str, given: str = "") -> str:
    command = ["gh", "api", *arguments]
    try:
        done = subprocess.run(
            command, check=False, input=given, capture_output=True, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise _CommentError(f"gh cannot be run: {error.strerror}") from None
    if done.returncode:
        raise _CommentError(done.stderr.strip() or _ending(done.returncode))
    return done.stdout


def _ending(status: int) -> str:
    return f"gh exited with status {status}" if status > 0 else f"gh was ended by {signal_name(-status)}"


def _explain(problem: str) -> None:
    if any(status in problem for status in _FORBIDDEN):
        annotate(
            "notice",
            "the token cannot write comments, as on pull requests from forks or without the permission "
            "'pull-requests: write'. The results are in the job summary",
        )
    else:
        annotate("warning", f"no comment was written: {problem}. The results are in the job summary")
