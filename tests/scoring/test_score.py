"""Error rates and alignments of one text against another."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.score import score

words = st.lists(st.sampled_from(["the", "cat", "sat", "on", "a", "mat", "with", "red", "hat"]), max_size=12)
spoken = words.filter(bool)


@given(spoken, words)
def test_word_counts_are_those_of_jiwer(reference, hypothesis):
    """Hits, substitutions, deletions, insertions and WER are what jiwer finds."""
    found = score(" ".join(reference), " ".join(hypothesis))
    expected = jiwer.process_words(" ".join(reference), " ".join(hypothesis))

    assert found.words == Counts(
        hits=expected.hits,
        substitutions=expected.substitutions,
        deletions=expected.deletions,
        insertions=expected.insertions,
    )
    assert found.wer == pytest.approx(expected.wer)
    assert found.words.errors == found.words.substitutions + found.words.deletions + found.words.insertions
    assert found.words.reference_length == len(reference)


@given(spoken, words)
def test_the_cer_is_that_of_jiwer(reference, hypothesis):
    """CER counts characters with the spaces between words, as jiwer does."""
    found = score(" ".join(reference), " ".join(hypothesis))

    assert found.cer == pytest.approx(jiwer.cer(" ".join(reference), " ".join(hypothesis)))


@given(words, words)
def test_the_alignment_holds_both_texts(reference, hypothesis):
    """Read column by column, the alignment gives back both texts, and its edits are the counts."""
    found = score(" ".join(reference), " ".join(hypothesis))

    assert [word.reference for word in found.alignment if word.reference] == reference
    assert [word.hypothesis for word in found.alignment if word.hypothesis] == hypothesis
    edits = [word.edit for word in found.alignment]
    assert (
        Counts(
            hits=edits.count("hit"),
            substitutions=edits.count("substitution"),
            deletions=edits.count("deletion"),
            insertions=edits.count("insertion"),
        )
        == found.words
    )
    for word in found.alignment:
        assert (word.edit == "hit") == (word.reference == word.hypothesis)
        assert (word.edit == "deletion") == (word.hypothesis == "")
        assert (word.edit == "insertion") == (word.reference == "")


@given(spoken)
def test_the_same_text_has_no_errors(text):
    """A text against itself has WER and CER 0."""
    found = score(" ".join(text), " ".join(text))

    assert (found.wer, found.cer) == (0.0, 0.0)


def test_an_empty_hypothesis():
    """Where nothing was written, every word and character is deleted: WER and CER are 1."""
    found = score("good morning", "")

    assert (found.wer, found.cer) == (1.0, 1.0)
    assert found.words == Counts(deletions=2)
    assert found.hallucinated_words is None


def test_an_empty_reference():
    """Where nothing was said there is no rate: the words that were written are counted as hallucinated."""
    found = score("", "thank you for watching")

    assert (found.wer, found.cer) == (None, None)
    assert found.words == Counts(insertions=4)
    assert found.hallucinated_words == 4


def test_silence_kept_silent():
    """An empty text against an empty text has no rate and no hallucinated word."""
    found = score("", "")

    assert (found.wer, found.cer, found.hallucinated_words) == (None, None, 0)


@pytest.mark.parametrize(("reference", "language"), [("[laughter]", "en"), ("?!", "en"), ("...", "de")])
def test_a_reference_that_the_normalization_empties(reference, language):
    """A reference of which the normalization leaves nothing counts as empty."""
    assert score(reference, "hello", language).hallucinated_words == 1


def test_more_errors_than_words():
    """The WER exceeds 1 where more was invented than said."""
    assert score("yes", "no no no").wer == 3.0


def test_case_and_punctuation_are_no_errors():
    """Case, punctuation and contractions of English do not count."""
    assert score("We can't leave, until he's finished!", "we can not leave until he is finished").wer == 0.0


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("space", ["\t", "\n", "\u00a0", "\u2003", "\u3000", "  "])
def test_any_white_space_parts_words(language, space):
    """A tab, a line end, a no-break or a wide space parts words like a plain space."""
    found = score(f"rot{space}blau", "rot blau", language)

    assert found.words == Counts(hits=2)
    assert found.cer == 0.0


@pytest.mark.parametrize(
    ("language", "reference", "hypothesis"),
    [
        ("de", "schön", "schon"),
        ("fr", "Où est l'été ?", "ou est l ete"),
        ("hi", "हिंदी", "हद"),
        ("th", "น้ำ", "นำ"),
        ("vi", "má", "mả"),
        ("ar", "سأل", "سال"),
    ],
)
def test_marks_count_in_other_languages(language, reference, hypothesis):
    """Accents, vowel signs, tone marks and hamza are letters outside English: to lose one is an error."""
    assert score(reference, hypothesis, language).wer > 0
    assert score(reference, reference, language).wer == 0


@pytest.mark.parametrize(("language", "pointed", "plain"), [("ar", "كَتَبَ", "كتب"), ("he", "שָׁלוֹם", "שלום")])
def test_vowel_points_do_not_count(language, pointed, plain):
    """Vowel points that writers of Arabic and Hebrew mostly leave out are no errors, on either side."""
    assert score(pointed, plain, language).wer == score(plain, pointed, language).wer == 0


def test_composed_and_decomposed_letters_are_the_same():
    """A letter with its accent is the same in one code point or two."""
    assert score("caf\u00e9", "cafe\u0301", "fr").wer == 0.0


def test_each_score_is_stamped():
    """A score names the rules that made its texts comparable, and they differ between languages."""
    assert score("a", "a", "en").normalization.startswith("asrlab-norm/")
    assert score("a", "a", "en-GB").normalization == score("a", "a", "en").normalization
    assert score("a", "a", None).normalization == score("a", "a", "und").normalization
    assert score("a", "a", "de").normalization != score("a", "a", "en").normalization
