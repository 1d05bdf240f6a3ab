"""Spoken and written forms of numbers, money, dates, times and more meet under `en`."""

import random

import pytest
from spoken_pairs import FLOORS

from asrlab_pytest.protocols.normalization import normalization

PAIRS = 1000


@pytest.mark.parametrize("generate", FLOORS, ids=lambda generate: generate.__name__)
def test_spoken_and_written_forms_meet(generate):
    """Of each class of generated pairs at least the floor's share gives one text."""
    draw = random.Random(20261122)
    apply = normalization("en").apply
    pairs = [generate(draw) for _ in range(PAIRS)]
    apart = [(spoken, written) for spoken, written in pairs if apply(spoken) != apply(written)]

    assert 1 - len(apart) / PAIRS >= FLOORS[generate], apart[:5]


MEET = [
    ("oh my god", "Oh my God!"),
    ("five o'clock", "5 o’clock"),
    ("hello...", "hello"),
    ("don’t", "don't"),
    ("ninth", "9th"),
    ("five thirty p m", "5:30 p.m."),
    ("minus five dollars", "-$5"),
    ("one point five million dollars", "$1.5 million"),
    ("c plus plus", "C++"),
    ("r and d", "R&D"),
    ("us", "U.S."),
    ("a\tb\u00a0c\u3000d", "a b c d"),
    ("h two o", "H2O"),
    ("double oh seven", "007"),
    ("john at example dot com", "john@example.com"),
    ("plus one five five five one two three four five six seven", "+1 (555) 123-4567"),
    ("two and a half", "2½"),
    ("fifty cents", "$0.50"),
    ("twenty degrees celsius", "20°C"),
    ("twenty millimeters is not 20 mm", "20 millimeters is not 20mm"),
    ("i think so", "Um, I think so."),
    ("the january fifth meeting", "the Jan. 5 meeting"),
    ("twenty four seven", "24/7"),
    ("a hundred people", "100 people"),
    ("A minus", "A-"),
    ("from a C minus to a B plus", "from a C- to a B+"),
    ("A and B side hits", "A- and B-side hits"),
    ("Plan B it works", "Plan B- it works"),
    ("five and a half million US dollars", "US$5.5m"),
    ("one Canadian dollar", "CA$1"),
    ("five to ten million US dollars, five million to ten million users", "US$5-10 million, 5M-10M users"),
    ("a dollar and fifty cents, a pound and twenty pence", "$1.50, £1.20"),
    ("ten u s d", "10 USD"),
    ("fifty to sixty percent, thirty to forty dollars", "50% - 60%, $30 - $40"),
    ("dot net, node dot js, main dot py", ".NET, Node.js, main.py"),
    ("ten am to two pm, ten to eleven a m, sixty to seventy mph", "10 AM - 2 PM, 10-11am, 60-70mph"),
    ("ten to fifteen thousand dollars, three million to four million dollars", "$10-15k, $3 million-$4 million"),
    ("x squared, ten to the six, less than or equal to five", "x², 10⁶, ≤5"),
    ("s r seventy one", "SR-71"),
    ("a dollar twenty five, a pound fifty", "$1.25, £1.50"),
    ("one and three quarter inches", "1 3/4 inches"),
    ("wifi, emailed, cooperate, yall", "Wi-Fi, e-mailed, co-operate, y'all"),
]


@pytest.mark.parametrize(("spoken", "written"), MEET)
def test_the_known_faults_of_the_whisper_rules_are_repaired(spoken: str, written: str):
    """Two ways to write one utterance give one text where the Whisper rules give two."""
    assert normalization("en").apply(spoken) == normalization("en").apply(written)


KEPT_APART = [
    ("john's", "john is"),
    ("oh my god", "zero my god"),
    ("five oclock", "fifty clock"),
    ("-5", "5"),
    ("C++", "C"),
    ("C#", "C"),
    ("(555) 123-4567", "123-4567"),
    ("thirty six", "3006"),
    ("3/4", "34"),
    ("naïve", "native"),
    ("A < B and C > D", "A D"),
    ("0.5", "5"),
    ("007", "7"),
    ("$1.5 million", "$1.5"),
    ("grade A-", "grade A"),
    ("blood type AB-", "blood type AB"),
    ("US$5", "$5"),
    ("10⁶", "106"),
    ("≤5", "5"),
    ("5‰", "5"),
    ("a dollar", "$1"),
    ("at 5pm - 3 people", "at 5pm to 3 people"),
    ("$50 - $20", "$50 to $20"),
]


@pytest.mark.parametrize(("one", "other"), KEPT_APART)
def test_what_differs_stays_apart(one: str, other: str):
    """Two utterances that differ do not become the same text."""
    assert normalization("en").apply(one) != normalization("en").apply(other)
