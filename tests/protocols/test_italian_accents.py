"""Italian accents that are written as apostrophes."""

import pytest

from asrlab_pytest.protocols.normalization import normalization

PLAIN = str.maketrans("àèéìòù", "aeeiou")
APOSTROPHES = "'’`"
ACCENTED = [
    *("è", "né", "sé", "sì", "lì", "là", "più", "può", "già", "ciò", "giù", "età", "cioè", "caffè", "papà", "città"),
    *("perché", "poiché", "affinché", "così", "però", "università", "lunedì", "virtù", "sarà", "potrò", "andò", "finì"),
]
SHORTENED = "un po' di vino|a mo' di esempio|di' la verità|fa' presto|va' via|da' retta|sta' zitto|fra' Cristoforo"
OTHER = [
    ("'la dolce vita' è bella", "la dolce vita è bella"),
    ("‘una bella partita’", "una bella partita"),
    ("gli anni '80", "gli anni 80"),
    ("era '6,7 per cento' in tutto", "era 6,7 % in tutto"),
    ("più di ‘40 euro’ ma", "più di 40 € ma"),
    ("l'uomo", "l uomo"),
    ("de' Medici", "de medici"),
]


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
@pytest.mark.parametrize("carrier", ["{}", "{} vero", "oggi {}, dice", '"{}"', "all'uomo {}.", "c'{} l'uomo"])
def test_an_apostrophe_behind_a_word_is_its_accent(carrier, apostrophe):
    """A word is the same with its accent and with an apostrophe after it, in small letters and in capitals."""
    apply = normalization("it").apply
    pairs = [(carrier.format(word), carrier.format(word.translate(PLAIN) + apostrophe)) for word in ACCENTED]
    pairs += [(accented.upper(), written.upper()) for accented, written in pairs]

    assert [pair for pair in pairs if apply(pair[0]) != apply(pair[1])] == []


@pytest.mark.parametrize("phrase", SHORTENED.split("|"))
def test_a_shortened_word_has_no_accent(phrase):
    """The apostrophe of a word that lacks its end is none."""
    assert normalization("it").apply(phrase) == phrase.replace("'", "").lower()


@pytest.mark.parametrize(("text", "becomes"), OTHER)
def test_other_apostrophes(text, becomes):
    """Quotation marks, years and elisions change no letter."""
    assert normalization("it").apply(text) == becomes
