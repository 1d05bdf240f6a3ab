"""Dialogues: what is read, how each mistake is named, and those that are shipped."""

import json
from pathlib import Path

import pytest

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.fact import Fact
from asrlab_pytest.errors import ClipError, CorpusError
from asrlab_pytest.models.engines.pocketsphinx import PocketSphinx
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.scoring.facts import score_facts
from asrlab_pytest.scoring.score import score
from asrlab_pytest.thresholds import DialogueThresholds
from quick_search import QUICK
from stored_runs import fact_of

NAME = {"audio": "1.wav", "text": "My name is Anna."}
ASKED = {"audio": "2.wav", "text": "What is my name?", "sha256": "ab" * 32, "facts": [{"keyword": "Anna"}]}
HELLO = {"id": "hello", "turns": [NAME]}
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/dialogues"
SHIPPED = read_dialogues(FIXTURES).samples
ANSWERS = [json.loads(line) for line in (FIXTURES / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def refusal(path):
    with pytest.raises(CorpusError) as caught:
        read_dialogues(path)
    return str(caught.value)


def test_a_line_becomes_a_dialogue(manifest):
    """Every key of a line arrives in the dialogue, and its language, rules, tags and group in the questions."""
    common = {"language": "en", "normalization": "plain", "tags": ["names"], "group": "anna"}
    forbidden = ASKED | {"forbidden": [{"any": ["Bob", "Ben"]}]}
    path = manifest(
        common
        | {"id": "a", "turns": [NAME, forbidden], "thresholds": {"fact_recall": 1.0}, "license": "CC0", "source": "me"}
    )

    (dialogue,) = read_dialogues(path).samples

    assert (dialogue.id, dialogue.license, dialogue.source) == ("a", "CC0", "me")
    assert dialogue.thresholds == DialogueThresholds(fact_recall=1.0)
    for one in (dialogue, *(turn.question for turn in dialogue.turns)):
        assert (one.language, one.normalization, one.tags, one.group) == ("en", "plain", ("names",), "anna")
    first, second = dialogue.turns
    assert (first.facts, first.forbidden, second.facts) == ((), (), (Fact(keyword="Anna"),))
    assert second.forbidden == (Fact(any=("Bob", "Ben")),)
    assert (second.question.audio, second.question.sha256) == (path.parent / "2.wav", "ab" * 32)
    assert [turn.question.id for turn in dialogue.turns] == ["a-1", "a-2"]
    assert dialogue.text == "My name is Anna.\nWhat is my name?"


def test_folder_or_file(tmp_path):
    """Dialogues are named by their folder or their file, with the same result."""
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps(HELLO), encoding="utf-8")

    found = read_dialogues(tmp_path)
    assert found == read_dialogues(file)
    assert (found.name, found.manifest, list(found.by_id)) == (tmp_path.name, file, ["hello"])


def test_missing(tmp_path):
    """A folder without the file is refused with its path, the file that it lacks and a line to write."""
    message = refusal(tmp_path)

    assert f"no dialogues at {tmp_path}: it has no dialogues.jsonl" in message
    assert '"turns"' in message


def test_empty(manifest):
    """A file without lines is refused, with an example of a line that can be read."""
    message = refusal(manifest(b"\n"))

    assert "lists no dialogues" in message
    assert read_dialogues(manifest(message.partition("such as ")[2].encode())).samples


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"turns": [NAME]}, ["'id'", "missing key"]),
        ({"id": "b"}, ["'turns'", "missing key"]),
        ({"id": "", "turns": [NAME]}, ["the dialogue id is empty"]),
        ({"id": "b", "turns": []}, ["the dialogue b has no turns"]),
        ({"id": "b", "turns": [NAME], "text": "a"}, ["key 'text': unknown key"]),
        ({"id": "hello", "turns": [NAME]}, ["dialogue id 'hello' is already in line 1"]),
        ({"id": "b", "turns": [NAME, {"audio": "2.wav"}]}, ["'turns.1.text'", "missing key"]),
        ({"id": "b", "turns": [NAME | {"fact": []}]}, ["'turns.0.fact'", "did you mean 'facts'?"]),
        ({"id": "b", "turns": [NAME], "thresholds": {"first_audio": 1}}, ["'thresholds.first_audio'", "unknown key"]),
        (
            {"id": "b", "turns": [NAME, NAME | {"facts": [{"keyword": "a"}], "forbidden": [{"keyword": "a"}]}]},
            ["key 'turns.1': 'a' is both required and forbidden"],
        ),
        (
            {"id": "b", "turns": [NAME | {"facts": [{"keyword": "Boston"}], "forbidden": [{"keyword": "boston's"}]}]},
            ["key 'turns.0': 'Boston' is both required and forbidden"],
        ),
        (
            {"id": "b", "turns": [NAME | {"facts": [{"any": ["A", "b"]}], "forbidden": [{"any": ["B", "c", "a"]}]}]},
            ["key 'turns.0': 'A' or 'b' is both required and forbidden"],
        ),
        ({"id": "b", "turns": [NAME, {"audio": "", "text": "a"}]}, ["key 'turns.1.audio': the path is empty"]),
        ({"id": "b", "turns": [{"audio": "..", "text": "a"}]}, ["key 'turns.0.audio': '..' is a folder"]),
    ],
    ids=str,
)
def test_a_wrong_line_is_named(manifest, line, words):
    """A mistake is refused in one sentence, with the file, the line's number and the key."""
    path = manifest(HELLO, b"", line, HELLO | {"id": "later"})

    message = refusal(path)

    assert message.startswith(f"{path}:3: ")
    assert [word for word in words if word not in message] == []
    assert "did you mean 'text'" not in message


def test_one_of_several_keywords_may_be_forbidden(manifest):
    """A fact with a keyword that is not forbidden can be said, and a longer keyword is another."""
    facts = [{"any": ["a", "b"]}, {"keyword": "New York City"}]

    path = manifest({"id": "b", "turns": [NAME | {"facts": facts, "forbidden": [{"any": ["A", "York"]}]}]})

    assert len(read_dialogues(path).samples) == 1


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({}, ["a fact has one of keyword, any, regex, entity, not none"]),
        ({"keyword": "a", "regex": "b"}, ["not keyword and regex"]),
        ({"keyword": "?!"}, ["the keyword '?!' has no letter and no digit"]),
        ({"any": ["Anna", "…"]}, ["the keyword '…' has no letter and no digit"]),
        ({"any": []}, ["the list of keywords is empty"]),
        ({"regex": "(a"}, ["'(a' is not a regular expression: missing )"]),
        ({"regex": "a{99999999999}"}, ["is not a regular expression", "too large"]),
        ({"regex": "(" * 5000 + ")" * 5000}, ["is not a regular expression"]),
        ({"regex": "[[a]"}, ["is not a regular expression: Possible nested set"]),
        ({"regex": ""}, ["matches every answer"]),
        ({"regex": "a*|b"}, ["matches every answer"]),
        ({"entity": {"type": "number", "value": "4.20"}}, ["'4.20' is not a canonical number"]),
        ({"entity": {"type": "keyword", "value": "-"}}, ["the keyword '-' has no letter and no digit"]),
        ({"keywrd": "a"}, ["unknown key (did you mean 'keyword'?)"]),
        ({"keyword": 5}, [".0.keyword", "string"]),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("key", ["facts", "forbidden"])
def test_a_wrong_fact_is_named(manifest, key, fact, words):
    """A fact that cannot be meant is refused in one sentence, with its place, wherever it stands."""
    message = refusal(manifest({"id": "b", "turns": [NAME, ASKED | {key: [fact]}]}))

    assert "value error" not in message.lower()
    assert f":1: key 'turns.1.{key}.0" in message
    assert [word for word in words if word not in message] == []


def test_entities_that_no_rules_find(manifest):
    """Outside English, a fact of a type that no rules find is refused, and a keyword is not."""
    turn = NAME | {"forbidden": [{"entity": {"type": "number", "value": "42"}}]}
    message = refusal(manifest({"id": "b", "language": "de", "turns": [turn]}))
    kept = NAME | {"facts": [{"entity": {"type": "keyword", "value": "anna"}}]}

    assert "no rules find the type number in the language 'de'" in message
    assert read_dialogues(manifest({"id": "b", "language": "de", "turns": [kept]})).samples


@pytest.mark.parametrize(
    ("fact", "stored", "words"),
    [
        (Fact(keyword="Zoë"), {"keyword": "Zoë"}, "'Zoë'"),
        (Fact(any=("a", "b c")), {"any": ["a", "b c"]}, "'a' or 'b c'"),
        (Fact(regex=r"\d+"), {"regex": r"\d+"}, r"/\d+/"),
        (
            Fact(entity=ListedEntity(type="number", value="42")),
            {"entity": {"type": "number", "value": "42"}},
            "the number 42",
        ),
        (
            Fact(entity=ListedEntity(type="money", value="USD 5", text="$5")),
            {"entity": {"type": "money", "value": "USD 5", "text": "$5"}},
            "the money USD 5",
        ),
    ],
    ids=str,
)
def test_facts_as_json(fact, stored, words):
    """A fact is stored as it is in a line, and comes back from there the same."""
    assert fact.as_json() == stored
    assert fact_of(json.loads(json.dumps(stored))) == fact
    assert str(fact) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no file"),
        (b"", "is empty (0 bytes)"),
        (b"no audio", "is not readable audio"),
        (b"RIFF\x24\x10\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\0\x10\0\0", "is truncated"),
    ],
)
def test_a_question_that_cannot_be_read(manifest, content, words):
    """What is wrong with a question is told with the file, the line, the dialogue and the turn."""
    path = manifest(HELLO, {"id": "b", "turns": [NAME, {"audio": "bad.wav", "text": "a"}]})
    if content is not None:
        (path.parent / "bad.wav").write_bytes(content)

    with pytest.raises(ClipError) as caught:
        load_audio(read_dialogues(path).samples[1].turns[1].question)

    assert str(caught.value).startswith(f"{path}:2: turn 2 of dialogue b: ")
    assert words in str(caught.value)


def open_answers(asked):
    """The shipped answers that may be given when these questions were asked."""
    return [one for one in ANSWERS if one.get("after") in {None, *asked}]


def test_there_are_shipped_dialogues_of_each_length():
    """Shipped are six dialogues or more, of one turn, of two and of three, and in some a turn needs an earlier one."""
    assert len(SHIPPED) >= 6
    assert {len(dialogue.turns) for dialogue in SHIPPED} == {1, 2, 3}
    assert any("after" in one for one in ANSWERS)


@pytest.mark.parametrize("dialogue", SHIPPED, ids=lambda dialogue: dialogue.id)
def test_shipped_answers_have_the_facts(dialogue):
    """Each shipped question has one answer in its place, and the answers are right."""
    asked, answers = [], []
    for turn in dialogue.turns:
        (answer,) = [one["answer"] for one in open_answers(asked) if one["question"] == turn.question.text]
        answers.append(answer)
        asked.append(turn.question.text)

    found = score_facts(answers, dialogue.turns)
    assert (found.recall, found.errors) == (1.0, 0)


def test_shipped_questions_are_heard():
    """PocketSphinx hears each shipped question nearer to itself than to any other that may be answered then."""
    spec = ModelSpec(id="judge", engine="pocketsphinx", weights="en-us", options=QUICK)
    recognizer = PocketSphinx().load(spec, "cpu")
    wrong = []
    for dialogue in SHIPPED:
        for place, turn in enumerate(dialogue.turns):
            heard = recognizer.transcribe(load_audio(turn.question).samples, "en").text
            asked = [one.question.text for one in dialogue.turns[:place]]
            rates = sorted((score(one["question"], heard).wer, one["question"]) for one in open_answers(asked))
            if rates[0][1] != turn.question.text or rates[0][0] == rates[1][0]:
                wrong.append((turn.question.id, heard, rates[:2]))
    assert wrong == []


def test_shipped_questions_state_their_sum():
    """The line of each shipped question has the sum of its audio, which is checked whenever it is read."""
    questions = [turn.question for dialogue in SHIPPED for turn in dialogue.turns]

    assert [clip.id for clip in questions if load_audio(clip).sha256 != clip.sha256] == []
