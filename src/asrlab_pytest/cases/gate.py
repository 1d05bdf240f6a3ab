"""A gate as the person who writes an eval sees it, the accuracy gate, and skips of tests that cannot decide."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import pytest

from asrlab_pytest.errors import AsrGateWarning, AsrlabError
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import GateResult, fails
from asrlab_pytest.hints import runnable
from asrlab_pytest.models.spec import ModelSpec, Status
from asrlab_pytest.settings import Undecided

if TYPE_CHECKING:
    from asrlab_pytest.gates.pairing import Pair
    from asrlab_pytest.scoring.score import Score
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.verdicts import Verdicts
    from asrlab_pytest.suite.suite import Suite


class AsrGate:
    """What is measured when it is first asked for, and judged.

    Args:
        judge: Measures and judges. What it raises as an `AsrlabError` fails the test in words.
        undecided: What to do with an undecided gate.
        item: The test that requests the gate; warnings are attributed to it.
    """

    def __init__(self, judge: Callable[[], GateResult], undecided: Undecided, item: pytest.Item) -> None:
        self._judge = judge
        self._undecided = undecided
        self._item = item

    @cached_property
    def result(self) -> GateResult:
        """The verdict, with a sentence for each figure."""
        try:
            return self._judge()
        except AsrlabError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None

    @property
    def outcome(self) -> Outcome:
        """pass, fail or undecided."""
        return self.result.outcome

    def check(self) -> None:
        """Fail if the gate fails; if it is undecided, warn, or fail with `--asr-undecided=fail`."""
        result = self.result
        if fails(result, self._undecided):
            from asrlab_pytest.report.gates import failure_lines

            pytest.fail("\n".join(failure_lines(result)), pytrace=False)
        if result.outcome is Outcome.UNDECIDED or result.warnings:
            from asrlab_pytest.report.gates import warning_line

            _warn(self._item, warning_line(result))


def _warn(item: pytest.Item, text: str) -> None:
    """Warn at the line of the test.

    Where the project turns warnings into errors, the warning is shown all the same, and fails nothing: whether a gate
    that cannot tell is a failure is what `undecided` says, and a traceback would hide the verdict.
    """
    path, line = str(item.path), (item.location[1] or 0) + 1
    try:
        warnings.warn_explicit(text, AsrGateWarning, path, line)
    except AsrGateWarning as warning:
        item.ihook.pytest_warning_recorded.call_historic(
            kwargs={
                "warning_message": warnings.WarningMessage(warning, AsrGateWarning, path, line),
                "when": "runtest",
                "nodeid": item.nodeid,
                "location": None,
            }
        )


class AsrRegression(AsrGate):
    """One model compared with its baseline, all models judged as one family when this is first asked.

    Args:
        judge: As of every gate.
        undecided: As of every gate.
        item: As of every gate.
        pair: Both sides of each sample that can be compared.
    """

    def __init__(
        self,
        judge: Callable[[], GateResult],
        undecided: Undecided,
        item: pytest.Item,
        pair: Callable[[], Sequence[Pair]],
    ) -> None:
        super().__init__(judge, undecided, item)
        self._pair = pair

    @cached_property
    def scores(self) -> dict[str, Score]:
        """The score of each sample that is compared, by its id."""
        return {pair.clip: pair.now for pair in self._pairs}

    @cached_property
    def scores_before(self) -> dict[str, Score]:
        """The score of the baseline's text of the same samples, by today's references and rules."""
        return {pair.clip: pair.before for pair in self._pairs}

    @cached_property
    def _pairs(self) -> Sequence[Pair]:
        return self._pair()


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


def skip_remote(model_id: str, spec: ModelSpec) -> None:
    """Skip a test that measures a model on a server.

    Args:
        model_id: The model under test.
        spec: That model, or its reference model.
    """
    from asrlab_pytest.models.engine import engine

    if engine(spec.engine).is_remote:
        whose = "it" if spec.id == model_id else f"the reference model {spec.id}"
        pytest.skip(f"{model_id}: {whose} runs on a server, so its time and memory cannot be measured here")


def skip_unready(spec: ModelSpec, status: Status) -> None:
    """Skip a test of a model that is not ready, with the same words whatever the test is, so that pytest folds them."""
    if not status.is_ready:
        skip(f"{spec.id}: {status}", status.hint)


def skip(reason: str, hint: str) -> NoReturn:
    """Skip a test."""
    pytest.skip(reason + (f" (hint: {runnable(hint)})" if hint else ""))
