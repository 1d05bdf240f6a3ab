"""The worst clips, with what was heard."""

from asrlab_pytest.report.worst import misheard
from asrlab_pytest.scoring.alignment import align


def told(said, heard):
    return [*misheard(align(said.split(), heard.split()))]


def test_words_that_were_misheard():
    """Neighboring words that differ stand together, and words that are missing or invented are next to nothing."""
    assert told("the station is old", "the stadium is old") == ["station -> stadium"]
    assert told("a b c", "a c") == ["b -> (nothing)"]
    assert told("a c", "a b c") == ["(nothing) -> b"]


def test_a_long_stretch():
    """Of a long stretch both sides begin, so that what was heard is not cut away after what was said."""
    assert told("we spent the whole summer", "it has been a good") == ["we spent the ... -> it has been ..."]
