"""Scale words that are repeated, and numbers with scales side by side, in the profile `en` and in entities."""

import pytest

from asrlab_pytest import score
from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.normalization import normalization

DIFFERENT = [
    ("it cost ten thousand dollars", "it cost ten thousand thousand dollars"),
    ("a million people", "a million million million million people"),
    ("a hundred thousand", "a hundred thousand hundred thousand hundred thousand"),
    ("a million", "a million million"),
    ("two million stars", "two million million stars"),
    ("10,000 thousand", "10 thousand"),
    ("twenty thousand people", "ten thousand ten thousand people"),
    ("four million", "two million two million"),
    ("two hundred million", "a hundred million a hundred million"),
    ("anywhere from three thousand four thousand people", "anywhere from seven thousand people"),
    ("one million two million three million", "six million"),
    ("point five", "point point five"),
    ("five hundred", "five hundred hundred"),
    ("two million", "two million thousand"),
    ("two million", "two million hundred"),
    ("five thousandth", "five thousand thousandth"),
    ("fifteen hundred thousand", "501,000"),
    ("one thousand twelve hundred", "2200"),
    ("three hundred million", "three hundred million billion"),
    ("what is the point and why", "what is the and why"),
]
READ = [
    ("ten thousand thousand", "10000 1000"),
    ("three thousand two thousand", "3000 2000"),
    ("2 million 2 million", "2000000 2000000"),
    ("one million two million three million", "1000000 2000000 3000000"),
    ("one one thousand two one thousand three one thousand", "11000 21000 31000"),
    ("two hundred three hundred", "200 300"),
    ("five hundred two hundred thousand", "500 200000"),
    ("two million five hundred thousand three thousand", "2500000 3000"),
    ("two point five million million", "2500000 1000000"),
    ("three million two point five million million", "3000000 2500000 1000000"),
    ("two million 2.5 million million", "2000000 2500000 1000000"),
    ("two billion five thousand million", "2000000000 5000000000"),
    ("thousand thousand", "1000 1000"),
    ("$10,000 thousand", "$10000 1000"),
    ("1900 hundred", "1900 100"),
    ("in 2019 thousands of people", "in 2019 1000s of people"),
    ("at this point hundred people left", "at this point 100 people left"),
    ("two hundred three thousand", "203000"),
    ("one million two hundred thousand and five", "1200005"),
]
ONE_NUMBER = [
    ("two thousand million", "2000000000"),
    ("a thousand million", "1000000000"),
    ("a hundred thousand million", "100000000000"),
    ("one thousand two hundred million", "1200000000"),
    ("1,500 million", "1500000000"),
    ("fifteen hundred thousand", "1500000"),
    ("1500 thousand", "1500000"),
    ("a million million", "1000000000000"),
    ("two million million", "2000000000000"),
    ("1 million million", "1000000000000"),
    ("three hundred million billion", "300000000000000000"),
]
TWO_NUMBERS = [
    ("three thousand two thousand", ["3000", "2000"]),
    ("one thousand twelve hundred", ["1000", "1200"]),
    ("one thousand two million", ["1000", "2000000"]),
    ("two billion five thousand million", ["2000000000", "5000000000"]),
    ("two million five hundred thousand million", ["2000000", "500000000000"]),
]


@pytest.mark.parametrize(("reference", "hypothesis"), DIFFERENT)
def test_a_repeated_scale_is_an_error(reference: str, hypothesis: str):
    """A word of a number that only one side has is an error, and numbers side by side do not add up."""
    assert score(reference, hypothesis, language="en").wer > 0


@pytest.mark.parametrize(("spoken", "written"), READ)
def test_where_a_number_ends(spoken: str, written: str):
    """A number ends before a scale that does not go down, and before a number whose scale is not smaller."""
    assert normalization("en").apply(spoken) == written


@pytest.mark.parametrize(("text", "value"), ONE_NUMBER)
def test_thousands_of_millions_are_one_number(text: str, value: str):
    """A thousand or a million before a million is multiplied by it, in the profile and in entities."""
    assert normalization("en").apply(text) == value
    assert [entity.value for entity in extract(text)] == [value]


@pytest.mark.parametrize(("text", "values"), TWO_NUMBERS)
def test_entities_part_the_same_numbers(text: str, values: list[str]):
    """What the profile reads as two numbers are two entities."""
    assert normalization("en").apply(text) == " ".join(values)
    assert [entity.value for entity in extract(text)] == values


def test_a_written_thousand_is_read_as_the_spoken_one():
    """A round thousand is not multiplied by a thousand, in figures or in words."""
    assert {extract(text)[0].value for text in ("10,000 thousand", "ten thousand thousand")} == {"10000"}
