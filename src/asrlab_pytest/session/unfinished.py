"""Tells the run after one that did not finish, such as by a crash or a kill, how to continue it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.records.reading import Run
    from asrlab_pytest.session.session import Session

_TAIL = 65_536
"""Bytes in which the last line of a record that finished begins."""


def notice(session: Session) -> str | None:
    """The line; None if the last run finished or is still at work, or where this one resumes it."""
    if not session.collected_tasks or session.is_looking:
        return None
    with suppress(AsrlabError, OSError):
        settings = session.suite.settings
        if settings.resume or settings.rescore is not None:
            return None
        paths = session.store.paths() if session.store is not None else []
        return _sentence(paths[-1]) if paths else None
    return None


def _sentence(path: Path) -> str | None:
    from asrlab_pytest.records.store import begun

    moment = begun(path)
    if moment is None or _is_ended(path):
        return None
    from asrlab_pytest.records.pruning import is_at_work
    from asrlab_pytest.records.reading import read_run

    if is_at_work(path, moment):
        return None
    last = read_run(path, empty=True, ambiguous=True)
    cases = {(row.model, row.clip) for row in last.first_pass}
    if not cases or _is_complete(last, len(cases)):
        return None
    return (
        f"asrlab: the last run did not finish: {many(len(cases), 'transcript')} "
        f"{'is' if len(cases) == 1 else 'are'} kept, and --asr-resume continues from there\n"
        "  hint: if a model crashed it, isolate = true in [tool.asrlab.models] lets a crash cost one clip"
    )


def _is_ended(path: Path) -> bool:
    """Whether a record has its last line."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    return tail.rstrip(b"\n").rpartition(b"\n")[2].startswith(b'{"kind": "end"')


def _is_complete(run: Run, cases: int) -> bool:
    """Whether nothing of what was planned is missing, so that there is nothing to continue."""
    plan = (run.environment or {}).get("plan")
    return isinstance(plan, dict) and sum(map(len, plan.values())) <= cases
