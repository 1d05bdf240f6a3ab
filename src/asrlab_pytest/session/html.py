"""The HTML report of a session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asrlab_pytest.models.registry import Registry
    from asrlab_pytest.records.failure import Failure
    from asrlab_pytest.report.markdown import RunReport
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.session import Session


def write_html(path: Path, session: Session, report: RunReport) -> str:
    """Write the HTML report of a finished session; returns its remarks.

    Raises:
        ConfigError: the file is not a report.
        OSError: it cannot be written.
    """
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.clips import Observed
    from asrlab_pytest.report.html.page import Contents, page, refuse_foreign_page
    from asrlab_pytest.report.html.sound import CAP_BYTES, Sounds
    from asrlab_pytest.suite.playback import listed_by, locator

    refuse_foreign_page(path, "--asr-report")
    contents = Contents(
        title="asrlab report",
        report=report,
        observed=Observed(
            observations=session.ledger.observations,
            failures=_failures(session.ledger, session.suite.registry, session.config.rootpath),
            states=session.states,
            listed=listed_by(session.suite, session.environment),
        ),
        scorer=session.scorer,
        findings=session.audit.findings if session.is_audited else (),
        is_judged=True,
        sounds=None if session.suite.settings.no_audio else Sounds(locator(session.suite), path, CAP_BYTES),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, page(contents))
    return f"report {path} written"


def _failures(ledger: Ledger, registry: Registry, folder: Path) -> list[Failure]:
    from asrlab_pytest.records.failure import Failure
    from asrlab_pytest.records.private import without_folder, without_home

    def shared(problem: str) -> str:
        return str(without_home(without_folder(problem, folder)))

    return [
        Failure(task=registry[model].task, model=model, clip=clip, problem=shared(problem))
        for (model, clip), problem in ledger.failures.items()
    ]
