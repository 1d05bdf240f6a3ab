"""The accuracy gate as the person who writes an eval sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.cases.gate import AsrGate
from asrlab_pytest.cases.skipping import skip_unready
from asrlab_pytest.gates.result import GateResult

if TYPE_CHECKING:
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.verdicts import Verdicts
    from asrlab_pytest.suite.suite import Suite


class AsrRegression(AsrGate):
    """One model compared with its baseline, all models judged as one family when this is first asked."""


def regression_gate(suite: Suite, ledger: Ledger, verdicts: Verdicts, model_id: str) -> Callable[[], GateResult]:
    """What judges one model, among all of this run. A model that cannot be compared is skipped, with the reason."""
    spec = suite.registry[model_id]

    def answer() -> GateResult:
        if suite.settings.update_baseline:
            # Its clips are transcribed for the baseline, without a comparison.
            verdicts.observed(spec)
            return GateResult(kind="accuracy", model=spec.id, against="nothing", findings=())
        result = verdicts.of(spec.task)[spec.id]
        ledger.judged(result)
        return result

    skip_unready(spec, suite.statuses.of(spec))
    if suite.settings.update_baseline:
        return answer
    if suite.baseline is None:
        pytest.skip(f"{model_id}: no baseline is set (hint: write one with --asr-baseline FILE --asr-update-baseline)")
    against = suite.settings.counterpart(model_id)
    if against not in suite.baseline.texts:
        why = f"{model_id}: {suite.baseline.path} has no results for {against} (hint: --asr-update-baseline)"
        if suite.settings.undecided == "fail":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)
    return answer
