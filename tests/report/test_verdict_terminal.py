"""The verdict on a stored run, as the terminal shows it."""

from io import StringIO

import pytest

from asrlab_pytest.report.markdown import RunReport
from asrlab_pytest.report.verdict_terminal import write_verdict
from asrlab_pytest.visible import PlainScreen


@pytest.mark.parametrize("size", [5, 40, 200])
def test_the_id_of_a_failed_test_is_whole(size):
    """The id of a test, however long, can be copied from its line."""
    test = f"evals/test_accuracy.py::test_accuracy[polly-{'c' * size}]"
    stream = StringIO()

    write_verdict(PlainScreen(stream), RunReport(failed={test: "WER 57.1% > 50.0% (project threshold)"}))

    lines = [line.strip() for line in stream.getvalue().splitlines()]
    assert any(f"{test}:" in line for line in lines)
    assert " ".join(lines).endswith(f"failed     {test}: WER 57.1% > 50.0% (project threshold)")
