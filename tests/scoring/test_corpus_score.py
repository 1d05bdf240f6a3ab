"""Pooled figures."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.corpus import corpus_score
from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.score import score

text = st.lists(st.sampled_from(["the", "cat", "sat", "on", "a", "mat"]), max_size=8).map(" ".join)
pairs = st.lists(st.tuples(text.filter(bool), text), min_size=1, max_size=6)


@given(pairs)
def test_pooled_rates_are_those_of_jiwer(texts):
    """Over a corpus, WER and CER are jiwer's over all texts at once."""
    found = corpus_score(score(reference, hypothesis) for reference, hypothesis in texts)
    references, hypotheses = (list(side) for side in zip(*texts, strict=True))

    assert found.wer == pytest.approx(jiwer.wer(references, hypotheses))
    assert found.cer == pytest.approx(jiwer.cer(references, hypotheses))
    assert found.clips == len(texts)


def test_pooled_is_not_the_mean():
    """A short clip that fails wholly weighs as many words as it has, not as much as a long one."""
    nine = "the cat sat on a mat with a hat"

    found = corpus_score([score("yes", "no"), score(nine, nine)])

    assert found.wer == pytest.approx(1 / 10)


def test_clips_without_speech_stand_apart():
    """Words written over silence are counted as hallucinated, and move no error rate."""
    found = corpus_score([score("yes", "yes"), score("", "thank you"), score("", "")])

    assert (found.wer, found.clips) == (0.0, 1)
    assert (found.silent_clips, found.hallucinated_words) == (2, 2)


def test_only_silence():
    """A corpus without speech has no rates."""
    found = corpus_score([score("", "you")])

    assert (found.wer, found.cer, found.hallucinated_words) == (None, None, 1)


def test_only_speech():
    """A corpus without silent clips says nothing of hallucinated words."""
    assert corpus_score([score("yes", "yes yes")]).hallucinated_words is None


def test_no_clip_at_all():
    """Nothing pooled has no rate."""
    assert pooled([]) == Counts()
    assert corpus_score([]).wer is None
