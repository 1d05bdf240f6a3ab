"""A gate as the person who writes an eval sees it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import pytest

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import GateResult
from asrlab_pytest.settings import Undecided


class AsrGate:
    """What is measured when it is first asked for, and judged.

    Args:
        judge: Measures and judges. What it raises as an `AsrlabError` fails the test in words.
        undecided: What becomes of a gate that cannot tell.
    """

    def __init__(self, judge: Callable[[], GateResult], undecided: Undecided) -> None:
        self._judge = judge
        self._undecided = undecided

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
        """Fail where the gate fails; where it cannot tell, pass unless `--asr-undecided=fail`."""
        enforce(self.result, self._undecided)


def fails(result: GateResult, undecided: Undecided) -> bool:
    """Whether the gate failed, or cannot tell where that is a failure."""
    return result.outcome is Outcome.FAIL or (result.outcome is Outcome.UNDECIDED and undecided == "fail")


def enforce(result: GateResult, undecided: Undecided) -> None:
    """Fail the test that asks, where the gate failed or where not being able to tell is a failure."""
    if fails(result, undecided):
        from asrlab_pytest.report.gates import failure_lines

        pytest.fail("\n".join(failure_lines(result)), pytrace=False)
