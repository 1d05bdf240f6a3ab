"""Error rates against an oracle, and the rates that are next to the pooled one."""

import random

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.scoring.alignment import align, count_edits, counted
from asrlab_pytest.scoring.corpus import corpus_score
from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.score import score

WORDS = "a b c d e f cat sat mat the on"
sentence = st.lists(st.sampled_from(WORDS.split()), max_size=12)


def test_the_totals_are_those_of_jiwer_on_ten_thousand_pairs():
    """On 10,000 random pairs errors, reference words and rate are jiwer's, clip by clip and pooled."""
    draw = random.Random(20261122)
    words = WORDS.split()
    pairs = [
        (draw.choices(words, k=draw.randint(1, 20)), draw.choices(words, k=draw.randint(0, 20))) for _ in range(10_000)
    ]
    found = [counted(align(reference, hypothesis)) for reference, hypothesis in pairs]
    references, hypotheses = ([" ".join(side) for side in sides] for sides in zip(*pairs, strict=True))
    oracle = [jiwer.process_words(*pair) for pair in zip(references, hypotheses, strict=True)]

    for counts, expected in zip(found, oracle, strict=True):
        assert counts.errors == expected.substitutions + expected.deletions + expected.insertions
        assert counts.reference_length == expected.hits + expected.substitutions + expected.deletions
    together = pooled(found)
    assert together.rate == pytest.approx(jiwer.wer(references, hypotheses))


@given(sentence, sentence)
def test_an_alignment_has_the_fewest_edits(reference: list[str], hypothesis: list[str]):
    """No alignment has fewer edits than the one found, by the textbook's recurrence."""
    row = list(range(len(hypothesis) + 1))
    for number, said in enumerate(reference, start=1):
        before, row = row, [number]
        for position, heard in enumerate(hypothesis, start=1):
            row.append(min(before[position] + 1, row[-1] + 1, before[position - 1] + (said != heard)))

    assert counted(align(reference, hypothesis)).errors == row[-1]


@given(sentence, sentence)
def test_edits_are_those_of_the_alignment(reference: list[str], hypothesis: list[str]):
    """Edits counted without the pairs are those counted from them, kind by kind."""
    assert count_edits(reference, hypothesis) == counted(align(reference, hypothesis))


@pytest.mark.parametrize(
    ("reference", "hypothesis", "rate"),
    [
        ("hello there", "", 1.0),
        ("hello there", "hello there hello there hello there", 2.0),
        ("", "hello there", None),
        ("", "", None),
        ("um", "hello", None),
    ],
)
def test_a_rate_needs_reference_words(reference: str, hypothesis: str, rate: float | None):
    """A rate may exceed 1, and is None, never 0 and never a count, where the reference has no words."""
    assert score(reference, hypothesis).wer == rate


def test_white_space_does_not_cost_words():
    """Tabs and no-break and wide spaces separate words, where jiwer counts two errors."""
    assert score("a b", "a\tb").wer == score("a b c", "a\u00a0b\u3000c").wer == 0.0


def test_unspaced_scripts_are_scored_by_characters():
    """One wrong Han character among eight tokens costs an eighth, not a third."""
    found = score("我们用 PyTorch 训练模型", "我们用 PyTorch 训练模式", "zh")

    assert (found.words.reference_length, found.wer) == (8, 1 / 8)


def test_characters_are_graphemes():
    """The CER counts what a reader calls characters, whichever way they are composed."""
    assert score("हिन्दी", "हिन्दि", "hi").characters == Counts(hits=2, substitutions=1)
    assert score("cafe\u0301", "café", "fr").cer == 0.0
    assert score("café", "cafe", "fr").characters.reference_length == 4


def test_the_normalization_can_be_named():
    """The same texts have a rate under each profile, and its signature."""
    under = {
        name: score("oh my god", "Oh, my God...", normalization=normalization(name)) for name in ("en", "en-whisper")
    }

    assert under["en"].wer == 0.0
    assert under["en-whisper"].wer == pytest.approx(1 / 3)
    assert under["en"].normalization != under["en-whisper"].normalization


def test_the_pooled_rate_has_company():
    """Pooled, mean of the clips, and capped: a runaway clip moves the last no further than its length."""
    found = corpus_score([score("yes", "no " * 20), score("the cat sat on", "the cat sat on")])

    assert found.wer == 20 / 5
    assert found.macro_wer == (20 + 0) / 2
    assert found.capped_wer == 1 / 5


@given(st.lists(st.tuples(sentence, sentence), min_size=1, max_size=5))
def test_the_rates_keep_their_order(pairs: list[tuple[list[str], list[str]]]):
    """The capped rate lies between 0 and 1 and never above the pooled one; all are None for the same corpora."""
    found = corpus_score([score(" ".join(said), " ".join(heard)) for said, heard in pairs])

    rates = (found.wer, found.macro_wer, found.capped_wer)
    if found.wer is None:
        assert rates == (None, None, None)
    else:
        assert 0 <= found.capped_wer <= min(1, found.wer)


def test_silent_clips_feed_the_hallucination_figures():
    """Clips without reference words count invented words and the share of clips that have any, and no rate."""
    found = corpus_score([score("", "thank you"), score("", ""), score("[noise]", "you"), score("yes", "yes")])

    assert (found.hallucinated_words, found.hallucination_rate) == (3, 2 / 3)
    assert (found.wer, found.silent_clips) == (0.0, 3)


def test_without_silent_clips_there_is_no_hallucination_figure():
    """Nothing can be said of hallucination where somebody speaks in every clip."""
    found = corpus_score([score("yes", "yes yes")])

    assert (found.hallucinated_words, found.hallucination_rate) == (None, None)
