"""Opening a corpus: by name or path, by detection or by the format that is stated."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from asrlab_pytest.corpus import reader
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.importing import Import
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.open import detect, open_corpus
from asrlab_pytest.corpus.table import Columns, CorpusTable
from asrlab_pytest.corpus.write import write_manifest
from asrlab_pytest.errors import ClipError, CorpusError

LINE = '{"audio": "a.wav", "text": "a"}\n'

LAYOUTS = {
    "manifest": {"manifest.jsonl": LINE},
    "nemo": {"manifest.json": '{"audio_filepath": "a.wav", "duration": 1, "text": "a"}\n'},
    "common-voice": {"test.tsv": "client_id\tpath\tsentence\tlocale\nx\ta.mp3\ta\tde\n", "clips/a.mp3": ""},
    "librispeech": {"test/1/2/1-2.trans.txt": "1-2-3 A\n", "test/1/2/1-2-3.flac": ""},
    "mls": {"transcripts.txt": "1_2_3\ta\n", "audio/1/2/1_2_3.flac": ""},
    "kaldi": {"wav.scp": "a a.wav\n", "text": "a a\n"},
    "ljspeech": {"metadata.csv": "a|a|a\n", "wavs/a.wav": ""},
    "audiofolder": {"metadata.csv": "file_name,text\na.wav,a\n", "a.wav": ""},
    "text-files": {"a.wav": "", "a.txt": "a"},
}


def lay(folder, files):
    for name, content in files.items():
        folder.text(name, content)


LISTINGS = {".csv", ".json", ".jsonl", ".scp", ".tsv", ".txt"}


def as_windows_saves_it(files):
    """The listings with a byte order mark and CRLF."""
    return {
        name: "\ufeff" + content.replace("\n", "\r\n") if Path(name).suffix in LISTINGS or name == "text" else content
        for name, content in files.items()
    }


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_editors_leave_behind(folder, name):
    """A byte order mark, Windows line ends and a folder with spaces and letters beyond ASCII change no form."""
    for place, files in (("plain", LAYOUTS[name]), ("mein Ördner 中", as_windows_saves_it(LAYOUTS[name]))):
        lay(folder, {f"{place}/{file}": content for file, content in files.items()})

    plain, other = folder.clips("plain"), folder.clips("mein Ördner 中")

    assert [clip.audio.relative_to(folder / "mein Ördner 中") for clip in other] == [
        clip.audio.relative_to(folder / "plain") for clip in plain
    ]
    assert [replace(clip, audio=None) for clip in other] == [replace(clip, audio=None) for clip in plain]


@pytest.mark.parametrize("name", LAYOUTS)
def test_audio_of_no_bytes(folder, name):
    """An audio file of no bytes is listed like any other, and fails its own clip."""
    lay(folder, LAYOUTS[name])
    (clip,) = folder.clips()
    clip.audio.write_bytes(b"")

    with pytest.raises(ClipError, match=r"empty \(0 bytes\)"):
        load_audio(clip)


@pytest.mark.parametrize("name", LAYOUTS)
def test_audio_that_is_not_there(folder, name):
    """Audio that is missing fails its own clip, with its path."""
    lay(folder, LAYOUTS[name])
    (clip,) = folder.clips()
    clip.audio.unlink(missing_ok=True)

    with pytest.raises(ClipError) as caught:
        load_audio(clip)

    assert f"no file {clip.audio}" in str(caught.value)


@pytest.mark.parametrize("copy", [False, True])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_form_can_be_imported(folder, name, copy):
    """What is imported from any form reads as it did there, with what the audio adds."""
    lay(folder, {f"old/{file}": content for file, content in LAYOUTS[name].items()})
    source = folder.clips("old")
    folder.audio(*(clip.audio for clip in source))

    write_manifest(folder / "new/manifest.jsonl", Import(source, folder / "new", copy=copy).clips())
    read = folder.clips("new")

    facts = {"audio": None, "sha256": None, "duration": None, "sample_rate": None, "limit": None}
    assert [replace(clip, **facts) for clip in read] == [replace(clip, **facts) for clip in source]
    assert [load_audio(clip).sha256 for clip in read] == [load_audio(clip).sha256 for clip in source]


@pytest.mark.parametrize("name", LAYOUTS)
def test_detection(folder, name):
    """Each form is known by its layout, and by no other reader."""
    lay(folder, LAYOUTS[name])

    assert detect(folder.path).name == name
    assert [each for each in reader.reader_names() if reader.reader(each).detects(folder.path)] == [name]
    assert [clip.text.lower() for clip in folder.clips()] == ["a"]


@pytest.mark.parametrize(
    ("file", "content", "name"),
    [
        ("list.csv", "audio,text\na.wav,a\n", "table"),
        ("list.TSV", "audio\ttext\na.wav\ta\n", "table"),
        ("test.tsv", "client_id\tpath\tsentence\nx\ta.mp3\ta\n", "common-voice"),
        ("metadata.csv", "file_name,text\na.wav,a\n", "audiofolder"),
        ("metadata.jsonl", '{"file_name": "a.wav", "text": "a"}\n', "audiofolder"),
        ("clips.json", LINE, "manifest"),
        ("train.jsonl", '{"audio_filepath": "a.wav", "text": "a"}\n', "nemo"),
        ("corpora.py", "def corpus(): return [{'audio': 'a.wav', 'text': 'a'}]\n", "python"),
    ],
)
def test_detection_of_files(folder, file, content, name):
    """A file that lists clips is known by its first line."""
    path = folder.text(file, content)

    assert detect(path).name == name
    assert [each for each in reader.reader_names() if reader.reader(each).detects(path)] == [name]
    assert [clip.text for clip in folder.clips(file)] == ["a"]


def test_all_of_our_readers_are_ordered():
    """The order in which forms are looked for has every reader of ours."""
    assert set(reader.reader_names()) <= set(reader.ORDER)


def test_our_manifest_beats_other_forms(folder):
    """A folder with our manifest is taken as that, whatever else lies in it."""
    for files in LAYOUTS.values():
        lay(folder, files)
    lay(folder, LAYOUTS["manifest"])

    assert detect(folder.path).name == "manifest"


def test_two_forms_at_once(folder):
    """Where two forms fit, the refusal names them, and the stated format decides."""
    lay(folder, LAYOUTS["kaldi"] | LAYOUTS["text-files"])

    message = folder.refusal()

    assert "may be a corpus of several formats: kaldi, text-files" in message
    assert "--format kaldi" in message
    assert folder.open(format="text-files").manifest == folder.path


def test_no_form(folder):
    """Where no form fits, the refusal lists what was looked for."""
    folder.text("notes.md", "nothing here")

    message = folder.refusal()

    assert "is not a corpus of a known format" in message
    assert [name for name in reader.reader_names() if f"\n  {name}: " not in message] == []


def test_binary_files_are_no_corpus(folder):
    """Audio in the place of a corpus is refused, and not read as text."""
    folder.audio("a.wav")

    assert "is not a corpus of a known format" in folder.refusal("a.wav")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a/my a.wav", r"is an audio file.*hint: .*asrlab corpus add '.*my a\.wav' --text"),
        ("a", r"a has audio files, but no texts.*hint: write the text of my a\.wav to my a\.txt beside it"),
        ("b.tar.gz", r"is an archive\s+hint: unpack it"),
        ("b.zip", r"is an archive\s+hint: unpack it"),
    ],
)
def test_no_texts(folder, name, words):
    """Audio without texts, and an archive, are refused with the next step and not with all formats."""
    folder.audio("a/my a.wav")
    folder.text("b.tar.gz", b"\x1f\x8b\x08\0")
    folder.text("b.zip", b"PK\x03\x04")

    message = folder.refusal(name)

    assert re.search(words, message, re.DOTALL)
    assert "Looked for" not in message


def test_what_a_table_says_of_all_clips(folder):
    """Language, normalization, license and source are for clips that state none; tags are added."""
    folder.text(
        "manifest.jsonl",
        '{"audio": "a.wav", "text": "a", "language": "fr", "tags": ["x"]}\n{"audio": "b.wav", "text": "b"}\n',
    )

    first, second = folder.clips(
        language="de", normalization="raw", license="CC0", source="us", tags=("x", "y"), format="manifest"
    )

    assert (first.language, first.tags) == ("fr", ("x", "y"))
    assert (second.language, second.tags) == ("de", ("x", "y"))
    assert {(clip.normalization, clip.license, clip.source) for clip in (first, second)} == {("raw", "CC0", "us")}


def test_a_key_that_a_format_does_not_take(folder):
    """A key that would change nothing is refused, with those that the format takes."""
    lay(folder, LAYOUTS["kaldi"])

    message = folder.refusal(split="test", columns=Columns(text="t"))

    assert "the format kaldi has no key 'columns'" in message
    assert "the format takes: audio" in message


def test_a_key_that_a_format_without_keys_does_not_take(folder):
    """It has none of its own, so those that every table has are not denied."""
    message = folder.refusal("own.py:clips", format="python", options={"shortest_s": 3})

    assert "the format python has no key 'options'" in message
    assert "the format takes: no keys of its own" in message


def test_an_unknown_format(folder):
    """A format that nobody offers is refused with those that are installed."""
    message = folder.refusal(format="wavs")

    assert "no corpus format 'wavs'; installed: manifest, nemo," in message
    assert "'asrlab.corpora'" in message


def test_names_and_paths(folder):
    """A corpus is opened by the name of its table, which becomes its own, or by a path."""
    folder.text("data/list.csv", "rec,text\na.wav,a\n")
    folder.text("shop/manifest.jsonl", LINE)
    tables = {
        "shop": CorpusTable(path="data/list.csv", columns=Columns(audio="rec"), audio="recordings", tags=("t",)),
    }

    named = open_corpus("shop", tables, folder.path)

    assert (named.name, named.samples[0].tags) == ("shop", ("t",))
    assert named.samples[0].audio == folder / "recordings/a.wav"
    assert open_corpus("./shop", tables, folder.path).manifest == folder / "shop/manifest.jsonl"
    assert open_corpus("shop", {}, folder.path).samples == read_manifest(folder / "shop").samples


def test_a_fault_in_a_named_corpus(folder):
    """What is wrong with a named corpus begins with its name."""
    with pytest.raises(CorpusError, match=r"^corpus mine: no corpus at .*nowhere"):
        open_corpus("mine", {"mine": CorpusTable(path="nowhere")}, folder.path)


def test_neither_name_nor_path(folder):
    """What is neither a name nor a path is refused with the names that there are."""
    with pytest.raises(CorpusError) as caught:
        open_corpus("yours", {"mine": CorpusTable(path="x")}, folder.path)

    assert "[tool.asrlab.corpora] has no 'yours'" in str(caught.value)
    assert "choose one of: mine" in str(caught.value)


READER = """
from asrlab_pytest.corpus.readers.listing import Listing

class Shouting:
    name = "shouting"
    looks_for = "a .shout file"
    options = ("options",)

    def detects(self, path):
        return path.suffix == ".shout"

    def read(self, path, table):
        listing = Listing("loud", path.parent, [path])
        listing.add(f"{path}:1", "a.wav", path.read_text().upper() * table.options.get("times", 1))
        return listing.corpus()
"""


def test_an_outside_reader(install_reader, folder):
    """A reader of another package is found by its entry point, after ours, and takes options of its own."""
    install_reader(READER, "shouting = loud_reader:Shouting")
    folder.text("x.shout", "hey")

    assert reader.reader_names()[-1] == "shouting"
    assert folder.clips("x.shout")[0].text == "HEY"
    assert folder.clips("x.shout", options={"times": 2})[0].text == "HEYHEY"


def test_a_broken_outside_reader(install_reader, folder):
    """A reader whose module cannot be imported is a sentence that names where it comes from."""
    install_reader("import no_such_module\n", "sad = sad_reader:Sad")

    assert "corpus format 'sad' (sad_reader:Sad) does not load: ModuleNotFoundError" in folder.refusal(format="sad")


def test_100_000_clips_are_listed_without_audio(folder):
    """A large manifest is read in seconds, although none of its files is there."""
    lines = (
        json.dumps({"id": f"c{n}", "audio": f"{n}.flac", "text": "go", "duration": 3.2, "group": f"s{n % 300}"})
        for n in range(100_000)
    )
    folder.text("manifest.jsonl", "\n".join(lines))

    start = time.process_time()
    clips = folder.clips()

    assert len(clips) == 100_000
    assert time.process_time() - start < 10


def test_a_folder_with_a_listing(folder):
    """A folder of no known format is refused with the listing in it, here of Common Voice, but separated by commas."""
    folder.text("cv/validated.csv", "client_id,path,sentence,locale\nx,a.mp3,hello,en\n")

    assert f"pass the listing in it: {folder / 'cv/validated.csv'}" in folder.refusal("cv")
    assert folder.clips("cv/validated.csv")[0].group == "x"


PREFIXED = {"mine": CorpusTable(path="python:own.py:clips")}


@pytest.mark.parametrize(
    ("name", "tables"), [("mine", PREFIXED), ("python:own.py:clips", PREFIXED), ("./python:own.py:clips", {})]
)
def test_a_path_that_begins_with_python(folder, name, tables):
    """A function of a file is written without the ``python:`` that a normalization has, and the hint says so."""
    folder.text("own.py", "def clips(): return []")

    with pytest.raises(CorpusError, match=r"no corpus at .*python:own.py:clips: it begins with python:") as caught:
        open_corpus(name, tables, folder.path)

    assert "leave out python:, and write it as file.py:function" in str(caught.value)


@pytest.mark.parametrize("name", ["cv/test.tsv", "af/metadata.csv"])
def test_a_folder_with_an_empty_listing(folder, name):
    """An empty listing is called that, and no other table of its folder is offered in its place."""
    folder.text("cv/clip_durations.tsv", "clip\tduration[ms]\na.mp3\t100\n")
    folder.audio("af/a.wav")
    folder.text(name, "")

    assert f"{folder / name} is empty" in folder.refusal(name.partition("/")[0])
