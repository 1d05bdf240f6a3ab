"""Pairs of texts that are equal, or are not, in each language: from public bug reports, and more of each kind."""

import json
from pathlib import Path

import pytest

from asrlab_pytest.protocols.normalization import normalization_for
from asrlab_pytest.scoring.score import score

LINES = Path(__file__).with_name("text_pairs.jsonl").read_text(encoding="utf-8").splitlines()
PAIRS = list(map(json.loads, LINES))


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{number}-{pair['kind']}" for number, pair in enumerate(PAIRS, start=1)])
def test_a_pair_has_its_rates(pair):
    """WER, CER and equality of a pair are as its line states."""
    reference, hypothesis, language = (pair[key] for key in ("reference", "hypothesis", "language"))
    found = score(reference, hypothesis, language)
    apply = normalization_for(language).apply

    assert pair.get("wer", found.wer) == found.wer, found.alignment
    assert pair.get("cer", found.cer) == found.cer
    if "equal" in pair:
        assert (apply(reference) == apply(hypothesis)) == pair["equal"], apply(reference)


@pytest.mark.parametrize(
    ("language", "text", "characters"),
    [
        ("zh", "我们用 PyTorch 训练 模型", "我们用pytorch训练模型"),
        ("ja", "iPhone を 買う", "iphoneを買う"),
        ("th", "น้ำ ใส", "น้ำใส"),
        ("km", "ភាសា ខ្មែរ", "ភាសាខ្មែរ"),
        ("ko", "한국어 테스트", "한국어 테스트"),
        ("zh", "Hello World 你好", "hello world你好"),
    ],
)
def test_spaces_count_where_a_script_has_them(language, text, characters):
    """CER counts the spaces between words, but none beside a script that puts none between words."""
    assert "".join(normalization_for(language).characters(text)) == characters


@pytest.mark.parametrize("words", ["laughs", "LAUGHTER", "background noise", "inaudible", "clears throat", "unk", "♪"])
@pytest.mark.parametrize("brackets", ["[{}]", "({})", "*{}*", "♪{}♪", "{{{}}}"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_annotations_are_not_speech(words, brackets, language):
    """What a transcript says of its sound is dropped, in whatever brackets it stands."""
    assert normalization_for(language).apply(f"hello {brackets.format(words)} there") == "hello there"


@pytest.mark.parametrize("words", ["a schooner", "sic", "the music of Bach", "five people", "no noise please"])
@pytest.mark.parametrize("brackets", ["[{}]", "({})", "*{}*"])
def test_words_in_brackets_are_speech(words, brackets):
    """Words that are no annotation count, in whatever brackets they stand."""
    apply = normalization_for("en").apply

    assert apply(f"hello {brackets.format(words)} there") == apply(f"hello, {words}, there")


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "pt", "nl", "und", "tr", "en"])
@pytest.mark.parametrize("piece", ["7", "1,", "1 ", "a ", "(", "1.", "5 €", "*a", "million ", "aaaaaaaa"])
def test_a_loop_of_a_model_takes_no_time_beyond_measure(language, piece):
    """A piece repeated thousands of times is normalized like any text."""
    assert isinstance(normalization_for(language).apply(piece * 3000), str)
