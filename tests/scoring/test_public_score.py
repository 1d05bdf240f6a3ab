"""`asrlab_pytest.score`: two texts, scored by the name of their language."""

import pytest

import asrlab_pytest
from asrlab_pytest import AsrlabError, Score, score


def test_rates_and_entities():
    """The score has rates, counts and alignment of the normalized texts, and the entities of the raw ones."""
    found = score("It cost five dollars.", "it cost $6", "en")

    assert isinstance(found, Score)
    assert (found.words.substitutions, found.alignment[2].edit) == (1, "substitution")
    assert found.wer == pytest.approx(1 / 3)
    assert found.entities.counts.substituted == 1
    assert found.normalization.startswith("asrlab-norm/")


def test_the_language():
    """A language may be a code, a tag or a name, or none, and chooses the rules."""
    assert score("fünfzig Prozent", "50 %", "German").wer == score("fünfzig Prozent", "50 %", "de-AT").wer == 0.0
    for result in (score("schon", "schön"), score("schon", "schön", None)):
        assert result.normalization.partition("#")[0].endswith("+und")


@pytest.mark.parametrize("keys", [{"language": "klingon"}, {"normalization": "nope"}], ids=str)
def test_what_does_not_exist(keys):
    """An unknown language or profile is an error of the package, with its hint."""
    with pytest.raises(AsrlabError, match=r"klingon|nope") as refusal:
        score("hello", "hello", **keys)
    assert refusal.value.hint


def test_the_profile():
    """A profile can be named, or given as an object, whatever the language."""
    from asrlab_pytest.protocols.normalization import normalization

    assert score("A b", "a b", "en", normalization="raw").wer == 0.5
    assert score("A b", "a b", "en", normalization=normalization("raw")).wer == 0.5
    assert "score" in asrlab_pytest.__all__
