"""LibriSpeech and Multilingual LibriSpeech."""

import pytest


@pytest.fixture
def librispeech(folder):
    """Two subsets, with a speaker each."""
    for subset, chapter in (("dev-other", "8/10"), ("test-clean", "61/70968")):
        stem = chapter.replace("/", "-")
        folder.text(f"{subset}/{chapter}/{stem}.trans.txt", f"{stem}-0000 HE BEGAN\n{stem}-0001 AND ENDED\n")
        folder.audio(*(f"{subset}/{chapter}/{stem}-000{n}.flac" for n in (0, 1)))
    folder.text("SPEAKERS.TXT", "; about the speakers\n")
    return folder


def test_all_subsets(librispeech):
    """The folder of all subsets gives each clip its subset for a tag, its speaker for a group."""
    clips = librispeech.clips()

    assert [clip.id for clip in clips] == ["8-10-0000", "8-10-0001", "61-70968-0000", "61-70968-0001"]
    assert (clips[2].text, clips[2].language, clips[2].group, clips[2].tags) == (
        "HE BEGAN",
        "en",
        "61",
        ("test-clean",),
    )
    assert all(clip.audio.is_file() for clip in clips)


@pytest.mark.parametrize("below", ["test-clean", "test-clean/61", "test-clean/61/70968"])
def test_any_folder_of_it(librispeech, below):
    """A subset, a speaker and a chapter are corpora too, under their own names."""
    corpus = librispeech.open(below)

    assert [clip.id for clip in corpus.samples] == ["61-70968-0000", "61-70968-0001"]
    assert corpus.name == below.rpartition("/")[2]


def test_a_subset_by_name(librispeech):
    """A subset can be chosen as a split."""
    assert {clip.group for clip in librispeech.clips(split="dev-other")} == {"8"}
    assert "has no *.trans.txt below it" in librispeech.refusal(split="train", format="librispeech")


def test_converted_audio(librispeech):
    """Audio that was converted is found by its name, whatever the ending."""
    flac = librispeech / "test-clean/61/70968/61-70968-0000.flac"
    flac.unlink()
    librispeech.audio("test-clean/61/70968/61-70968-0000.wav")

    assert librispeech.clips("test-clean")[0].audio.suffix == ".wav"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("61-70968-0000 A\n61-70968-0000 B\n", ":2: clip id '61-70968-0000' is already in"),
        ("61-70968-0000 A\nA B\n", ":2: 'A' is not an id of the form speaker-chapter-utterance"),
        ("../../x-y-z A\n", ":1: '../../x-y-z' is outside the corpus folder"),
        (b"61-70968-0000 \xff\n", ":1: not UTF-8"),
    ],
)
def test_a_wrong_transcript_is_named(librispeech, content, words):
    """A mistake is refused with the file and the line's number."""
    path = librispeech.text("test-clean/61/70968/61-70968.trans.txt", content)

    assert f"{path}{words}" in librispeech.refusal("test-clean")


@pytest.fixture
def mls(folder):
    """A language of MLS with two splits."""
    for split, clip in (("dev", "10_20_000001"), ("test", "7_8_000002")):
        speaker, book, _ = clip.split("_")
        folder.text(f"mls_german/{split}/transcripts.txt", f"{clip}\tguten  tag\n")
        folder.audio(f"mls_german/{split}/audio/{speaker}/{book}/{clip}.flac")
    return folder


def test_mls(mls):
    """A split's lines become clips: speaker, language and audio follow from ids and folders."""
    (clip,) = mls.clips("mls_german/test")

    assert (clip.id, clip.text, clip.language, clip.group) == ("7_8_000002", "guten  tag", "de", "7")
    assert clip.audio.is_file()


def test_a_language_of_mls(mls):
    """The folder of a language asks for a split, and takes the one that is named."""
    assert "holds several parts: dev, test" in mls.refusal("mls_german")
    assert mls.clips("mls_german", split="dev")[0].id == "10_20_000001"


def test_mls_in_opus(folder):
    """A release in Opus is read as such, and an unknown language is none."""
    folder.text("mls_klingon_opus/test/transcripts.txt", "1_2_3\tx\n")
    folder.audio("mls_klingon_opus/test/audio/1/2/1_2_3.opus", rate=48_000, format="OGG", subtype="OPUS")

    (clip,) = folder.clips("mls_klingon_opus/test")

    assert clip.audio.is_file()
    assert clip.language is None


@pytest.mark.parametrize("line", ["7_8_000002 guten tag", "7_8\tguten tag", "../7_8_2\tguten tag", "7_8_9_2\tx"])
def test_a_wrong_line_of_mls_is_named(mls, line):
    """A line without a tab, or with an id that is not a path of the audio, is refused."""
    path = mls.text("mls_german/test/transcripts.txt", f"7_8_000002\tja\n{line}\n")

    assert f"{path}:2: not of the form speaker_book_segment" in mls.refusal("mls_german/test")
