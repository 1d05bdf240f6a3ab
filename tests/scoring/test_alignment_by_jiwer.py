"""Words and characters reach jiwer as they are, and its alignment is the one that scores have always had."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from asrlab_pytest.scoring.alignment import AlignedWord, align, count_edits, counted
from asrlab_pytest.scoring.counts import Counts

TOKENS = ("a", "b", "A", "a b", " ", "\t", "\u00a0", "é", "e\u0301", "")
tokens = st.lists(st.sampled_from(TOKENS), max_size=30) | st.lists(st.text(max_size=3), max_size=20)


def test_tokens_are_not_split_again():
    """A token with white space inside, or of white space alone, is one token on either side."""
    assert align(["white paper", "\u3000"], ["white  paper", "\u3000"]) == (
        AlignedWord("substitution", "white paper", "white  paper"),
        AlignedWord("hit", "\u3000", "\u3000"),
    )
    assert count_edits([" ", "a", ""], ["a", ""]) == Counts(hits=2, deletions=1)


def test_either_side_may_be_empty():
    """Without reference words there are insertions alone, without a hypothesis deletions alone."""
    assert count_edits([], ["a", "b"]) == Counts(insertions=2)
    assert align(["a"], []) == (AlignedWord("deletion", "a", ""),)
    assert align([], []) == ()


@given(tokens, tokens)
def test_ties_are_settled_as_before(reference: list[str], hypothesis: list[str]):
    """Where several alignments have the fewest edits, it is that of rapidfuzz, on which recorded figures rest."""
    numbers = {token: number for number, token in enumerate({*reference, *hypothesis})}
    chosen = Levenshtein.opcodes([numbers[one] for one in reference], [numbers[one] for one in hypothesis])
    pairs = [
        (edit, reference[place] if place < end else "", hypothesis[other] if other < stop else "")
        for edit, start, end, first, stop in chosen
        for place, other in zip(
            range(start, start + max(end - start, stop - first)),
            range(first, first + max(end - start, stop - first)),
            strict=True,
        )
    ]
    names = {"equal": "hit", "replace": "substitution", "delete": "deletion", "insert": "insertion"}

    assert align(reference, hypothesis) == tuple(AlignedWord(names[edit], *pair) for edit, *pair in pairs)
    assert count_edits(reference, hypothesis) == counted(align(reference, hypothesis))
