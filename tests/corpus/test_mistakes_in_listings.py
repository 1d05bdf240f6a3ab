"""Mistakes in a list of clips: the message names the file and line, and its hint helps."""

import json

import pytest

from asrlab_pytest.corpus.large_manifest import indexed
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.corpus.table import Columns
from asrlab_pytest.errors import CorpusError

NEMO = {"audio_filepath": "a.wav", "duration": 1.0, "text": "Grüße"}


ENCODINGS = {
    "latin-1": "WINDOWS-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32": "UTF-32",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
}
"""Encodings, each with its name for iconv."""


@pytest.mark.parametrize(
    ("file", "path", "content"),
    [
        ("manifest.jsonl", "", json.dumps({"audio": "a.wav", "text": "Grüße"}, ensure_ascii=False)),
        ("calls.json", "calls.json", json.dumps({"audio": "a.wav", "text": "Grüße"}, ensure_ascii=False)),
        ("manifest.json", "", json.dumps(NEMO, ensure_ascii=False)),
        ("metadata.jsonl", "", json.dumps({"file_name": "a.wav", "text": "Grüße"}, ensure_ascii=False)),
        ("list.csv", "list.csv", "audio,text\na.wav,Grüße"),
    ],
)
def test_encodings(folder, file, path, content):
    """The encoding of a listing is detected, and any but UTF-8 is refused with the command that converts it."""
    for encoding, name in ENCODINGS.items():
        folder.text(file, f"{content}\n".encode(encoding))

        message = folder.refusal(path)

        assert "not UTF-8\n" in message
        assert f"convert it: iconv -f {name} -t UTF-8 {folder / file}" in message


def test_encoding_of_a_later_line(folder):
    """The line that is not UTF-8 is named, also in a list of prompts."""
    file = folder.text("prompts.jsonl", b'{"id": "a", "text": "a"}\n{"id": "b", "text": "\xfc"}\n')

    with pytest.raises(CorpusError, match=r"prompts.jsonl:2: not UTF-8\n.*iconv -f WINDOWS-1252"):
        read_prompts(file)


@pytest.mark.parametrize(
    ("file", "audio"), [("manifest.json", "audio_filepath"), ("metadata.jsonl", "file_name"), ("list.jsonl", "audio")]
)
@pytest.mark.parametrize("place", [0, 6])
def test_half_a_character(folder, file, audio, place):
    """Half of an emoji, which no manifest can hold, is refused with its line; the whole one is read."""
    folder.audio("a.wav", "b.wav")
    half = json.loads('"' + r"\ud83d\ude00"[place : place + 6] + '"')
    how = {"columns": Columns(audio="audio")} if file == "list.jsonl" else {}
    path = file if how else ""
    lines = [{audio: "a.wav", "text": "one \U0001f600", "duration": 1}, {audio: "b.wav", "text": "two", "duration": 1}]
    folder.text(file, "\n".join(map(json.dumps, lines)))
    assert folder.clips(path, **how)[0].text == "one \U0001f600"

    lines[1]["text"] += half
    folder.text(file, "\n".join(map(json.dumps, lines)))

    assert f"{file}:2: {half!a} is half a character" in folder.refusal(path, **how)


@pytest.mark.parametrize(
    ("name", "delimiter", "shown"),
    [("list.csv", ";", ";"), ("list.csv", "\t", r"\t"), ("list.csv", "|", "|"), ("list.tsv", ",", ",")],
)
def test_a_delimiter_that_is_not_stated(folder, name, delimiter, shown):
    """A heading with another delimiter is refused with the option that states it, which then helps."""
    folder.text(name, f"audio{delimiter}text\na.wav{delimiter}hello\n")

    message = folder.refusal(name)

    assert f"{name}:1: the heading is a single column, {f'audio{delimiter}text'!r}" in message
    assert f"--delimiter '{shown}', or delimiter = \"{shown}\" in [tool.asrlab.corpora.<name>]" in message
    assert [clip.text for clip in folder.clips(name, delimiter=shown)] == ["hello"]


def test_the_line_that_excel_wants(folder):
    """Excel's line with the delimiter is not a heading."""
    folder.text("list.csv", "sep=;\naudio;text\na.wav;hello\n")

    assert "list.csv:1: 'sep=;' is a line for Excel, not the heading" in folder.refusal("list.csv")
    assert "list.csv:1: 'sep=;' is a line for Excel, not the heading" in folder.refusal("list.csv", delimiter=";")


@pytest.mark.parametrize("name", ["list.csv", "list.txt"])
def test_a_stated_delimiter_means_a_table(folder, name):
    """A file whose delimiter is stated is a table, whatever its columns and its ending."""
    folder.text(name, "recording|said\na.wav|hello\n")

    (clip,) = folder.clips(name, delimiter="|", columns=Columns(audio="recording", text="said"))

    assert (clip.id, clip.text) == ("a", "hello")


def test_an_unknown_format_hints_at_the_option(folder):
    """A file of no known format is refused with the option that states one."""
    folder.text("notes.txt", "hello\n")

    assert "state the format and its columns: --format and --column" in folder.refusal("notes.txt")


@pytest.mark.parametrize(
    ("file", "path", "content", "where"),
    [
        ("manifest.jsonl", "", '{{"audio": "{url}", "text": "a"}}', "manifest.jsonl:1: key 'audio': "),
        ("list.csv", "list.csv", "audio,text\n{url},a", "list.csv:2: "),
        ("manifest.json", "", '{{"audio_filepath": "{url}", "text": "a"}}', "manifest.json:1: "),
    ],
)
def test_urls(folder, file, path, content, where):
    """A URL is refused and quoted as written, because only files are read."""
    for url, hint in {
        "https://x.org/q.wav": "download the file, and write its path",
        "s3://bucket/q.wav": "download the file, and write its path",
        "file:///data/q.wav": "write its path without file://",
    }.items():
        folder.text(file, content.format(url=url))

        message = folder.refusal(path)

        assert f"{where}{url!r} is a URL, and only files are read\n  hint: {hint}" in message


@pytest.mark.parametrize(
    "line",
    [
        '{"audio": "s3://bucket/q.wav", "text": "q"}\n',
        '{"audio": "q.wav", "text": "q", "start": 2, "end": 1}\n',
        '{"audio": "q.wav", "text": "q", "start": 1, "end": 2, "duration": 3}\n',
    ],
)
def test_a_mistake_in_a_large_manifest(folder, line):
    """A large manifest with a URL or impossible times is refused before its first clip is transcribed, not there."""
    lines = ['{"audio": "a.wav", "text": "a"}\n', line]

    assert indexed(folder.text("manifest.jsonl", lines[0]), None) is not None
    assert indexed(folder.text("manifest.jsonl", "".join(lines)), None) is None


@pytest.mark.parametrize(
    ("file", "content", "hint", "table"),
    [
        (
            "list.csv",
            "audio,text\na.wav,a\nx/a.wav,b",
            'give each an id, or use paths as ids: ids = "path", or --ids path',
            {},
        ),
        ("list.csv", "audio,text,channel\na.wav,a,1\na.wav,b,2", "remove one of them, or give each an id", {}),
        ("list.csv", "audio,text\na.wav,a\na.wav,b", "remove one of them, or give each an id", {"ids": "path"}),
        ("list.csv", "audio,text,id\na.wav,a,1\nb.wav,b,1", "remove one of them, or correct its id", {}),
        ("manifest.json", 2 * f"{json.dumps(NEMO | {'id': '1'})}\n", "remove one of them, or correct its id", {}),
    ],
)
def test_hint_about_an_id_that_two_clips_have(folder, file, content, hint, table):
    """The hint names fixes that the listing allows."""
    folder.text(file, content)

    message = folder.refusal(file, **table)

    assert f"is already in {folder / file}:" in message
    assert message.endswith(hint)


def test_two_files_of_one_name(folder):
    """The hint for two audio files with one text does not ask for ids, which the folder cannot hold."""
    folder.audio("a.wav", "a.flac")
    folder.text("a.txt", "a")

    assert folder.refusal().endswith("remove one of them, or rename it")


def test_keys_as_the_listing_calls_them(folder):
    """A wrong value is named by the listing's key or column, not by ours."""
    folder.text("list.csv", "audio,text,locale\na.wav,a,Germn\n")
    folder.text("times.csv", "audio,text,from\na.wav,a,0:30\n")
    folder.text("manifest.json", json.dumps(NEMO | {"source_lang": "Germn"}))

    assert "list.csv:2: key 'locale': unknown language 'Germn'" in folder.refusal("list.csv")
    assert "times.csv:2: 'from' must be a number" in folder.refusal("times.csv", columns=Columns(start="from"))
    assert "manifest.json:1: key 'source_lang': unknown language 'Germn'" in folder.refusal("manifest.json")
