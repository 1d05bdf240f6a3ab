"""Prompts: what is read, how each mistake is named, and those that are shipped."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.open import read_corpus
from asrlab_pytest.corpus.prompts import Prompt, read_prompts
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import ClipError, CorpusError
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.protocols.entities import ListedEntity, extract
from asrlab_pytest.thresholds import SpeechThresholds

HELLO = {"id": "hello", "text": "Hello."}
FULL = {
    "id": "price",
    "text": "It cost $5.",
    "voice": "slt",
    "language": "en",
    "normalization": "plain",
    "tags": ["money", "short"],
    "group": "shop",
    "thresholds": {"excess_wer": 0.1},
    "entities": [{"type": "money", "value": "USD 5", "text": "$5"}],
    "keywords": ["Anna"],
    "recording": "clips/price.wav",
    "recording_sha256": "ab" * 32,
    "recording_start": 1.0,
    "recording_end": 2.5,
    "license": "CC0",
    "source": "a friend",
}
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def refusal(path):
    with pytest.raises(CorpusError) as caught:
        read_prompts(path)
    return str(caught.value)


def test_a_line_becomes_a_prompt(manifest):
    """Every key of a line arrives in the prompt, under its name and in the type of the code."""
    (prompt,) = read_prompts(manifest(FULL)).samples

    as_they_stand = ("id", "text", "voice", "language", "normalization", "group", "license", "source")
    assert {key: getattr(prompt, key) for key in as_they_stand} == {key: FULL[key] for key in as_they_stand}
    assert (prompt.tags, prompt.keywords) == (("money", "short"), ("Anna",))
    assert prompt.thresholds == SpeechThresholds(excess_wer=0.1)
    assert prompt.entities == (ListedEntity(type="money", value="USD 5", text="$5"),)
    assert {one.name for one in fields(Prompt)} == {key for key in FULL if not key.startswith("recording_")}


def test_the_recording_is_a_clip_of_the_same_text(manifest):
    """The recording has the text, the language and the rules of its prompt, its own place and its own sum."""
    path = manifest(FULL)
    (prompt,) = read_prompts(path).samples

    clip = prompt.recording
    assert clip.audio == path.parent / "clips/price.wav"
    assert (clip.id, clip.text, clip.language, clip.normalization) == ("price", "It cost $5.", "en", "plain")
    assert (clip.start, clip.end, clip.sha256) == (1.0, 2.5, "ab" * 32)
    assert (clip.entities, clip.keywords) == (prompt.entities, prompt.keywords)


def test_a_prompt_without_more_than_a_text(manifest):
    """A line with an id and a text has no recording, no voice, no bounds, and no list of entities."""
    (prompt,) = read_prompts(manifest(HELLO)).samples

    assert prompt == Prompt(id="hello", text="Hello.")
    assert (prompt.recording, prompt.voice, prompt.entities) == (None, None, None)


def test_folder_or_file(tmp_path):
    """Prompts are named by their folder or their file, with the same result; the set is called like the folder."""
    file = tmp_path / "prompts.jsonl"
    file.write_text(json.dumps(HELLO), encoding="utf-8")

    found = read_prompts(tmp_path)
    assert found == read_prompts(file)
    assert (found.name, found.manifest, list(found.by_id)) == (tmp_path.name, file, ["hello"])


def test_the_sum_is_of_the_bytes(manifest):
    """Another byte in the file is another set, also where the prompts are the same."""
    first = read_prompts(manifest(HELLO))
    second = read_prompts(manifest(HELLO, b""))

    assert first.samples == second.samples
    assert first.sha256 != second.sha256


def test_missing(tmp_path):
    """A folder without the file is refused with its path, the file that it lacks and a line to write."""
    message = refusal(tmp_path)

    assert f"no prompts at {tmp_path}: it has no prompts.jsonl" in message
    assert '{"id": "hello", "text": "Good morning."}' in message


def test_a_list_of_something_else(tmp_path):
    """A folder of clips is named as one, and so are prompts where clips are wanted, each with the option for it."""
    (tmp_path / "manifest.jsonl").write_text('{"audio": "a.wav", "text": "hello"}\n')
    assert refusal(tmp_path) == (
        f"{tmp_path} is not a list of prompts: its manifest.jsonl lists clips\n"
        "  hint: name a list of prompts here; clips are named with --asr-corpus in pytest"
    )
    (tmp_path / "manifest.jsonl").rename(tmp_path / "prompts.jsonl")
    sentence = (
        "is not a list of clips: its prompts.jsonl lists prompts\n"
        "  hint: name a list of clips here; prompts are named with --asr-prompts in pytest"
    )
    for read in (lambda: read_corpus(tmp_path, CorpusTable(path=".")), lambda: read_manifest(tmp_path)):
        with pytest.raises(CorpusError, match=sentence):
            read()


def test_a_file_of_something_else(tmp_path):
    """A file of prompts that is read as clips is told by its keys, with the option for it."""
    path = tmp_path / "prompts.jsonl"
    path.write_text('{"id": "hello", "text": "Good morning."}\n')

    with pytest.raises(
        CorpusError,
        match=r"key 'audio': missing key\n  hint: name a list of clips here; prompts are named with --asr-prompts",
    ):
        read_manifest(path)


def test_empty(manifest):
    """A file without lines is refused, with an example of a line."""
    assert "lists no prompts\n  hint: add lines such as" in refusal(manifest(b"\n\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"id": "b", "text": }', ["not valid JSON (expected value at column 21)"]),
        ({"text": "b"}, ["'id'", "missing key"]),
        ({"id": "b"}, ["'text'", "missing key"]),
        ({"id": " ", "text": "b"}, ["the prompt id is empty"]),
        ({"id": "b", "text": " \n"}, ["the text is empty", "nothing to say"]),
        ({"id": "hello", "text": "b"}, ["prompt id 'hello' is already in line 1"]),
        ({"id": "b", "text": "b", "voise": "slt"}, ["unknown key (did you mean 'voice'?)"]),
        ({"id": "b", "text": "b", "thresholds": {"hallucinated_words": 1}}, ["'thresholds.hallucinated_words'"]),
        ({"id": "b", "text": "b", "thresholds": {"first_audio_s": -1}}, ["first_audio_s must be a number from 0 up"]),
        ({"id": "b", "text": "b", "entities": [{"type": "money", "value": "$5"}]}, ["is not a canonical money"]),
        ({"id": "b", "text": "b", "keywords": ["?"]}, ["the keyword '?' has no letter and no digit"]),
        (
            {"id": "b", "text": "b", "language": "de", "entities": [{"type": "number", "value": "5"}]},
            ["no rules find the type number in the language 'de'"],
        ),
        ({"id": "b", "text": "b", "recording_sha256": "ab" * 32}, ["'recording_sha256'", "without a recording"]),
        ({"id": "b", "text": "b", "recording_end": 2.0}, ["'recording_end'", "without a recording"]),
        (
            {"id": "b", "text": "b", "recording": "b.wav", "recording_start": 2.0, "recording_end": 1.0},
            ["the recording: end (1.0) must be after start (2.0)"],
        ),
        ({"id": "b", "turns": [], "txet": "b"}, ["'turns': unknown key;", "did you mean 'text'?"]),
        ({"id": "b", "text": "b", "thresholds": {"text": 1}}, ["'thresholds.text': unknown key"]),
        ({"id": "b", "text": "b", "recording": ""}, ["key 'recording': the path is empty\n  hint: name an audio file"]),
        ({"id": "b", "text": "b", "recording": " "}, ["key 'recording': the path is empty"]),
        ({"id": "b", "text": "b", "recording": "."}, ["key 'recording': '.' is a folder"]),
        ({"id": "b", "text": "b", "recording": "../"}, ["key 'recording': '../' is a folder"]),
        ({"id": "b", "text": "b", "recording": "a\0b"}, [r"key 'recording': 'a\x00b' is not a path"]),
    ],
    ids=str,
)
def test_a_wrong_line_is_named(manifest, line, words):
    """A mistake is refused in one sentence, with the file, the line's number and the key."""
    path = manifest(HELLO, b"", line, HELLO | {"id": "later"})

    message = refusal(path)

    assert message.startswith(f"{path}:3: ")
    assert [word for word in words if word not in message] == []


def test_a_path_that_only_opening_tells(manifest):
    """A path that leads out of the folder, to nothing, or that no file can have is left to the case that opens it."""
    names = ("../audio/there.wav", "not-there.wav", "n" * 5000)
    prompts = read_prompts(manifest(*({"id": name[:9], "text": "b", "recording": name} for name in names))).samples

    for line, prompt in enumerate(prompts, start=1):
        with pytest.raises(ClipError, match=rf"\.jsonl:{line}: the recording of prompt {prompt.id}: (no|cannot)"):
            load_audio(prompt.recording)


def test_a_model_is_meant_for_prompts_by_language_and_tag(manifest):
    """A model's languages and tags choose among prompts as they do among clips."""
    english, german = read_prompts(
        manifest({**HELLO, "language": "en", "tags": ["short"]}, {"id": "b", "text": "b", "language": "de"})
    ).samples
    spec = ModelSpec(id="m", engine="e", weights="w", languages=("en",))
    tagged = ModelSpec(id="m", engine="e", weights="w", tags=("short",))

    assert [spec.is_meant_for(one) for one in (english, german)] == [True, False]
    assert [tagged.is_meant_for(one) for one in (english, german)] == [True, False]


SHIPPED = read_prompts(FIXTURES / "prompts").samples


@pytest.mark.parametrize("prompt", [one for one in SHIPPED if one.recording], ids=lambda prompt: prompt.id)
def test_shipped_recordings_say_the_prompt(prompt):
    """The recording of a shipped prompt is there with the sum it states, and is a clip with the prompt's text."""
    assert prompt.recording.sha256 is not None
    assert load_audio(prompt.recording).seconds > 1
    clips = {clip.audio.resolve(): clip for clip in read_manifest(FIXTURES / "audio").samples}
    assert clips[prompt.recording.audio.resolve()].text == prompt.text


@pytest.mark.parametrize("prompt", [one for one in SHIPPED if one.entities], ids=lambda prompt: prompt.id)
def test_shipped_entities_are_in_the_text(prompt):
    """What is listed for a shipped prompt is what the rules find in its text."""
    found = extract(prompt.text, language=prompt.language, keywords=prompt.keywords)

    assert {(one.type, one.value) for one in found} == {(one.type, one.value) for one in prompt.entities}
