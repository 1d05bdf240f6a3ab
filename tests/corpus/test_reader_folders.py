"""LJ Speech, audio folders of Hugging Face, and folders of texts beside their audio."""

import pytest

from asrlab_pytest.corpus.table import Columns


@pytest.fixture
def lj(folder):
    """Two lines of LJ Speech, quotes and all."""
    folder.text("lj/metadata.csv", 'LJ001-0001|In 1455, "so|In fourteen fifty-five, "so\nLJ001-0002|Ja\n')
    folder.audio("lj/wavs/LJ001-0001.wav", "lj/wavs/LJ001-0002.wav", rate=22_050)
    return folder


def test_ljspeech(lj):
    """The normalized text is the reference, for it says what was read; the printed one is to be had."""
    first, second = lj.clips("lj")

    assert (first.id, first.text) == ("LJ001-0001", 'In fourteen fifty-five, "so')
    assert first.audio.is_file()
    assert second.text == "Ja"
    assert lj.clips("lj", columns=Columns(text="raw"))[0].text == 'In 1455, "so'
    assert lj.clips("lj/metadata.csv") == lj.clips("lj")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("LJ001-0001|a|b", "clip id 'LJ001-0001' is already in"),
        ("LJ2", "not of the form id|text|normalized text"),
        ("LJ2|a|b|c", "not of the form id|text|normalized text"),
        ("../LJ2|a|b", "'../LJ2' is outside the corpus folder"),
        ("|a|b", "the path of the audio is empty"),
    ],
)
def test_a_wrong_line_of_ljspeech_is_named(lj, line, words):
    """A mistake is refused with the file and the line's number."""
    path = lj.text("lj/metadata.csv", f"LJ001-0001|a|b\n{line}\n")

    assert f"{path}:2: {words}" in lj.refusal("lj")


def test_a_strange_column_of_ljspeech(lj):
    """A column that LJ Speech has not is refused with those that it has."""
    assert "no column 'third' for the text\n  hint: choose normalized or raw" in lj.refusal(
        "lj", columns=Columns(text="third")
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("metadata.csv", 'file_name,transcription,speaker\naudio/x 1.wav,"hello, you",7\n'),
        ("metadata.csv", "file_name;transcription;speaker\naudio/x 1.wav;hello, you;7\n"),
        ("metadata.jsonl", '{"file_name": "audio/x 1.wav", "transcription": "hello, you", "speaker": 7}\n'),
    ],
)
def test_audiofolder(folder, name, content):
    """All listings of an audio folder give the same clip, whatever their delimiter."""
    folder.text(f"hf/{name}", content)
    folder.audio("hf/audio/x 1.wav")

    (clip,) = folder.clips("hf")

    assert (clip.id, clip.text, clip.group, clip.audio.is_file()) == ("x 1", "hello, you", "7", True)
    assert folder.clips(f"hf/{name}") == (clip,)


def test_splits_of_an_audiofolder(folder):
    """Splits in folders of their own are chosen by name."""
    for split in ("test", "train"):
        folder.text(f"hf/{split}/metadata.csv", f"file_name,text\na.wav,{split}\n")

    assert "holds several parts: test, train" in folder.refusal("hf")
    assert folder.clips("hf", split="train")[0].text == "train"


@pytest.fixture
def one_listing(folder):
    """An audio folder with one listing for the folders of its splits."""
    folder.text("hf/metadata.csv", "file_name,text\ntrain/x.wav,one\ndata/test/y/x.wav,two\ntest/z.wav,three\n")
    return folder


@pytest.mark.parametrize("path", ["hf", "hf/metadata.csv"])
def test_splits_within_one_listing(one_listing, path):
    """A split of a folder with one listing is the rows whose files are in a folder of its name."""
    test = one_listing.open(path, split="test")

    assert [clip.text for clip in test.samples] == ["two", "three"]
    assert [clip.text for clip in one_listing.clips(path, split="train")] == ["one"]
    assert len(one_listing.clips(path, split="hf", ids="path")) == 3
    assert (test.name, test.sha256 == one_listing.open(path, split="train").sha256) == ("test", False)


def test_a_split_that_one_listing_does_not_have(one_listing):
    """A split without rows is refused with those that there are, and not with the name of the whole folder."""
    assert "has no file in a folder 'dev'; there are: data, test, train" in one_listing.refusal("hf", split="dev")
    one_listing.text("flat/metadata.csv", "file_name,text\nx.wav,one\n")
    refusal = one_listing.refusal("flat", split="test")
    assert "has no part 'test': none of its files is in a folder\n  hint: leave out split" in refusal


def test_what_only_a_later_line_states(folder):
    """A key that the first line leaves out, or has no value for, counts where a later line states it."""
    folder.text(
        "hf/metadata.jsonl",
        '{"file_name": "a.wav", "text": "a", "speaker": null}\n{"file_name": "b.wav", "text": "b", "speaker": "ben"}\n',
    )

    assert [clip.group for clip in folder.clips("hf")] == [None, "ben"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("metadata.csv", "file_name,label\na.wav,1\n", ":1: no column for the text"),
        ("metadata.csv", "file_name,text\n/a.wav,x\n", ":2: '/a.wav' is outside the corpus folder"),
        ("metadata.csv", "file_name,text\na.wav,x\na.wav,y\n", ":3: clip id 'a' is already in"),
        ("metadata.csv", "file_name,text\n", " lists no clips"),
        ("metadata.csv", b"file_name,text\na.wav,\xff\n", ":2: not UTF-8"),
        ("metadata.jsonl", '{"file_name": "a.wav", "text": "x"}\n{"text": "y"}\n', ":2: no 'file_name'"),
        ("metadata.jsonl", '{"file_name": "a.wav", "text": "x"}\n{"file_name": "b.wav"}\n', ":2: no 'text'"),
        ("metadata.jsonl", '{"file_name": "../a.wav", "text": "x"}\n', ":1: '../a.wav' is outside"),
        ("metadata.jsonl", '{"file_name": "a.wav", "text": "x"}\n{"file_\n', ":2: not valid JSON"),
    ],
)
def test_a_wrong_audiofolder_is_named(folder, name, content, words):
    """A mistake is refused with the file and the line's number."""
    path = folder.text(f"hf/{name}", content)

    assert f"{path}{words}" in folder.refusal("hf")


@pytest.fixture
def plain(folder):
    """A folder of texts beside their audio."""
    folder.audio("plain/é one.wav", "plain/two.FLAC")
    folder.text("plain/é one.txt", "\ufeffhello\r\nthere\r\n")
    folder.text("plain/two.txt", "good night")
    folder.text("plain/README.txt", "about this")
    return folder


def test_text_files(plain):
    """Each audio file takes the text of its name."""
    clips = plain.clips("plain")

    assert [(clip.id, clip.text) for clip in clips] == [("two", "good night"), ("é one", "hello there")]
    assert plain.open("plain").name == "plain"


def test_audio_without_text(plain):
    """Audio without a text is refused, and not left out unseen."""
    plain.audio("plain/three.wav")

    assert "three.wav has no text: " in plain.refusal("plain")


def test_clips_in_a_folder_below(plain):
    """Clips in a folder below are refused, and not left out unseen; other folders are left alone."""
    plain.audio("plain/originals/two.wav")
    plain.text("plain/notes/two.txt", "good night")
    assert len(plain.clips("plain")) == 2

    plain.audio("plain/originals/p225/deep/b.wav")
    plain.text("plain/originals/p225/deep/b.txt", "below")

    assert "clips in the folder originals/p225/deep are not read" in plain.refusal("plain")


def test_a_text_without_audio(plain):
    """A text whose audio is missing is refused."""
    plain.text("plain/four.txt", "four")

    assert "four.txt has no audio file beside it" in plain.refusal("plain")


def test_one_name_with_two_endings(plain):
    """Two audio files that share a text cannot be told apart."""
    plain.audio("plain/two.wav")

    assert "clip id 'two' is already in" in plain.refusal("plain")


def test_a_text_that_is_not_utf_8(plain):
    """A text in another encoding is refused with its name."""
    plain.text("plain/two.txt", b"gr\xfc\xdfe")

    assert "two.txt:1: not UTF-8" in plain.refusal("plain")


def test_links(plain):
    """Audio that is a link is read through it."""
    (plain / "plain/link.wav").symlink_to(plain / "plain/é one.wav")
    plain.text("plain/link.txt", "linked")

    assert [clip.id for clip in plain.clips("plain")] == ["link", "two", "é one"]
