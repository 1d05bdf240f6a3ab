"""The audit of a run, with the witnesses that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from asrlab_pytest.session.hanging import tell_of_ends

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.audit.findings import Audit
    from asrlab_pytest.records.recorder import Recorder
    from asrlab_pytest.records.store import Store
    from asrlab_pytest.session.ledger import Failed
    from asrlab_pytest.suite.suite import Suite


def audited(  # noqa: PLR0913, PLR0917
    config: pytest.Config,
    suite: Suite,
    store: Store | None,
    witnessed: Recorder,
    start_record: Callable[[], None],
    failed: Callable[[Failed], None],
) -> Audit:
    """Audit the chosen clips of a run.

    Args:
        config: The run's.
        suite: Its clips and witnesses.
        store: Where earlier transcripts of the same audio lie; None if there is no store.
        witnessed: Keeps what the witnesses hear, and the clip that one hangs on.
        start_record: Called where a witness hangs, so that no record of an earlier run stays.
        failed: Takes in the clips that the models under test hang on afterwards.

    Raises:
        AsrlabError: the store cannot be read, or a witness is not ready.
    """
    from asrlab_pytest.records.failure import Failure
    from asrlab_pytest.suite.audit import session_audit

    def record_hang(failed: Failed) -> None:
        witnessed.to_store(Failure(**failed._asdict()))
        start_record()

    tell_of_ends(config, record_hang)
    try:
        audit = session_audit(suite, store, keep=witnessed.to_store)
    finally:
        tell_of_ends(config, failed)
    witnessed.end({})
    return audit
