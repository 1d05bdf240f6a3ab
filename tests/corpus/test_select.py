"""Clips by id, glob, tag and filter."""

from pathlib import Path

import pytest

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.select import select_clips, select_items
from asrlab_pytest.errors import CorpusError


def clip(name, *tags):
    return Clip(id=name, audio=Path(f"{name}.wav"), text=name, tags=tags)


CORPUS = Corpus(
    name="shop",
    manifest=Path("shop/manifest.jsonl"),
    sha256="",
    samples=(clip("read-anna", "read"), clip("noise-anna", "noise"), clip("read-ben", "read", "noise"), clip("a[1]")),
)


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        ([], ["read-anna", "noise-anna", "read-ben", "a[1]"]),
        (["read-ben"], ["read-ben"]),
        (["read-*"], ["read-anna", "read-ben"]),
        (["*-ann?"], ["read-anna", "noise-anna"]),
        (["noise"], ["noise-anna", "read-ben"]),
        (["noise", "read-anna"], ["read-anna", "noise-anna", "read-ben"]),
        (["read-ben", "read-ben", "read"], ["read-anna", "read-ben"]),
        (["a[[]1]"], ["a[1]"]),
    ],
)
def test_selection(patterns, chosen):
    """Ids, globs and tags choose clips, each once and in the manifest's order."""
    assert [found.id for found in select_clips(CORPUS, patterns)] == chosen


def test_an_id_with_brackets():
    """An id is taken as it stands, also where it has a glob's signs in it."""
    assert [found.id for found in select_clips(CORPUS, ["a[1]"])] == ["a[1]"]


def test_case_counts():
    """Ids and tags are matched in their case, on every system."""
    with pytest.raises(CorpusError):
        select_clips(CORPUS, ["NOISE"])


@pytest.mark.parametrize("patterns", [["nosie"], ["read", "nosie"], ["x*"]])
def test_nothing_matched(patterns):
    """A pattern that names nothing is refused, with the manifest and the tags that there are."""
    with pytest.raises(CorpusError) as caught:
        select_clips(CORPUS, patterns)

    assert repr(patterns[-1]) in str(caught.value)
    assert "shop/manifest.jsonl" in str(caught.value)
    assert "tags: noise, read" in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("nosie", "did you mean noise?"),
        ("NOISE", "did you mean noise?"),
        ("read-bne", "did you mean read-ben or read-anna?"),
    ],
)
def test_a_slip(pattern, hint):
    """Where an id or a tag is similar to a pattern that names nothing, the hint is that name."""
    with pytest.raises(CorpusError) as caught:
        select_clips(CORPUS, [pattern])

    assert caught.value.hint == hint


def spoken(name, *tags, seconds=None, language=None, group=None, **times):
    return Clip(
        id=name,
        audio=Path(f"{name}.wav"),
        text=name,
        tags=tags,
        duration=seconds,
        language=language,
        group=group,
        **times,
    )


CALLS = Corpus(
    name="calls",
    manifest=Path("calls/manifest.jsonl"),
    sha256="",
    samples=(
        spoken("a", "noisy", seconds=4, language="de", group="spk1"),
        spoken("b", "noisy", "far", seconds=12, language="de-AT", group="spk2"),
        spoken("c", seconds=10, language="en", group="spk10"),
        spoken("d", "far", language="en", start=2.0, end=5.5),
        spoken("tag:odd", seconds=20),
    ),
)


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["tag:noisy"], "a b"),
        (["tag:n*"], "a b"),
        (["lang:de"], "a b"),
        (["language:de-AT"], "b"),
        (["lang:*"], "a b c d"),
        (["group:spk1"], "a"),
        (["group:spk1*"], "a c"),
        (["id:[ab]"], "a b"),
        (["duration<10"], "a d"),
        (["duration<=10"], "a c d"),
        (["duration > 10"], "b tag:odd"),
        (["duration>=12s"], "b tag:odd"),
        (["duration>3 duration<4"], "d"),
        (["lang:de duration<10"], "a"),
        (["duration<10 lang:de"], "a"),
        (["noisy duration>5"], "b"),
        (["lang:en tag:far", "group:spk2"], "b d"),
        (["tag:odd"], "tag:odd"),
    ],
)
def test_filters(patterns, chosen):
    """The words of a filter must all hold; of several filters any may; an id that looks like a filter is that id."""
    assert [found.id for found in select_clips(CALLS, patterns)] == chosen.split()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("tag:nosie", ["matches the filter 'tag:nosie'; tag: far, noisy"]),
        ("lang:fr", ["lang: de, de-AT, en"]),
        ("group:spk7 lang:de", ["group: spk1, spk10, spk2; lang: de"]),
        ("speaker:anna", ["has no key 'speaker'", "tag:, lang:, group: or id:"]),
        ("duration<ten", ["'duration<ten'", "a number of seconds", "duration<10"]),
        ("duration<", ["a number of seconds"]),
        ("duration<nan", ["a number of seconds"]),
        ("duration=10", ["a number of seconds", "<, <=, > or >="]),
        ("duration==10", ["a number of seconds"]),
        ("duration>99", ["no clip of calls/manifest.jsonl matches the filter 'duration>99'"]),
        ("nosie far", ["has the id or tag 'nosie far'"]),
        ("lang:", ["has the id or tag 'lang:'", "choose by an id, a glob or a tag"]),
        ("", ["has the id or tag ''"]),
    ],
)
def test_a_wrong_filter(pattern, words):
    """A filter that cannot be meant is refused with what is allowed, or with the values that there are."""
    with pytest.raises(CorpusError) as caught:
        select_clips(CALLS, [pattern])

    assert [word for word in words if word not in str(caught.value)] == []
    assert caught.value.hint


def test_a_duration_that_is_not_known():
    """A clip without a duration is never left out unseen, unless the rest of the filter leaves it out."""
    corpus = Corpus("calls", Path("m"), "", (spoken("a", seconds=1, language="de"), spoken("b", language="en")))

    with pytest.raises(CorpusError, match=r"clip b states no duration(.|\n)*asrlab corpus import"):
        select_clips(corpus, ["duration<5"])
    assert [clip.id for clip in select_clips(corpus, ["duration<5 lang:de"])] == ["a"]


def test_a_message_lists_no_thousands():
    """Where there are many values, a message lists some and counts the rest."""
    corpus = Corpus("many", Path("m"), "", tuple(spoken(f"c{n}", group=f"s{n:03}") for n in range(300)))

    with pytest.raises(CorpusError, match=r"s000, .*s019, and 280 more"):
        select_clips(corpus, ["group:x"])


PROMPTS = tuple(Prompt(id=name, text=name, tags=tags) for name, tags in [("a-1", ("x",)), ("a-2", ()), ("x", ("y",))])


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [([], "a-1 a-2 x"), (["a-2"], "a-2"), (["a-*"], "a-1 a-2"), (["x"], "a-1 x"), (["y", "a-2"], "a-2 x")],
)
def test_prompts_are_chosen_as_clips_are(patterns, chosen):
    """Ids, globs and tags choose prompts, each once and in their order; no pattern chooses all."""
    found = select_items(PROMPTS, patterns, option="--asr-prompt", manifest=Path("say/prompts.jsonl"))

    assert [prompt.id for prompt in found] == chosen.split()


@pytest.mark.parametrize("patterns", [["z"], ["x", "A-1"], ["tag:x"]])
def test_no_prompt_is_named(patterns):
    """A pattern that names nothing is refused, with the file, what there is, and the option."""
    with pytest.raises(CorpusError) as caught:
        select_items(PROMPTS, patterns, option="--asr-prompt", manifest=Path("say/prompts.jsonl"))

    assert f"say/prompts.jsonl has the id or tag {patterns[-1]!r}; ids: a-1, a-2, x; tags: x, y" in str(caught.value)
    assert "--asr-prompt" in caught.value.hint
