"""Regular expressions in answers: Python's, as far as anyone can tell, and never for ever."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.corpus import expressions
from asrlab_pytest.corpus.expressions import fault_of, fits

PATIENCE_S = 0.2
PARTS = [
    "a",
    "B",
    "ab",
    "é",
    ".",
    "[a-c]",
    "[^a]",
    r"\d",
    r"\w",
    r"\s",
    r"\b",
    "^",
    "$",
    "{",
    "}",
    "{e}",
    "{x<=1}",
    "{,2}",
]
SUFFIXES = ["", "?", "*", "+", "*?", "{2}", "{1,2}", "{,1}", "{}", "{e}", "{i<=1}", "{1,x}"]
EXPRESSIONS = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(SUFFIXES)).map("".join),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        inner.map(lambda one: f"(?:{one})"),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, st.text("aAbBcé1 {}ex<=,.", max_size=12))
def test_as_python_does(expression, text):
    """An expression without a fault fits where Python's own search finds it, braces that count nothing included."""
    if fault_of(expression) is None:
        assert fits(expression, text) is (re.search(expression, text, re.IGNORECASE) is not None)


@pytest.mark.parametrize("expression", [r"a{e}", r"\{e}", r"[{e}]", r"\N{DIGIT ONE}", "{x}", "a{1,b}"])
def test_braces(expression):
    """A brace that counts nothing is a brace, and a name of a letter is a letter."""
    texts = ("a", "b", "1", "{", "a{e}", "{e}", "{x}", "a{1,b}")

    assert fault_of(expression) is None
    assert [fits(expression, text) for text in texts] == [
        bool(re.search(expression, text, re.IGNORECASE)) for text in texts
    ]


@pytest.mark.parametrize("expression", ["(a+)+b", "(a|aa)+$", "((a{1,100}){1,100}){1,100}b"])
def test_a_search_without_end(expression, monkeypatch):
    """A search that would go on for ever is given up, and the second time at once."""
    monkeypatch.setattr(expressions, "PATIENCE_S", PATIENCE_S)
    text = "a" * 9_999 + "c"

    start = time.process_time()
    first = fits(expression, text)
    between = time.process_time()
    second = fits(expression, text)

    assert (first, second) == (None, None)
    assert between - start < 5 * PATIENCE_S
    assert time.process_time() - between < PATIENCE_S


@pytest.mark.parametrize("expression", [r"\d{10}-\d{20}-\d{30}-\d{40}", r"[({]{3}\({4}a{5}", "(?x)a{2} # a)"])
def test_counts_beside_each_other(expression):
    """Counts that are next to each other, and what only looks like a group, make no expression too long."""
    assert fault_of(expression) is None


@pytest.mark.parametrize("expression", ["(((a{1000}){1000}){1000})", "(a{9999}){9999}"])
def test_repeats_that_no_memory_holds(expression):
    """Counts within counts are refused before they are laid out in memory."""
    assert "longer than any answer" in fault_of(expression)
