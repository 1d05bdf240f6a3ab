"""Checks by what models heard: exchanged texts, consensus, distance, parts."""

import random
import re
from dataclasses import replace

import pytest
from corpora import Folder, heard
from hypothesis import given, settings
from hypothesis import strategies as st

from asrlab_pytest.audit.auditing import by_models
from asrlab_pytest.audit.hypotheses import ReferenceIndex
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.scoring.rows import Rules

WORDS = """
    river morning garden committee bakery harbour football office weather engine library mountain village captain winter
    letter window market doctor bridge island kitchen forest museum travel against between without almost quickly never
    always together because perhaps seven forty hundred remember decided followed carried opened written spoken yellow
"""
WORDS = WORDS.split()


def sentences(count, seed=0):
    """Distinct sentences of six to twelve words."""
    rng = random.Random(seed)
    found = {}
    while len(found) < count:
        found[" ".join(rng.sample(WORDS, rng.randint(6, 12)))] = None
    return [*found]


def misheard(text, rate, rng):
    """A text with this share of its words replaced by others, and some letters lost."""
    words = [rng.choice(WORDS) if rng.random() < rate else word for word in text.split()]
    return " ".join(words)


def audited(texts, rows):
    """Findings of clips with these references, in their order."""
    clips = tuple(Clip(id=f"clip{n}", audio=None, text=text, language="en") for n, text in enumerate(texts))
    findings, remarks, _ = by_models(Corpus("clips", None, "0" * 64, clips), clips, rows, Rules())
    return findings, remarks


def rows_of(texts, **model):
    return heard({f"clip{n}": text for n, text in enumerate(texts)}, **model)


def permuted(texts, cycles):
    """References that stand elsewhere: in each cycle, the clip gets the text of the next."""
    moved = [*texts]
    for cycle in cycles:
        for place, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            moved[place] = texts[following]
    return moved


@st.composite
def disjoint_cycles(draw, count):
    """Cycles of two or more places, none in two of them."""
    places = draw(st.permutations(range(count)))
    found = []
    while len(places) >= 2 and draw(st.booleans()):
        length = draw(st.integers(2, min(5, len(places))))
        found.append(list(places[:length]))
        places = places[length:]
    return found


@settings(max_examples=40, deadline=None)
@given(cycles=disjoint_cycles(14), seed=st.integers(0, 10))
def test_permuted_references(cycles, seed):
    """Exchanged references are found as exactly the cycles that were planted, where the models hear perfectly."""
    texts = sentences(14, seed)

    findings, _ = audited(permuted(texts, cycles), rows_of(texts))

    assert {one.check for one in findings} <= {"swapped"}
    assert {one.clip for one in findings} == {f"clip{place}" for cycle in cycles for place in cycle}
    found = {frozenset(one.evidence["cycle"]) for one in findings}
    assert found == {frozenset(f"clip{place}" for place in cycle) for cycle in cycles}
    for one in findings:
        assert one.evidence["text"] == texts[int(one.clip[4:])]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), rate=st.floats(0, 0.3))
def test_a_clean_corpus_stays_clean(seed, rate):
    """Models that mishear up to every third word flag no clip as an error."""
    rng, texts = random.Random(seed), sentences(40, seed)

    findings, _ = audited(texts, rows_of([misheard(text, rate, rng) for text in texts]))

    assert [one for one in findings if one.level == "error"] == []


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("count", [12, 400])
def test_swaps_among_errors(rate, count):
    """A pair and a cycle of three are found among the errors of a fallible model, and nothing else is called one."""
    rng, texts = random.Random(1), sentences(count)
    cycles = [[0, 5], [2, 7, 9]]

    findings, _ = audited(permuted(texts, cycles), rows_of([misheard(text, rate, rng) for text in texts]))

    assert {one.clip for one in findings if one.level == "error"} == {f"clip{n}" for n in (0, 5, 2, 7, 9)}
    assert {one.check for one in findings if one.level == "error"} == {"swapped"}


def test_the_hint_of_a_swap():
    """The hint says how to put back two texts or a cycle of them, and not that a clip has another clip's audio."""
    texts = sentences(12)

    swapped, _ = audited(permuted(texts, [[0, 1]]), rows_of(texts))
    copied, _ = audited(texts, rows_of([texts[1], *texts[1:]]))

    turned, _ = audited(permuted(texts, [[0, 1, 2]]), rows_of(texts))
    assert {one.hint for one in swapped} == {"swap the two texts"}
    assert {one.hint for one in turned} == {"give each clip the text of the next one"}
    assert [(one.clip, "swap" in one.hint) for one in copied] == [("clip0", False)]


def test_a_short_text_beside_another_clip():
    """A clip whose short text is not what two models hear is listed once."""
    texts = ["go on", *sentences(11)]
    heard_now = [texts[4], *texts[1:]]

    findings, _ = audited(texts, [*rows_of(heard_now, model="a"), *rows_of(heard_now, model="b", engine="vosk")])

    assert [one.check for one in findings if one.clip == "clip0"] == ["swapped"]


def test_every_reference_one_place_off():
    """A corpus that is rotated as a whole is one cycle, although no clip agrees with its own reference."""
    texts = sentences(30)

    findings, remarks = audited(permuted(texts, [[*range(30)]]), rows_of(texts))

    assert len(findings) == 30
    assert {len(one.evidence["cycle"]) for one in findings} == {30}
    assert remarks == []


def test_the_reference_of_a_clip_that_is_not_chosen():
    """A clip that says the text of one outside the chosen clips is found too."""
    texts = sentences(10)
    clips = tuple(Clip(id=f"clip{n}", audio=None, text=text, language="en") for n, text in enumerate(texts))
    wrong = rows_of([texts[9], *texts[1:5]])

    findings, _, _ = by_models(Corpus("clips", None, "0" * 64, clips), clips[:5], wrong, Rules())

    assert [(one.clip, one.evidence["says"], one.evidence["cycle"]) for one in findings] == [("clip0", "clip9", [])]


def test_an_incompetent_model_is_not_asked():
    """A model that is near to no reference says nothing about the clips, and that is told."""
    texts = sentences(10)

    findings, remarks = audited(texts, rows_of(["ba da ga ma na pa ra sa ta"] * 10))

    assert findings == []
    assert re.match("ignored polly for clips in en: its median distance .* is [5-9].%", remarks[0])


def test_own_distance():
    """A text that nobody hears is suspect by one family, and an error by two."""
    texts = sentences(10)
    wrong = ["xylophone zebra quartz jumped vexingly", *texts[1:]]
    one, two = rows_of(texts), rows_of(texts, model="b", engine="other")

    findings, _ = audited(wrong, one)
    assert [(each.clip, each.check, each.level) for each in findings] == [("clip0", "own-distance", "suspect")]

    findings, _ = audited(wrong, one + two)
    assert [(each.clip, each.check, each.level) for each in findings] == [("clip0", "own-distance", "error")]
    assert findings[0].sentence.endswith(f": 2 models of 2 families write {texts[0]!r}")


def test_own_distance_of_models_that_do_not_agree():
    """If each model writes other words, none is said to have written those of another."""
    texts = sentences(10)
    rows = rows_of(texts) + rows_of([" ".join(texts[0].split()[::-1]), *texts[1:]], model="b", engine="other")

    findings, _ = audited(["xylophone zebra quartz jumped vexingly", *texts[1:]], rows)

    assert [(each.clip, each.check, each.level) for each in findings] == [("clip0", "own-distance", "error")]
    assert "2 models of 2 families write other words, such as '" in findings[0].sentence


def test_two_engines_of_one_family_do_not_confirm_each_other():
    """openai-whisper and faster-whisper run the same weights: together they are one voice."""
    texts = sentences(10)
    wrong = ["xylophone zebra quartz jumped vexingly", *texts[1:]]
    rows = rows_of(texts, engine="openai-whisper") + rows_of(texts, model="b", engine="faster-whisper")

    assert [each.level for each in audited(wrong, rows)[0]] == ["suspect"]


def test_consensus():
    """Three models of two families that agree on another text make an error that proposes it."""
    texts = sentences(10)
    wrong = ["xylophone zebra quartz jumped vexingly", *texts[1:]]
    rows = [row for name in "abc" for row in rows_of(texts, model=name, engine="x" if name == "a" else "y")]

    (finding,), _ = audited(wrong, rows)

    assert (finding.clip, finding.check, finding.level) == ("clip0", "consensus", "error")
    assert finding.evidence["text"] == texts[0]

    alone = [row for name in "abc" for row in rows_of(texts, model=name, engine="x")]
    assert "consensus" not in {one.check for one in audited(wrong, alone)[0]}


def test_reference_span():
    """Two words that three models of two families replace by the same others are suspect."""
    text = "the old captain followed the yellow bridge to the island"
    said = text.replace("yellow bridge", "market forest")
    others = sentences(9)
    rows = [row for name in "abc" for row in rows_of([said, *others], model=name, engine="x" if name == "a" else "y")]

    findings, _ = audited([text, *others], rows)

    assert [(one.clip, one.check, one.level) for one in findings] == [("clip0", "reference-span", "suspect")]
    assert (findings[0].evidence["text"], findings[0].evidence["heard"]) == ("yellow bridge", "market forest")


@pytest.mark.parametrize("shorter", ["audio", "text"])
@pytest.mark.parametrize("part", [slice(None, 5), slice(-5, None)])
def test_partial(shorter, part):
    """Audio that holds half of its text, and a text that holds half of what is said, are suspect."""
    whole = "every quiet morning the captain opened his window against the winter weather"
    half = " ".join(whole.split()[part])
    others = sentences(9)
    text, said = (whole, half) if shorter == "audio" else (half, whole)

    findings, _ = audited([text, *others], rows_of([said, *others]))

    assert [(one.clip, one.check, one.level) for one in findings] == [("clip0", "partial", "suspect")]
    assert f"the {shorter} " in findings[0].sentence


def test_length_ratio():
    """Texts three times as long by two families are suspect; by one they are not."""
    texts = sentences(10)
    said = [" ".join([texts[0]] * 4), *texts[1:]]
    one, two = rows_of(said), rows_of(said, model="b", engine="other")

    assert "length-ratio" in {each.check for each in audited(texts, one + two)[0]}
    assert "length-ratio" not in {each.check for each in audited(texts, one)[0]}


def test_speech_without_text():
    """Words that two families write where the text is empty are suspect; those of one family are its own."""
    texts = sentences(10)
    one, two = rows_of(texts), rows_of(texts, model="b", engine="other")

    findings, _ = audited(["", *texts[1:]], one + two)
    assert [(each.clip, each.check, each.level) for each in findings] == [("clip0", "speech-without-text", "suspect")]
    assert audited(["", *texts[1:]], one)[0] == []


def test_short_texts_are_not_told_apart():
    """Texts of less than 20 characters are never called exchanged or unlike."""
    texts = ["yes", "no", "stop", "start", *sentences(6)]

    assert audited(texts, rows_of(["no", "yes", "start", "stop", *texts[4:]]))[0] == []


def test_transcripts_of_other_audio(tmp_path):
    """What a record heard in other audio than the present is left out, and that is told."""
    folder = Folder(tmp_path)
    folder.add("one")
    rows = heard({"one": "something else altogether was said in it"})
    rows[0] = replace(rows[0], pcm_sha256="1" * 64)

    found = folder.audit(rows)

    assert found.findings == ()
    assert found.remarks[0] == "ignored 1 transcript of different audio"


def test_the_index_finds_the_nearest():
    """Of 500 references made of fifty words, the one of a text with every fifth word wrong is a candidate."""
    texts = {str(number): text for number, text in enumerate(sentences(500))}
    index, rng = ReferenceIndex(texts), random.Random(0)

    missed = [key for key in list(texts)[::5] if key not in index.nearest(misheard(texts[key], 0.2, rng))]

    assert len(missed) <= 1
