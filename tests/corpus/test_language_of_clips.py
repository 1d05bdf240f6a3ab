"""The language of clips, prompts and dialogues: read, mapped, defaulted and refused."""

import json
from pathlib import Path

import pytest

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.in_code import corpus_of
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.settings import validated


def written(path: Path, *lines: dict) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


CLIP = {"audio": "a.wav", "text": "hello"}
TURN = {"audio": "a.wav", "text": "hello"}
MONEY = [{"type": "money", "value": "USD 5"}]


def test_the_manifest_maps_languages(tmp_path):
    """A clip's language becomes its code; one that states none has none."""
    stated = ["German", "eng", "pt_br", "zxx", ""]
    path = written(
        tmp_path / "manifest.jsonl", *({**CLIP, "id": str(n), "language": one} for n, one in enumerate(stated)), CLIP
    )

    assert [clip.language for clip in read_manifest(path).samples] == ["de", "en", "pt-BR", None, None, None]


@pytest.mark.parametrize(
    ("read", "name", "line"),
    [
        (read_manifest, "manifest.jsonl", CLIP),
        (read_prompts, "prompts.jsonl", {"id": "a", "text": "hello"}),
        (read_dialogues, "dialogues.jsonl", {"id": "a", "turns": [TURN]}),
    ],
)
def test_an_unknown_language_is_refused_where_it_is_read(tmp_path, read, name, line):
    """The error names the file, the line and the nearest codes, and says what to write."""
    path = written(tmp_path / name, {**line, "id": "first"}, {**line, "id": "second", "language": "Germn"})

    with pytest.raises(CorpusError, match="Germn") as caught:
        read(path)
    assert f"{path}:2: key 'language': unknown language 'Germn'; nearest: de (German)" in caught.value.problem
    assert 'such as "en"' in caught.value.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("clips.csv", "audio,text,language\na.wav,hello,Germn\n"),
        ("clips.tsv", "audio\ttext\tlocale\na.wav\thello\tGermn\n"),
        ("nemo.json", '{"audio_filepath": "a.wav", "text": "hello", "duration": 1.0, "lang": "Germn"}\n'),
    ],
)
def test_every_reader_refuses_an_unknown_language(tmp_path, name, content):
    """Tables and manifests of other tools are read as strictly, with file and line."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    with pytest.raises(CorpusError, match="unknown language 'Germn'; nearest: de") as caught:
        open_corpus(name, {}, tmp_path)
    assert str(path) in caught.value.problem


def test_a_corpus_in_code_is_read_as_strictly():
    """Clips that a Python function makes, as mappings or as objects, have codes as well."""
    assert corpus_of([{**CLIP, "language": "French"}], name="mine").samples[0].language == "fr"
    assert (
        corpus_of([Clip(id="a", audio=Path("a.wav"), text="", language="deu")], name="mine").samples[0].language == "de"
    )
    with pytest.raises(CorpusError, match="clip 1 of mine: key 'language': unknown language 'xx'"):
        corpus_of([{**CLIP, "language": "xx"}], name="mine")


def test_the_language_of_the_clip_beats_that_of_the_table_and_the_project(tmp_path):
    """A clip's own language is kept; else the table's is taken, else the project's."""
    path = written(tmp_path / "manifest.jsonl", CLIP, {**CLIP, "id": "b", "language": "fr"})
    table = CorpusTable(path=str(path), language="German")

    def languages(name, tables, language=None):
        return [clip.language for clip in open_corpus(name, tables, tmp_path, language=language).samples]

    assert languages("mine", {"mine": table}, "en") == ["de", "fr"]
    assert languages(str(path), {}, "en") == ["en", "fr"]
    assert languages(str(path), {}) == [None, "fr"]


def test_the_project_states_the_language_of_prompts_and_dialogues(tmp_path):
    """Prompts, dialogues and their recordings and questions take the project's language where they state none."""
    prompts = written(tmp_path / "prompts.jsonl", {"id": "a", "text": "hello", "recording": "a.wav"})
    dialogues = written(tmp_path / "dialogues.jsonl", {"id": "a", "turns": [TURN]})
    prompt = read_prompts(prompts, "en").samples[0]
    dialogue = read_dialogues(dialogues, "en").samples[0]

    assert prompt.recording is not None
    assert {prompt.language, prompt.recording.language, dialogue.language, dialogue.turns[0].question.language} == {
        "en"
    }
    assert read_prompts(prompts).samples[0].language is None


def test_entities_need_a_language(tmp_path):
    """An entity that only English rules find is refused where no language is stated, with how to state it."""
    path = written(tmp_path / "manifest.jsonl", {**CLIP, "text": "five dollars", "entities": MONEY})

    with pytest.raises(CorpusError, match="no rules find the type money where no language is stated") as caught:
        read_manifest(path)
    assert 'language = "en" in [tool.asrlab]' in caught.value.hint
    assert len(read_manifest(path, "en").samples) == 1


@pytest.mark.parametrize(
    "table",
    [
        {"language": "xx"},
        {"corpora": {"mine": {"path": "x", "language": "xx"}}},
    ],
)
def test_an_unknown_language_of_the_project_is_refused(table):
    """A language of the project or of a corpus's table that there is not is an error of the configuration."""
    with pytest.raises(ConfigError, match="unknown language 'xx'"):
        validated(table, source="pyproject.toml")
