"""Manifests of NeMo."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.corpus.table import Columns


@pytest.fixture
def nemo(folder):
    """Writes a NeMo manifest, given as the objects of its lines."""

    def write(*lines):
        folder.text("train.json", "\n".join(json.dumps(line) for line in lines))
        return folder

    return write


def test_lines_become_clips(nemo):
    """Audio, text, duration, language and speaker of a line arrive in its clip; the path starts at the manifest."""
    folder = nemo(
        {"audio_filepath": "wavs/a.wav", "duration": 0.25, "text": "hello", "lang": "de", "speaker": 7},
        {"audio_filepath": "/data/b.wav", "duration": None, "text": "", "tags": ["nonspeech"]},
    )

    first, second = folder.clips("train.json")

    assert (first.id, first.audio, first.text) == ("a", folder / "wavs/a.wav", "hello")
    assert (first.duration, first.language, first.group, first.is_segment) == (0.25, "de", "7", False)
    assert (second.id, str(second.audio), second.text, second.seconds) == ("b", "/data/b.wav", "", None)


def test_an_offset_is_a_part_of_the_file(nemo):
    """A line with an offset is the part that begins there, and has an id of its own."""
    folder = nemo(
        {"audio_filepath": "long.wav", "offset": 0.0, "duration": 0.5, "text": "one"},
        {"audio_filepath": "long.wav", "offset": 0.5, "duration": 1.0, "text": "two"},
    )
    folder.audio("long.wav", seconds=2)

    clips = folder.clips("train.json")

    assert [(clip.id, clip.start, clip.end) for clip in clips] == [("long", 0.0, 0.5), ("long-0.5", 0.5, 1.5)]
    assert [load_audio(clip).seconds for clip in clips] == [0.5, 1.0]


def test_named_columns(nemo):
    """A line of NeMo's whose text has another key is read as NeMo's, and a key that no line of NeMo has is refused."""
    folder = nemo({"audio_filepath": "a.wav", "offset": 0.5, "duration": 1.0, "answer": "hello", "text": "prompt"})

    (clip,) = folder.clips("train.json", columns=Columns(text="answer"))

    assert (clip.text, clip.start, clip.end) == ("hello", 0.5, 1.5)
    assert "train.json:1: no key 'answers'" in folder.refusal("train.json", columns=Columns(text="answers"))
    assert "no key for channel" in folder.refusal("train.json", columns=Columns(channel="answer"))


def test_a_duration_without_an_offset(nemo):
    """A line without an offset is the beginning of a file that is clearly longer, and all of any other file."""
    folder = nemo(
        *(
            {"audio_filepath": f"{seconds}.wav", "duration": duration, "text": "one"}
            for seconds, duration in ((2, 0.5), (1, 0.996), (3, 3.004), (4, 9.0), (5, 0))
        )
    )
    for seconds in range(1, 6):
        folder.audio(f"{seconds}.wav", seconds=seconds)

    clips = folder.clips("train.json")

    assert [load_audio(clip).seconds for clip in clips] == [0.5, 1.0, 3.0, 4.0, 5.0]
    assert [header(clip)[0] for clip in clips] == [0.5, 1.0, 3.0, 4.0, 5.0]
    assert [clip.is_segment for clip in clips] == [False] * 5


@pytest.mark.parametrize("command", [("import",), ("sample", "-n", "2")])
def test_a_manifest_of_a_duration_without_an_offset(nemo, monkeypatch, command):
    """The manifest that is made of NeMo's has the same part of a longer file, and no place where the file is all."""
    folder = nemo(
        {"audio_filepath": "long.wav", "duration": 0.5, "text": "one"},
        {"audio_filepath": "short.wav", "duration": 1.0, "text": "two"},
    )
    folder.audio("long.wav", seconds=2)
    folder.audio("short.wav", seconds=1)
    monkeypatch.chdir(folder / ".")

    assert main(["corpus", *command, "train.json", "made"]) == 0

    clips = folder.clips("made")
    assert [(clip.start, clip.duration) for clip in clips] == [(0.0, 0.5), (None, 1.0)]
    assert [load_audio(clip).seconds for clip in clips] == [0.5, 1.0]


def test_a_folder_with_a_manifest(folder):
    """A folder whose manifest.json is NeMo's is found as such, also where it is called manifest.jsonl."""
    for name in ("a/manifest.json", "b/manifest.jsonl"):
        folder.text(name, '{"audio_filepath": "x.wav", "duration": 1, "text": "x"}\n')

    assert [folder.clips(name)[0].text for name in ("a", "b")] == ["x", "x"]


def test_one_name_in_several_folders(nemo):
    """Files of one name need ids of their paths, and the refusal says so."""
    folder = nemo(*({"audio_filepath": f"{name}/1.wav", "duration": 1, "text": name} for name in "ab"))

    message = folder.refusal("train.json")

    assert "train.json:2: clip id '1' is already in" in message
    assert "--ids path" in message
    assert [clip.id for clip in folder.clips("train.json", ids="path")] == ["a/1", "b/1"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"audio_filepath": "b.wav", "duration": 1}', "key 'text': missing key"),
        ('{"audio_filepath": 7, "duration": 1, "text": "b"}', "key 'audio_filepath': expected text, not 7"),
        ('{"duration": 1, "text": "b"}', "key 'audio_filepath': missing key"),
        ('{"audio_filepath": "b.wav", "duration": "long", "text": "b"}', "'duration' must be a number of seconds"),
        ('{"audio_filepath": "b.wav", "duration": -1, "text": "b"}', "'duration' must be a number of seconds"),
        ('{"audio_filepath": "b.wav", "duration": NaN, "text": "b"}', "'duration' must be a number of seconds"),
        ('{"audio_filepath": "b.wav", "offset": 3, "text": "b"}', "an 'offset' without a 'duration'"),
        ('{"audio_filepath": "b.wav", "offset": 3, "duration": 0, "text": "b"}', "end (3.0) must be after start"),
        ('{"audio_filepath": "b.wav", "text": ', "not valid JSON"),
        ('["b.wav"]', "not a JSON object"),
    ],
)
def test_a_wrong_line_is_named(folder, line, words):
    """A mistake is refused with the file, the line's number and what is wrong."""
    path = folder.text("m.json", '{"audio_filepath": "a.wav", "duration": 1, "text": "a"}\n\n' + line + "\n")

    message = folder.refusal("m.json")

    assert message.startswith(f"{path}:3: ")
    assert words in message


def test_bytes_that_are_not_utf_8(folder):
    """A line that is not UTF-8 is named, with the command that converts it."""
    folder.text("m.json", b'{"audio_filepath": "a.wav", "text": "a"}\n{"audio_filepath": "b.wav", "text": "\xff"}')

    assert "m.json:2: not UTF-8\n  hint: convert it: iconv" in folder.refusal("m.json")


@pytest.mark.parametrize("name", ["tarred_audio_manifest.json", "train.json"])
def test_a_tarred_data_set(folder, name):
    """The manifest of a tarred data set is refused in one sentence that says how to unpack it, not clip by clip."""
    folder.text(name, json.dumps({"audio_filepath": "a.wav", "duration": 1.0, "text": "hi", "shard_id": 0}))

    refusal = folder.refusal(name)

    assert f"{name} is the manifest of a tarred data set" in refusal
    assert "tar -xif" in refusal


def test_a_folder_of_a_tarred_data_set(folder):
    """A folder that holds a tarred data set alone gets the same sentence."""
    folder.text("tarred_audio_manifest.json", json.dumps({"audio_filepath": "a.wav", "duration": 1.0, "text": "hi"}))

    assert "tarred data set" in folder.refusal(".")


def test_lines_of_translations(nemo):
    """A line whose text is in another language than what is said is refused; one of dialects is read."""
    line = {"audio_filepath": "a.wav", "duration": 0.25, "text": "hello", "source_lang": "en", "target_lang": "en-US"}

    assert nemo(line).clips("train.json")[0].language == "en"
    message = nemo(line | {"source_lang": "de"}).refusal("train.json")
    assert "train.json:1: the text is a translation: 'source_lang' is 'de', and 'target_lang' is 'en-us'" in message
