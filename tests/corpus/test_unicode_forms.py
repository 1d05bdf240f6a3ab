"""Listings and files whose names are the same in different Unicode forms, as after a move between a Mac and Linux."""

import json
from dataclasses import replace
from unicodedata import normalize

import pytest

from asrlab_pytest import corpus_of
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import ClipError

ONE, TWO = (normalize(form, "éü") for form in ("NFC", "NFD"))
"""A name in one code a letter, and in two."""
OHM, OMEGA = "\u2126e\u0301", "\u03a9e\u0301"
"""Two more forms of one name, beside the one with U+03A9 and U+00E9."""

BOTH = pytest.mark.parametrize(("listed", "stored"), [(ONE, TWO), (TWO, ONE)])


@pytest.fixture
def distinct(folder):
    """A folder of a file system that keeps the forms apart."""
    folder.audio(f"probe/{ONE}.wav")
    if (folder / f"probe/{TWO}.wav").exists():
        pytest.skip("this file system takes both forms for one name")
    return folder


@pytest.mark.parametrize(
    "layout",
    [
        ("manifest.jsonl", '{{"audio": "{0}/{0}.wav", "text": "x"}}\n', "{0}/{0}.wav"),
        ("manifest.json", '{{"audio_filepath": "{0}/{0}.wav", "duration": 0.25, "text": "x"}}\n', "{0}/{0}.wav"),
        ("it.csv", "audio,text\n{0}/{0}.wav,x\n", "{0}/{0}.wav"),
        ("metadata.csv", "file_name,text\n{0}/{0}.wav,x\n", "{0}/{0}.wav"),
        ("metadata.csv", "{0}|x|x\n", "wavs/{0}.wav"),
        ("test.tsv", "client_id\tpath\tsentence\n1\t{0}.mp3\tx\n", "clips/{0}.mp3"),
        ("1-2.trans.txt", "1-2-{0} x\n", "1-2-{0}.wav"),
        ("{0}.txt", "x\n", "{0}.wav"),
    ],
)
@BOTH
def test_a_listed_file(distinct, layout, listed, stored):
    """A file is read under its listed name in any Unicode form, and the id is as the listing writes it."""
    name, content, audio = layout
    path = distinct.text(f"it/{name.format(listed)}", content.format(listed))
    distinct.audio(f"it/{audio.format(stored)}")

    (clip,) = distinct.clips("it" if path.suffix in {".txt", ".jsonl"} or "|" in content else f"it/{path.name}")

    assert load_audio(clip).seconds == 0.25
    assert clip.audio == distinct / f"it/{audio.format(stored)}"
    assert clip.id.endswith(stored if path.name == f"{listed}.txt" else listed)


@BOTH
def test_utterances_of_kaldi(distinct, listed, stored):
    """An utterance has the audio, the speaker and the duration that are listed under its name in any Unicode form."""
    distinct.text("it/text", f"{listed} hello\n")
    distinct.text("it/wav.scp", f"{stored} {listed}.wav\n")
    distinct.text("it/utt2spk", f"{stored} anna\n")
    distinct.text("it/utt2dur", f"{stored} 0.25\n")
    distinct.audio(f"it/{stored}.wav")

    (clip,) = distinct.clips("it")

    assert (clip.id, clip.group, clip.duration, load_audio(clip).seconds) == (listed, "anna", 0.25, 0.25)
    distinct.text("it/segments", f"{stored} {listed} 0.05 0.25\n")
    distinct.text("it/utt2dur", f"{stored} 0.2\n")
    assert [each.start for each in distinct.clips("it")] == [0.05]


@BOTH
def test_the_path_of_a_corpus(distinct, listed, stored):
    """A corpus and the folder of its audio are found under their names in any Unicode form."""
    distinct.text(f"{stored}/it.csv", "audio,text\na.wav,x\n")
    distinct.audio(f"{stored}/{stored}/a.wav")
    tables = {"it": CorpusTable(path=f"{listed}/it.csv", audio=f"{listed}/{listed}")}

    for corpus in (open_corpus("it", tables, distinct.path), open_corpus(f"{listed}/it.csv", {}, distinct.path)):
        assert [clip.id for clip in corpus.samples] == ["a"]
    assert load_audio(open_corpus("it", tables, distinct.path).samples[0]).seconds == 0.25


@BOTH
def test_recordings_and_questions(distinct, listed, stored):
    """The recording of a prompt, a question of a dialogue and a clip of code are found in any Unicode form."""
    distinct.audio(f"{stored}.wav")
    prompt = {"id": "a", "text": "hello", "recording": f"{listed}.wav"}
    dialogue = {"id": "a", "turns": [{"audio": f"{listed}.wav", "text": "hello", "facts": [{"keyword": "hello"}]}]}
    prompts = read_prompts(distinct.text("prompts.jsonl", json.dumps(prompt)))
    dialogues = read_dialogues(distinct.text("dialogues.jsonl", json.dumps(dialogue)))
    code = corpus_of([{"audio": f"{listed}.wav", "text": "hello"}], name="code", folder=distinct.path)

    clips = corpus_of([replace(code.samples[0], audio=distinct / f"{listed}.wav")], name="clips")

    for samples in (prompts, dialogues, code, clips):
        (clip,) = samples.samples[0].recordings
        assert load_audio(clip).seconds == 0.25


@BOTH
def test_a_file_of_the_very_name(distinct, listed, stored):
    """Where both forms are there, each name is that of its own file."""
    distinct.audio(f"it/{listed}.wav")
    distinct.audio(f"it/{stored}.wav", seconds=0.5)
    distinct.text("it/a.csv", f"id,audio,text\na,{listed}.wav,x\nb,{stored}.wav,y\n")

    assert [load_audio(clip).seconds for clip in distinct.clips("it/a.csv")] == [0.25, 0.5]


@pytest.mark.parametrize("form", ["it.csv", "manifest.jsonl"])
@BOTH
def test_two_names_of_one_file(distinct, form, listed, stored):
    """Two clips whose ids differ in their Unicode form only are refused: both would be the one file that is there."""
    line = "{}.wav,x\n" if form == "it.csv" else '{{"audio": "{}.wav", "text": "x"}}\n'
    distinct.text(f"it/{form}", "audio,text\n" * (form == "it.csv") + line.format(listed) + line.format(stored))
    distinct.audio(f"it/{stored}.wav")

    assert f"id {stored!r} is already in " in (message := distinct.refusal(f"it/{form}"))
    assert ", in another Unicode form\n" in message


def test_several_files_of_one_name(distinct):
    """A file that is there in several other forms is not guessed, and the hint says so."""
    name = "\u03a9\u00e9"
    distinct.audio(f"it/{OHM}.wav", f"it/{OMEGA}.wav")
    distinct.text("it/it.csv", f"audio,text\n{name}.wav,x\n")

    with pytest.raises(ClipError, match="no file") as caught:
        load_audio(distinct.clips("it/it.csv")[0])
    assert "several files there have this name in other Unicode forms" in caught.value.hint


def test_several_utterances_of_one_name(distinct):
    """An utterance whose audio is listed in several other forms is not guessed, and the hint does not remove it."""
    distinct.text("it/text", "\u03a9\u00e9 hello\n")
    distinct.text("it/wav.scp", "".join(f"{name} a.wav\n" for name in (OHM, OMEGA)))

    assert "has no audio in" in (message := distinct.refusal("it"))
    assert "write it in one form (NFC) in all files" in message
