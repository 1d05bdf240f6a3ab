"""A gate as the person who writes an eval sees it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cached_property

import pytest

from asrlab_pytest.errors import AsrGateWarning, AsrlabError
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import GateResult, fails
from asrlab_pytest.settings import Undecided


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
