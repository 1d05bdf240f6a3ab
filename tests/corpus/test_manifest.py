"""Manifests: what is read, and how each mistake is named."""

from pathlib import Path

import pytest

from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.thresholds import Thresholds

HELLO = {"audio": "hello.wav", "text": "Hello."}


def refusal(path):
    with pytest.raises(CorpusError) as caught:
        read_manifest(path)
    return str(caught.value)


def test_a_line_becomes_a_clip(manifest):
    """Every key of a line arrives in the clip, and the audio's path starts at the manifest."""
    path = manifest(
        {
            "id": "a",
            "audio": "clips/hello.wav",
            "text": "Hello.",
            "language": "en",
            "duration": 1.5,
            "sample_rate": 8000,
            "sha256": "ab" * 32,
            "tags": ["short", "clean"],
            "group": "anna",
            "thresholds": {"wer": 0.25},
            "license": "CC0",
            "source": "a friend",
        }
    )

    (clip,) = read_manifest(path).samples

    assert clip.id == "a"
    assert clip.audio == path.parent / "clips/hello.wav"
    assert (clip.text, clip.language, clip.duration, clip.sample_rate) == ("Hello.", "en", 1.5, 8000)
    assert (clip.sha256, clip.tags, clip.group) == ("ab" * 32, ("short", "clean"), "anna")
    assert clip.thresholds == Thresholds(wer=0.25)
    assert (clip.license, clip.source) == ("CC0", "a friend")


def test_the_id_is_the_file_name_where_none_is_given(manifest):
    """A line without an id takes the audio file's name, without folder and ending."""
    assert read_manifest(manifest({"audio": "a/b.c.flac", "text": ""})).samples[0].id == "b.c"


def test_folder_or_file(manifest):
    """A corpus is named by its folder or by its manifest, with the same result."""
    path = manifest(HELLO)

    assert read_manifest(path) == read_manifest(path.parent)
    assert read_manifest(path).name == path.parent.name


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf{"audio": "a.wav", "text": "h\xc3\xa9"}\n{"audio": "b.wav", "text": "b"}\n',
        b'{"audio": "a.wav", "text": "h\xc3\xa9"}\r\n{"audio": "b.wav", "text": "b"}\r\n',
        b'\n  \n{"audio": "a.wav", "text": "h\xc3\xa9"}\n\n{"audio": "b.wav", "text": "b"}',
    ],
    ids=["byte order mark", "CRLF", "blank lines"],
)
def test_what_editors_leave_behind(manifest, content):
    """A byte order mark, Windows line ends and blank lines change nothing."""
    assert [(clip.id, clip.text) for clip in read_manifest(manifest(content)).samples] == [("a", "hé"), ("b", "b")]


def test_missing(tmp_path):
    """A folder without a manifest is refused with its path and the command that creates a starter."""
    message = refusal(tmp_path)

    assert f"no corpus at {tmp_path}: it has no manifest.jsonl" in message
    assert "asrlab init" in message


def test_no_such_folder(tmp_path):
    """A folder that is not there is refused with its path."""
    assert str(tmp_path / "nowhere") in refusal(tmp_path / "nowhere")


def test_empty(manifest):
    """A manifest without lines is refused, with an example of a line."""
    assert "lists no clips" in refusal(manifest(b"\n\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"audio": "b.wav", "text": }', ["not valid JSON", "column"]),
        (b'["b.wav", "hello"]', ["object"]),
        (b'{"audio": "b.wav", "text": "\xff"}', ["not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8"]),
        (b'{"audio": "b.wav"}', ["'text'", "missing key"]),
        (b'{"text": "b"}', ["'audio'", "missing key"]),
        (b'{"audio": "b.wav", "text": "b", "offset": 2}', ["'offset'", "did you mean 'start'?"]),
        (b'{"audio": "b.wav", "text": "b", "tagz": []}', ["'tagz'", "unknown key", "did you mean 'tags'?"]),
        (b'{"audio": "b.wav", "text": 3}', ["'text'", "string"]),
        (b'{"audio": "b.wav", "text": "b", "tags": "noise"}', ["'tags'", "array"]),
        (b'{"audio": "b.wav", "text": "b", "duration": "3"}', ["'duration'", "number"]),
        (b'{"audio": "b.wav", "text": "b", "sample_rate": 1.5}', ["'sample_rate'", "integer"]),
        (b'{"audio": "b.wav", "text": "b", "thresholds": {"wer": -1}}', ["'thresholds'", "wer", "from 0 up"]),
        (b'{"audio": "b.wav", "text": "b", "thresholds": {"wer": NaN}}', ["wer", "from 0 up, not nan"]),
        (b'{"audio": "b.wav", "text": "b", "thresholds": {"were": 1}}', ["'thresholds.were'", "unknown key"]),
        (b'{"audio": "b.wav", "text": "b", "id": " "}', ["id is empty"]),
        (b'{"audio": "", "text": "b", "id": "b"}', ["key 'audio': the path is empty"]),
        (b'{"audio": ".", "text": "b"}', ["key 'audio': '.' is a folder"]),
        (b'{"audio": "b.wav", "text": "b", "id": "hello"}', ["'hello'", "already in line 1"]),
        (b'{"audio": "elsewhere/hello.flac", "text": "b"}', ["'hello'", "already in line 1"]),
    ],
    ids=lambda value: value.decode(errors="replace") if isinstance(value, bytes) else "",
)
def test_a_wrong_line_is_named(manifest, line, words):
    """A mistake is refused in one sentence, with the manifest, the line's number and the key."""
    path = manifest(HELLO, b"", line, HELLO | {"id": "later"})

    message = refusal(path)

    assert message.startswith(f"{path}:3: ")
    assert [word for word in words if word not in message] == []
    assert "pydantic" not in message


def test_every_fault_of_a_line_at_once(manifest):
    """Two mistakes in one line are both named."""
    message = refusal(manifest({"audio": "a.wav", "tagz": [], "txet": "a"}))

    assert message.count("unknown key") == 2
    assert "'text': missing key" in message


def test_no_audio_is_opened(manifest):
    """A manifest is read although none of its files is there."""
    assert len(read_manifest(manifest(HELLO)).samples) == 1


def test_clips_keep_their_order(manifest):
    """Clips are in the manifest's order, and are found by id."""
    corpus = read_manifest(manifest(*({"audio": f"{name}.wav", "text": name} for name in "cab")))

    assert [clip.id for clip in corpus.samples] == ["c", "a", "b"]
    assert corpus.by_id["a"].text == "a"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here is there and cannot be read")
def test_a_manifest_that_cannot_be_read(tmp_path):
    """A manifest that the system does not let this process read is refused in words."""
    (tmp_path / "manifest.jsonl").symlink_to("/proc/self/mem")

    with pytest.raises(CorpusError, match=r"manifest\.jsonl cannot be read: "):
        read_manifest(tmp_path)


ROW = '{"audio": "a.wav", "text": "a"}'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"[\n  {ROW}\n]", ":1: not a JSON object, but a JSON array\n  hint: write one object per line, as with: jq"),
        (f"[{ROW}]", ":1: not a JSON object, but a JSON array\n  hint: write one object per line, as with: jq"),
        (f"{{\n{ROW[1:]}", ":1: a JSON object that goes on in the next line\n  hint: write one object per line, as"),
        (f"audio,text\n{ROW}", ":1: not valid JSON (expected value at column 1)\n  hint: write each line as one JSON"),
        (f"{ROW}\n{{}}", 'missing key\n  hint: write each line as one JSON object, such as {"audio": "a.wav", "text"'),
        (ROW[:-1] + ', "tags": "x"}', 'write ["x"]'),
        (ROW[:-1] + ', "entities": "x"}', 'write [{"type": "...", "value": "..."}]'),
    ],
    ids=["array", "array of a line", "object of lines", "table", "missing key", "text for texts", "text for objects"],
)
def test_hints(manifest, content, words):
    """A file of another layout, and a line without what it needs, are refused with how to write it."""
    assert words in refusal(manifest(content.encode()))
