"""The short cuts of the entity protocol: what is not read is nothing that a rule would find."""

import ast
import re
from itertools import chain
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_entities import CLASSES

from asrlab_pytest.protocols.entities import EntityParameters, extract, extractor, text, vocabulary
from asrlab_pytest.protocols.entities.openings import may_begin
from asrlab_pytest.protocols.entities.protocol import golden_vectors
from asrlab_pytest.protocols.entities.text import Tokens

GOLDEN = [vector["text"] for vector in golden_vectors()]
SPOKEN = [spoken for made in CLASSES.values() for spoken in made(Random(made.__name__))[:2]]
ORDINARY = ["house", "good", "water,", "people.", "don't", "naïve", "東京", "x"]
WRITTEN = [
    *("5", "12", "007", "1,250.5", ".5", "3/4", "½", "1½", "24/7", "1.2.3", "21st", "٣", "２０", "-5", "5%"),
    *("$5", "€3.50", "us$", "5:30", "17:30:15", "5.30", "a.m.", "p.m.", "3/4/2024", "2024-04-03", "3.4.2024"),
    *("555-1234", "(555) 123-4567", "+44", "ann@example.com", "example.com", "https://example.com/help", "www.x"),
    *("-", "–", "+", "@", "#", "(", ".", ",", "?", "…", "'"),
]

FRAMES = [
    *("{} 5", "{} five", "{} third", "{} of may", "{} five dollars", "{} point five percent", "{} five five five five"),
    *("{} colon slash slash example dot com", "ann {} bob at example dot com", "ann {} example dot com"),
    *("a {}", "a {} dollars", "a {} million", "a {} past five", "the {} of may"),
]
"""Where a word that may begin an entity, or stand second in one, does so."""


def _literals():
    """Every word in quotes in the rules: whatever a rule asks for is among them, or made of the vocabulary."""
    for file in sorted(Path(vocabulary.__file__).parent.glob("*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield from re.findall(r"(?<!\S)(?:[a-z']+|\W)(?!\S)", node.value)


def _vocabulary():
    for table in (value for name, value in vars(vocabulary).items() if name.isupper()):
        yield from chain.from_iterable(key if isinstance(key, tuple) else (key,) for key in table)


WORDS = sorted({*_literals(), *_vocabulary()})
pieces = st.sampled_from([*WORDS, *WRITTEN, *ORDINARY]) | st.text(max_size=4)
texts = st.lists(pieces, max_size=10).flatmap(lambda words: st.sampled_from([" ".join(words), "".join(words)]))


def read_everywhere(text, **how):
    """The entities of a text where every rule is asked at every word."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extractor, "may_begin", lambda tokens, place: True)
        return extract(text, **how)


@given(texts, st.sampled_from(["USD", "AUD", "EUR"]), st.sampled_from(["MDY", "DMY"]))
def test_nothing_is_passed_over(text, currency, order):
    """Any text gives the entities that it gives where every rule is asked at every word."""
    how = {"parameters": EntityParameters(currency=currency, date_order=order)}

    assert extract(text, **how) == read_everywhere(text, **how)


def test_nothing_is_passed_over_in_words_of_the_rules():
    """Every word that the rules know, where it may begin an entity, gives what it gives without the short cut."""
    made = [frame.format(word) for frame in FRAMES for word in (*WORDS, *WRITTEN, *ORDINARY)]

    assert [text for text in (*GOLDEN, *SPOKEN, *made) if extract(text) != read_everywhere(text)] == []


def test_nothing_is_passed_over_in_random_texts():
    """Texts made of the words that the rules know, and golden texts among them, give what they give without it."""
    random = Random("words of the rules")
    known, other = [*WORDS, *WRITTEN], [*GOLDEN, *SPOKEN, *ORDINARY]
    made = [
        " ".join(random.choice(known if random.random() < 0.8 else other) for _ in range(random.randrange(1, 5)))
        for _ in range(2000)
    ]

    assert [text for text in made if extract(text) != read_everywhere(text)] == []


def test_a_word_that_begins_nothing():
    """A word that is passed over gives no entity alone, and leaves those that follow as they are."""
    rest = "$5 in May 2024"
    expected = [(one.type, one.value) for one in extract(rest)]
    passed = [word for word in (*WORDS, *ORDINARY) if not may_begin(Tokens(word), 0)]

    assert len(passed) > 100
    assert [word for word in passed if read_everywhere(word)] == []
    assert [
        word for word in passed if [(one.type, one.value) for one in read_everywhere(f"{word}, {rest}")] != expected
    ] == []


def test_most_words_are_passed_over():
    """In a sentence without entities, no rule is asked about a word of the common kind."""
    tokens = Tokens("She said that the people in a small house were good, and a friend of theirs came to help.")

    assert [tokens.word(place) for place in range(len(tokens)) if may_begin(tokens, place)] == []


@given(texts)
def test_plain_words_are_cut_as_all_others(raw):
    """A text is cut into the same tokens where plain words are not tried first."""
    slow = re.compile(text._SHAPES, re.VERBOSE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_TOKEN", slow)
        expected = list(Tokens(raw))

    assert list(Tokens(raw)) == expected
