"""Numbers of English texts that begin with their point."""

import pytest

from asrlab_pytest import score


@pytest.mark.parametrize("unit", ["percent", "million", "million dollars", "cents", "dollars", "of a percent"])
@pytest.mark.parametrize("number", ["5", "25", "05"])
def test_a_number_that_begins_with_its_point(number, unit):
    """A zero before the point changes nothing, whatever unit follows."""
    result = score(
        f"It rose by .{number} {unit}, not by -.{number}.",
        f"it rose by 0.{number} {unit} not by -0.{number}",
        language="en",
    )

    assert [(word.reference, word.hypothesis) for word in result.alignment if word.edit != "hit"] == []


def test_a_point_that_ends_a_sentence():
    """A point after a word begins no number."""
    assert score("Stop.5 people came ...6 left", "stop 5 people came 6 left", language="en").wer == 0


@pytest.mark.parametrize("before", ["", "~", "<", "'", "(", "/", "£", "about ", "0.1-"])
def test_what_stands_before_the_point(before):
    """A sign before the point keeps the number together as it does before a zero."""
    assert score(f"{before}.5 percent", f"{before}0.5 percent", language="en").wer == 0
