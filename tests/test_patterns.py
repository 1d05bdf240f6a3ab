"""Regular expressions that are compiled when they are first used."""

import re

import pytest

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.rules import digest_of

TEXT = "One two one"


@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_same_as_compiled(flags):
    """It finds, splits and replaces as the compiled pattern does, has its text and flags, and is the same rule."""
    lazy, compiled = lazy_pattern(r"(o)ne", flags), re.compile(r"(o)ne", flags)

    assert (lazy.pattern, lazy.flags) == (compiled.pattern, compiled.flags)
    assert digest_of(lazy) == digest_of(compiled)
    assert [match.span(1) for match in lazy.finditer(TEXT)] == [match.span(1) for match in compiled.finditer(TEXT)]
    assert (lazy.sub("x", TEXT), lazy.split(TEXT)) == (compiled.sub("x", TEXT), compiled.split(TEXT))
    assert [bool(find(TEXT)) for find in (lazy.match, lazy.search, lazy.fullmatch)] == [bool(flags), True, False]


def test_first_use():
    """A pattern that is never used is never compiled."""
    wrong = lazy_pattern("(")

    with pytest.raises(re.error):
        wrong.search(TEXT)
    with pytest.raises(AttributeError):
        wrong.groups  # noqa: B018
