"""The aligned diff."""

import io
import re

from _pytest._io import TerminalWriter
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.report.diff import plain_diff, write_diff
from asrlab_pytest.scoring.score import score

texts = st.lists(st.sampled_from(["a", "cat", "sat", "considerably", "quickly"]), max_size=30).map(" ".join)


def alignment(reference, hypothesis):
    return score(reference, hypothesis, "de").alignment


def written(words, *, colour):
    writer = TerminalWriter(io.StringIO())
    writer.hasmarkup = colour
    writer.fullwidth = 80
    write_diff(writer, words)
    return writer._file.getvalue()


def test_each_edit_has_its_letter():
    """Substitution, deletion and insertion stand as S, D and I under the words that differ."""
    assert plain_diff(alignment("we saw the big cat sleep", "we sore the cat sleep now")) == [
        "reference:  we saw  the big cat sleep ***",
        "hypothesis: we sore the *** cat sleep now",
        "               S        D             I",
    ]


def test_nothing_said_and_nothing_written():
    """Two empty texts make no diff."""
    assert plain_diff(()) == []


@given(texts, texts)
def test_lines_fit_and_lose_no_word(reference, hypothesis):
    """Long texts wrap within 80 columns, and both texts can be read off the rows."""
    lines = plain_diff(alignment(reference, hypothesis))

    assert all(len(line) <= 80 for line in lines)
    for row, text in ((0, reference), (1, hypothesis)):
        cells = " ".join(line[12:] for line in lines[row::3]).split()
        assert [cell for cell in cells if set(cell) != {"*"}] == text.split()


def test_colour_on_a_terminal():
    """A terminal with colours shows the words that differ in colour, and the same text otherwise."""
    words = alignment("we saw the big cat sleep", "we sore the cat sleep now")
    coloured = written(words, colour=True)

    assert coloured.count("\x1b[33m") == 3
    assert coloured.count("\x1b[31m") == 3
    assert coloured.count("\x1b[36m") == 3
    plain = re.sub(r"\x1b\[\d+m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == plain_diff(words)


def test_no_colour_elsewhere():
    """A file or a pipe gets no escape codes."""
    assert "\x1b" not in written(alignment("yes", "no"), colour=False)
