"""A clip whose text is empty: a mistake in every format, unless a tag says that nobody speaks."""

import json

import pytest

from asrlab_pytest.corpus.table import Columns

KALDI = {"wav.scp": "u1 one.wav\nu2 two.wav\n", "text": "u1 hello\nu2 \n"}
NEMO = [
    {"audio_filepath": f"{name}.wav", "duration": 1, "text": text} for name, text in (("one", "hello"), ("two", ""))
]
METADATA = [{"file_name": f"{name}.wav", "transcription": text} for name, text in (("one", "hello"), ("two", " "))]


def json_lines(entries):
    return "".join(f"{json.dumps(entry)}\n" for entry in entries)


FORMATS = {
    "kaldi": (KALDI, "text:2"),
    "nemo": ({"manifest.json": json_lines(NEMO)}, "manifest.json:2"),
    "audiofolder": ({"metadata.jsonl": json_lines(METADATA)}, "metadata.jsonl:2"),
    "ljspeech": ({"metadata.csv": "one|hello|hello\ntwo||\n", "wavs/one.wav": ""}, "metadata.csv:2"),
    "text-files": ({"one.wav": "", "one.txt": "hello", "two.wav": "", "two.txt": "\n"}, "two.txt"),
    "librispeech": ({"1/2/1-2.trans.txt": "1-2-1 HELLO\n1-2-2\n"}, "1-2.trans.txt:2"),
    "mls": (
        {"mls_german/dev/transcripts.txt": "1_2_3\thello\n1_2_4\t\n", "mls_german/dev/audio/1/2/1_2_3.flac": ""},
        "transcripts.txt:2",
    ),
    "common-voice": (
        {"de/dev.tsv": "client_id\tpath\tsentence\na\tone.mp3\thello\na\ttwo.mp3\t\n", "de/clips/one.mp3": ""},
        "dev.tsv:3",
    ),
    "table": ({"list.csv": "audio,text\none.wav,hello\ntwo.wav,\n"}, "list.csv:3"),
}
PLACES = {"mls": "mls_german/dev", "common-voice": "de", "table": "list.csv"}


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_text(folder, name):
    """A clip with an empty text is refused with file and line, unless a tag says that it has no speech."""
    files, place = FORMATS[name]
    for file, content in files.items():
        folder.text(f"corpus/{file}", content)
    path = f"corpus/{PLACES.get(name, '')}".rstrip("/")

    refusal = folder.refusal(path, format=name)
    assert f"{place}: the text is empty" in refusal
    assert 'tag the clip "nonspeech"' in refusal
    assert [clip.text.lower().strip() for clip in folder.clips(path, format=name, tags=("nonspeech",))] == ["hello", ""]


def test_a_tag_in_a_line(folder):
    """A line of a NeMo manifest or an audio folder can mark a clip without speech by its tags, and keeps them."""
    folder.text("nemo/manifest.json", json_lines([NEMO[0], {**NEMO[1], "tags": ["nonspeech", "street"]}]))
    folder.text("plain/metadata.jsonl", json_lines([METADATA[0], {**METADATA[1], "tags": "silence"}]))

    assert [clip.tags for clip in folder.clips("nemo")] == [(), ("nonspeech", "street")]
    assert [clip.tags for clip in folder.clips("plain")] == [(), ("silence",)]


def test_a_normalized_text_alone_is_empty(folder):
    """If only the normalized text of LJ Speech is empty, the printed one is used only on request."""
    folder.text("lj/metadata.csv", "one|a|a\ntwo|Ja|\n")
    folder.text("lj/wavs/one.wav", "")
    refusal = folder.refusal("lj")

    assert "metadata.csv:2: the normalized text is empty" in refusal
    assert "--column text=raw" in refusal
    assert [clip.text for clip in folder.clips("lj", columns=Columns(text="raw"))] == ["a", "Ja"]
