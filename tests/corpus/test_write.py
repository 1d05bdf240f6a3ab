"""Manifests that are written: what is read from them is what was written."""

import json
import string
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.corpus.clip import Clip, Review
from asrlab_pytest.corpus.importing import Import
from asrlab_pytest.corpus.lock import measured
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.subset import sample
from asrlab_pytest.corpus.summary import summarize
from asrlab_pytest.corpus.write import backed_up, set_keys, write_manifest
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.thresholds import Thresholds

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
names = st.text(string.ascii_letters + string.digits + " éß中._-", min_size=1, max_size=9).filter(
    lambda name: name.strip() and name.strip(".")
)
maybe = st.none() | words
maybe_hash = st.none() | st.sampled_from(["ab" * 32, "AB" * 32])
REVIEWS = (
    None,
    Review(date="2026-11-22", decision="accept", reason="said so", checks=("markup", "cut")),
    Review(date="2026-11-22", decision="text", before="as it was"),
    Review(date="2026-11-22", decision="text", before=""),
    Review(date="2026-11-22", decision="drop"),
)
seconds = st.floats(0, 1e6, allow_nan=False)


@st.composite
def clips_of(draw, folder):
    """Clips with every key that a manifest has."""
    ids = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    made = []
    for clip_id in ids:
        start, length = draw(st.none() | seconds), draw(st.none() | seconds.map(lambda more: more + 1))
        is_ended = length is not None and draw(st.booleans())
        entities = draw(st.sampled_from([None, (), (ListedEntity(type="keyword", value="acme", text="Acme"),)]))
        made.append(
            Clip(
                id=clip_id,
                audio=folder / draw(st.sampled_from(["", "audio", "../other"])) / f"{draw(names)}.wav",
                text=draw(words) + (" Acme" if entities else ""),
                language=draw(st.sampled_from([None, "en", "de"])),
                normalization=draw(maybe),
                duration=draw(st.sampled_from([None, length])),
                start=start,
                end=(start or 0) + length if is_ended else None,
                sample_rate=draw(st.none() | st.integers(1, 96_000)),
                sha256=draw(maybe_hash),
                pcm_sha256=draw(maybe_hash),
                tags=tuple(draw(st.lists(words, max_size=3, unique=True))),
                group=draw(maybe),
                thresholds=draw(st.sampled_from([Thresholds(), Thresholds(wer=0.25, hallucinated_words=0)])),
                entities=entities,
                keywords=tuple(draw(st.lists(st.sampled_from(["Anna", "Ben 2"]), max_size=2))),
                license=draw(maybe),
                source=draw(maybe),
                review=draw(st.sampled_from(REVIEWS)),
            )
        )
    return made


@SHARED
@given(data=st.data())
def test_what_is_written_is_read(tmp_path, data):
    """Any clips come back from a manifest as they were, the audio's path too."""
    clips = data.draw(clips_of(tmp_path.resolve() / "corpus"))

    write_manifest(tmp_path / "corpus" / "manifest.jsonl", clips)
    read = read_manifest(tmp_path / "corpus").samples

    resolved = [replace(clip, audio=clip.audio.resolve()) for clip in read]
    assert resolved == [replace(clip, audio=clip.audio.resolve()) for clip in clips]


@pytest.fixture
def recordings(folder):
    """A table of three clips, of which two are parts of one file, in folders with one name of file."""
    folder.audio("a/x.wav", "b/x.wav", rate=22_050)
    folder.audio("long.flac", seconds=1)
    folder.text(
        "list.csv",
        "id,audio,text,start,end,language,group,tags\n"
        "1,a/x.wav,one,,,en,anna,p;q\n"
        "2,b/x.wav,two,,,,,\n"
        "3,long.flac,three,0.25,0.5,,,\n"
        "4,long.flac,four,0.5,,,,\n",
    )
    return folder


@pytest.mark.parametrize("copy", [False, True])
def test_an_import_reads_as_its_source(recordings, copy):
    """What is imported has the clips of its source, and hashes, lengths and rates beside."""
    source = recordings.clips("list.csv")
    target = recordings / "new"

    write_manifest(target / "manifest.jsonl", Import(source, target, copy=copy).clips())
    read = read_manifest(target).samples

    facts = {"sha256": None, "duration": None, "sample_rate": None}
    assert [replace(clip, **facts, audio=None) for clip in read] == [replace(clip, audio=None) for clip in source]
    assert [clip.audio.read_bytes() for clip in read] == [clip.audio.read_bytes() for clip in source]
    assert [clip.duration for clip in read] == pytest.approx([0.25, 0.25, 0.25, 0.5], abs=0.001)
    assert [clip.sample_rate for clip in read] == [22_050, 22_050, 16_000, 16_000]
    assert measured(read).changed == ()
    if copy:
        assert [clip.audio.name for clip in read] == ["x.wav", "x-1.wav", "long.flac", "long.flac"]
    else:
        assert [clip.audio.resolve() for clip in read] == [clip.audio for clip in source]


def test_a_copy_replaces_no_other_file(recordings):
    """A copy never takes the place of another file, unless that is wanted."""
    recordings.text("new/audio/x.wav", "something else")
    source = recordings.clips("list.csv")

    with pytest.raises(CorpusError, match="already exists and differs"):
        list(Import(source, recordings / "new", copy=True).clips())

    list(Import(source, recordings / "new", copy=True, replaces=True).clips())
    assert (recordings / "new/audio/x.wav").read_bytes() == source[0].audio.read_bytes()


def test_what_cannot_be_imported_is_listed(recordings):
    """Clips whose audio is missing or empty are left out of an import, and each is named."""
    (recordings / "a/x.wav").unlink()
    (recordings / "b/x.wav").write_bytes(b"")
    made = Import(recordings.clips("list.csv"), recordings / "new")

    assert [clip.id for clip in made.clips()] == ["3", "4"]
    assert [error.problem.split(":")[0] for error in made.unusable] == ["clip 1", "clip 2"]


def test_a_rewritten_line_and_its_neighbours(manifest):
    """Lines that are not changed stay as they are, byte for byte, and so is the copy that was made of them before."""
    before = b'\xef\xbb\xbf{"text": "a",  "audio": "a.wav"}\r\n\r\n{"audio": "b.wav", "text": "b"}\r\n'
    path = manifest(before)

    backup = backed_up(path)
    set_keys(path, lambda clip: {"group": "g"} if clip.id == "b" else None)

    first, _, second, _ = path.read_bytes().split(b"\n")
    assert first == before.split(b"\n")[0]
    assert second.endswith(b"\r")
    assert json.loads(second) == {"audio": "b.wav", "text": "b", "group": "g"}
    assert backup.read_bytes() == before


def test_backups_pile_up(manifest):
    """A copy takes no older copy's name."""
    path = manifest({"audio": "a.wav", "text": "a"})

    assert [backed_up(path).name for _ in range(3)] == [f"manifest.jsonl.bak{n}" for n in ("", 1, 2)]


def test_a_failed_write_leaves_the_manifest(manifest):
    """Where clips end in an error, the manifest that was there is untouched and nothing half-written is left."""
    path = manifest({"audio": "a.wav", "text": "a"})
    before = path.read_bytes()

    def fail():
        yield Clip(id="b", audio=path, text="b")
        raise CorpusError("the disk is on fire")

    with pytest.raises(CorpusError, match="fire"):
        write_manifest(path, fail())

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["manifest.jsonl"]


@pytest.fixture
def many(tmp_path):
    """180 clips of three languages, unevenly."""
    languages = ["en"] * 120 + ["de"] * 50 + ["fr"] * 10
    return [
        Clip(
            id=f"c{n:03}",
            audio=tmp_path / "a.wav",
            text="",
            language=language,
            group=f"s{n % 7}",
            tags=("t",) * (n % 2),
        )
        for n, language in enumerate(languages)
    ]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 180), seed=st.integers(0, 1000))
def test_a_sample_is_like_the_whole(many, size, seed):
    """A sample has its size, no clip twice, the order of the whole, and each language's share to within one clip."""
    chosen = sample(many, size, seed=seed)

    assert len(chosen) == size
    assert list(chosen) == [clip for clip in many if clip in set(chosen)]
    for language, count in (("en", 120), ("de", 50), ("fr", 10)):
        share = count * size / 180
        assert abs(sum(clip.language == language for clip in chosen) - share) < 1


def test_a_seed_repeats_its_sample(many):
    """One seed draws the same clips again, in whatever order the corpus lists them; another draws others."""
    assert sample(many, 20, seed=1) == sample(many, 20, seed=1)
    assert set(sample(many[::-1], 20, seed=1)) == set(sample(many, 20, seed=1))
    assert sample(many, 20, seed=1) != sample(many, 20, seed=2)


def test_every_clip_can_be_drawn(many):
    """Over many seeds each clip is drawn about as often as any other."""
    counts = dict.fromkeys((clip.id for clip in many), 0)
    for seed in range(400):
        for clip in sample(many, 45, seed=seed):
            counts[clip.id] += 1

    assert min(counts.values()) > 50
    assert max(counts.values()) < 160


@pytest.mark.parametrize("size", [0, -1, 181])
def test_a_sample_of_no_size(many, size):
    """A size that the corpus does not have is refused with those that it has."""
    with pytest.raises(CorpusError, match="choose -n from 1 to 180"):
        sample(many, size, seed=0)


def test_a_summary(recordings):
    """A summary counts clips, seconds, groups, languages, tags and words; lengths that nobody states are looked up."""
    corpus = recordings.open("list.csv")

    found = summarize(corpus, corpus.samples)

    assert (found.clips, found.groups, found.without_group, found.words) == (4, 1, 3, 4)
    assert found.seconds == pytest.approx(1.25, abs=0.01)
    assert found.languages == {"not stated": 3, "en": 1}
    assert found.tags == {"p": 1, "q": 1}
    assert sum(found.lengths) == 4
    assert json.loads(json.dumps(found.as_json()))["hours"] == pytest.approx(1.25 / 3600, abs=1e-5)


def test_a_summary_of_missing_audio(recordings):
    """A clip whose length cannot be found is counted and named."""
    (recordings / "a/x.wav").unlink()
    corpus = recordings.open("list.csv")

    (reason,) = summarize(corpus, corpus.samples).unreadable

    assert reason.startswith("clip 1: no file")
