"""Output that has run away is found, and repetition that was said is not."""

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.corpus import corpus_score
from asrlab_pytest.scoring.loops import compression, find_loop
from asrlab_pytest.scoring.score import score

PROSE = (
    "he hoped there would be stew for dinner turnips and carrots and bruised potatoes and fat mutton pieces to be "
    "ladled out in thick peppered flour fattened sauce stuff it into you his belly counselled him after early "
    "nightfall the yellow lamps would light up here and there the squalid quarter of the brothels"
)
HINDI = (
    "भारत एक विशाल देश है जहाँ अनेक भाषाएँ बोली जाती हैं और हर राज्य की अपनी संस्कृति है यहाँ के लोग त्योहार मिलकर मनाते हैं "
    "और अतिथि को देवता मानते हैं पर्वत नदियाँ और वन इसकी शोभा बढ़ाते हैं"
)
ORDINALS = "first second third fourth fifth sixth seventh eighth"
LONG = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("hypothesis", "phrase", "times"),
    [
        ("thank you thank you thank you thank you", "thank you", 4),
        ("so I said no no no no no no", "no", 6),
        ("in the house of the lord in the house of the lord", "in the house of the lord", 2),
        ("and then we and then we and then we and then", "and then we", 3),
    ],
)
def test_a_repeated_phrase_is_a_loop(hypothesis: str, phrase: str, times: int):
    """A phrase that follows itself with at least four tokens more is found, with how often it stands."""
    loop = score("so that was it", hypothesis).loop

    assert loop is not None
    assert (loop.phrase, loop.times) == (phrase, times)
    assert str(loop) == f'"{phrase}" up to {times} times in a row'


def test_a_phrase_from_right_to_left():
    """A Latin letter stands between a phrase and its number, which Hebrew would draw into the quotation."""
    _, _, behind = str(score("", "הלך לבית " * 6).loop).rpartition('"')

    kinds = [unicodedata.bidirectional(character) for character in behind]
    assert kinds.index("L") < kinds.index("EN")


@pytest.mark.parametrize("text", ["no no no no no no no", "row row row your boat row row row your boat", PROSE])
def test_what_was_said_is_no_loop(text: str):
    """Repetition that is in the reference too, and plain prose, are not found."""
    assert score(text, text).loop is None


@pytest.mark.parametrize("text", [PROSE, LONG, HINDI], ids=["prose", "long", "hindi"])
def test_plain_text_of_any_script_and_length_does_not_compress_like_a_loop(text: str):
    """Neither a long text nor one in a script of many bytes looks repetitive."""
    assert compression(" ".join(text.split())) < 2.2


def test_a_loop_without_an_exact_phrase_is_told_by_its_compression():
    """Text that varies a little from turn to turn, as a counting loop does, compresses more than prose ever does."""
    hypothesis = " ".join(f"and the {number} one went home" for number in ORDINALS.split())
    loop = score(PROSE, hypothesis).loop

    assert loop is not None
    assert loop.phrase == ""
    assert str(loop).startswith("text that zlib makes ")


def test_a_corpus_counts_its_loops():
    """The clips that run away are counted, silent ones included."""
    looping = "thank you " * 6

    assert corpus_score([score("", looping), score("yes", "yes"), score("well", looping)]).loops == 2


@given(st.lists(st.sampled_from("ab")), st.lists(st.sampled_from("ab")))
def test_any_tokens_can_be_searched(reference: list[str], hypothesis: list[str]):
    """Whatever the tokens, a text is not a loop against itself, and a found phrase is in the hypothesis as often."""
    assert find_loop(hypothesis, hypothesis) is None
    loop = find_loop(reference, hypothesis)
    if loop is not None and loop.phrase:
        assert " ".join([loop.phrase] * loop.times) in " ".join(hypothesis)


def test_random_prose_is_seldom_a_loop():
    """Of a thousand shuffled sentences none is taken for a loop."""
    draw = random.Random(7)
    words = PROSE.split()

    assert not any(find_loop([], draw.sample(words, k=30)) for _ in range(1000))
