"""What several witnesses say together: the best of them is heard, and none hides what another found."""

from dataclasses import replace
from pathlib import Path

import pytest
from corpora import heard
from hypothesis import given, settings
from hypothesis import strategies as st
from test_hypothesis_checks import audited, rows_of, sentences

from asrlab_pytest.audit.auditing import by_models
from asrlab_pytest.corpus.clip import Clip, Review
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.witness import unwitnessed, witnesses
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.scoring.rows import Rules

NOISE = "ba da ga ma na pa ra sa ta la"


def with_a_bad_witness(texts, said):
    """Rows of a model that hears what is said, and of one that mishears half of the words of each clip."""
    bad = [" ".join(word if place % 2 else NOISE[:3] for place, word in enumerate(text.split())) for text in said]
    return rows_of(said) + rows_of(bad, model="bad", engine="other")


def found_of(texts, rows):
    return [(one.clip, one.check, one.level) for one in audited(texts, rows)[0]]


def test_a_worse_witness_hides_no_cut_clip():
    """A clip cut to half is suspect by the model that hears well, whatever a worse one writes."""
    texts = ["every quiet morning the captain opened his window against the winter weather", *sentences(9)]
    said = ["every quiet morning the captain opened", *texts[1:]]

    assert ("clip0", "partial", "suspect") in found_of(texts, with_a_bad_witness(texts, said))


def test_a_worse_witness_hides_no_exchange():
    """Exchanged texts are an error by the model that hears well, whatever a worse one writes."""
    texts = sentences(10)
    exchanged = [texts[1], texts[0], *texts[2:]]

    found = found_of(exchanged, with_a_bad_witness(exchanged, texts))

    assert found == [("clip0", "swapped", "error"), ("clip1", "swapped", "error")]


SHORT = ["yes", "no", "stop", "start"]


def test_short_texts_that_two_families_exchange():
    """A short text is suspect where two families write exactly that of another clip, and the same one."""
    texts = [*SHORT, *sentences(8)]
    said = ["no", "yes", *texts[2:]]

    assert found_of(texts, rows_of(said)) == []
    assert found_of(texts, rows_of(said) + rows_of(said, model="b", engine="other")) == [
        ("clip0", "swapped", "suspect"),
        ("clip1", "swapped", "suspect"),
    ]
    unlike = ["stop", "start", *texts[2:]]
    assert found_of(texts, rows_of(said) + rows_of(unlike, model="b", engine="other")) == []


def test_how_many_are_too_short():
    """How many clips have texts that are too short to be told apart by one model is said."""
    texts = [*SHORT, *sentences(8)]

    assert "4 clips have texts of fewer than 20 characters" in " ".join(audited(texts, rows_of(texts))[1])
    assert audited(texts[4:], rows_of(texts[4:]))[1] == []


def test_competence_does_not_depend_on_the_choice():
    """A model is measured on all clips that it heard: the choice of the one that it contradicts changes nothing."""
    texts = sentences(10)
    wrong = ["xylophone zebra quartz jumped vexingly", *texts[1:]]
    clips = tuple(Clip(id=f"clip{n}", audio=None, text=text, language="en") for n, text in enumerate(wrong))
    rows = heard({f"clip{n}": text for n, text in enumerate(texts)})
    corpus = Corpus("clips", None, "0" * 64, clips)

    whole = by_models(corpus, clips, rows, Rules()).findings
    one = by_models(corpus, clips[:1], rows, Rules()).findings

    assert [finding.clip for finding in whole] == ["clip0"]
    assert one == whole


UNRELATED = "the committee followed the captain across the bridge before every cold winter morning again"


def test_a_witness_of_single_words():
    """Of clips of a word each, one text is wrong: the model that hears them all is a witness of it."""
    said = [*SHORT, "left", "right"]
    texts = [*said[:5], UNRELATED]

    findings, remarks = audited(texts, rows_of([*said[:4], "lift", said[5]]))

    assert [(found.clip, found.check) for found in findings] == [("clip5", "own-distance")]
    assert "ignored" not in " ".join(remarks)


@pytest.mark.parametrize("texts", [[*SHORT, "left", UNRELATED], sentences(10)])
def test_a_model_that_writes_one_text(texts):
    """A model that writes the text of one clip for every clip is no witness, however near it is to that text."""
    findings, remarks = audited(texts, rows_of([texts[0]] * len(texts)))

    assert findings == []
    assert "ignored" in " ".join(remarks)


@given(st.permutations([*SHORT, *SHORT, *sentences(6)]))
@settings(max_examples=20)
def test_exchanged_texts_discredit_nobody(texts):
    """A model that hears every clip right is a witness however texts, some of them the same, are exchanged."""
    remarks = audited(texts, rows_of([*SHORT, *SHORT, *sentences(6)]))[1]

    assert "ignored" not in " ".join(remarks)


def test_nobody_listened():
    """Where no model has listened to a clip under audit, that is said, with what to do."""
    assert "no model has transcribed" in audited(sentences(3), [])[1][0]


def test_clips_without_a_witness():
    """Clips that no witness is for are counted, with their languages."""
    clips = [Clip(id=name, audio=None, text="x", language=name) for name in ("de", "en", "fr")]
    english = Registry({}, Path())["pocketsphinx-en-us"]

    assert [*unwitnessed(clips, [english])] == ["2 clips have no witness (de, fr)"]
    assert [*unwitnessed(clips[1:2], [english])] == []


def test_the_ready_models_of_a_project():
    """The word "ready" stands for those of the project's models that are; where none is, that is an error."""
    registry = Registry({}, Path())
    chosen = ("pocketsphinx-en-us", "whisper-large-v3", "flite-slt")

    assert [spec.id for spec in witnesses(registry, chosen, ["ready"])] == ["pocketsphinx-en-us"]
    with pytest.raises(ModelError, match="no witness: none of whisper-large-v3 is"):
        witnesses(registry, ("whisper-large-v3",), ["ready"])


@pytest.mark.parametrize(("name", "why"), [("flite-slt", "is not an ASR model"), ("whisper-large-v3", "the witness")])
def test_a_witness_that_cannot_listen(name, why):
    """A witness that is named must be an ASR model that is ready."""
    with pytest.raises(ModelError, match=why):
        witnesses(Registry({}, Path()), (), [name])


def test_what_a_review_accepted():
    """What a review accepted of a clip is not told again by the models of a run."""
    texts = sentences(10)
    wrong = ["xylophone zebra quartz jumped vexingly", *texts[1:]]
    accepted = Review(date="2026-01-01", decision="accept", reason="it is noise", checks=("own-distance",))
    clips = tuple(Clip(id=f"clip{n}", audio=None, text=text, language="en") for n, text in enumerate(wrong))
    reviewed = (replace(clips[0], review=accepted), *clips[1:])
    rows = heard({f"clip{n}": text for n, text in enumerate(texts)})

    found = [by_models(Corpus("clips", None, "0" * 64, every), every, rows, Rules()) for every in (clips, reviewed)]

    assert [[finding.check for finding in told.findings] for told in found] == [["own-distance"], []]
