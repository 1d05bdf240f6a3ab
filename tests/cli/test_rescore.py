"""``asrlab rescore``: a stored run under several normalizations."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.scoring.corpus import corpus_score
from asrlab_pytest.scoring.counts import pooled
from asrlab_pytest.scoring.entities import score_entity_rows
from asrlab_pytest.scoring.rescoring import Rescoring, rescored
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import score
from stored_runs import benchmark, dialogue, end, environment, failure, held, observed, older, row, said, turn, write

SAID = {"reference": "oh my god"}
ROWS = (
    row("polly", hypothesis="Oh, my God...", **SAID),
    row("kakapo", hypothesis="zero my god", **SAID),
    # Of a later pass, which counts in no figure.
    row("polly", hypothesis="oh dear", repeat=1, **SAID),
    row("polly", hypothesis="oh dear", order="shuffled", **SAID),
)


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A record of two models on one clip, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "run.jsonl", environment(), *ROWS, end())


def table(capsys):
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_both_figures_stand_side_by_side(record, capsys):
    """Each model has one row with its rates under each normalization, and each signature is printed."""
    assert main(["rescore", str(record)]) == 0
    lines = table(capsys)
    assert lines[0] == ["model", "clips", "en-whisper", "en", "entities"]
    assert lines[1][:3] == ["polly", "1", "33.3%"]
    assert lines[1][5] == "0.0%"
    assert (lines[2][2], lines[2][5]) == ("0.0%", "33.3%")
    assert [line[1] for line in lines[4:6]] == [normalization(name).signature for name in ("en-whisper", "en")]


def test_languages(record, capsys):
    """Without a word each clip is scored by the rules of its language, and not by those of English."""
    text = {"reference": "zwei Euro", "hypothesis": "2 €"}
    write(record, environment(), row(clip="a", language="de", **text), row(clip="b"), end())

    main(["rescore", str(record)])
    mixed = table(capsys)
    write(record, environment(), row(clip="a", language="de", **text), end())
    main(["rescore", str(record)])
    german = table(capsys)

    assert (mixed[0][2:4], mixed[1][2]) == (["clip's", "own"], "0.0%")
    assert {line[1] for line in mixed[3:5]} == {normalization(name).signature for name in ("de", "en")}
    assert (german[0][2], german[1][2]) == ("de", "0.0%")


def test_entities(record, capsys):
    """Recall and error rate of the entities are next to the error rates, with their protocol."""
    said = {"reference": "It cost $5 at 7:30."}
    write(record, environment(), row(hypothesis="it cost 5 dollars at 8:30", **said), end())

    assert main(["rescore", str(record), "--normalization", "en"]) == 0

    lines = table(capsys)
    assert lines[1][-3:] == ["50.0%", "/", "50.0%"]
    assert lines[-1][1].startswith("asrlab-entities/")


def test_json(record, capsys):
    """--json has counts, rates and signatures."""
    assert main(["rescore", str(record), "--json", "--normalization", "en"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["normalizations"] == {"en": normalization("en").signature}
    words = found["models"]["kakapo"]["normalizations"]["en"]["words"]
    assert words == {"rate": 1 / 3, "hits": 2, "substitutions": 1, "deletions": 0, "insertions": 0, "interval": None}
    assert found["models"]["kakapo"]["clips"] == 1
    assert found["models"]["kakapo"]["entities"]["recall"] is None


def test_interval(tmp_path, capsys):
    """A rate over several clips has its interval, within which it lies."""
    path = tmp_path / "run.jsonl"
    rows = [row(clip=f"c{n}", hypothesis="hello" if n % 3 else "good evening everyone") for n in range(12)]
    write(path, environment(), *rows, end())

    main(["rescore", str(path), "--json", "--normalization", "en"])

    words = json.loads(capsys.readouterr().out)["models"]["polly"]["normalizations"]["en"]["words"]
    low, high = words["interval"]
    assert low < words["rate"] < high


def test_either_file(record, capsys):
    """A pytest-benchmark JSON gives what the record of the same run gives, and so does a record of version 0.1."""
    main(["rescore", str(record)])
    expected = capsys.readouterr().out
    plain = {key: value for key, value in environment().items() if key != "kind"}
    record.with_name("results.json").write_text(benchmark(*ROWS[:2], environment=plain, observations=ROWS[2:]))
    write(record.with_name("older.jsonl"), *map(older, (environment(), *ROWS[:2])))

    for name in ("results.json", "older.jsonl"):
        assert main(["rescore", name]) == 0
        assert capsys.readouterr().out == expected


def test_figures_are_those_of_the_scores():
    """Counts made in one process or in several are those of the scores, silent clips and all."""
    texts = [
        ("It cost five dollars.", "it costs five dollars"),
        ("", "thank you"),
        ("Über uns", "uber uns uns"),
        ("hello hello hello", ""),
        ("same again", "same again"),
    ]
    rows = [
        observed(model, f"clip-{number}-{turn}", hypothesis if model == "polly" else reference[:9], reference=reference)
        for model in ("polly", "kakapo")
        for turn in range(60)
        for number, (reference, hypothesis) in enumerate(texts)
    ]
    names = ("en-whisper", "en")

    for jobs in (1, 2):
        found = rescored(rows, Rescoring(names=names), jobs)

        assert list(found) == ["polly", "kakapo"]
        for model, counts in found.items():
            own = [one for one in rows if one.model == model]
            for place, name in enumerate(names):
                rules = normalization(name)
                pooled = corpus_score(score(one.reference, one.hypothesis, normalization=rules) for one in own)
                assert (counts.words[place], counts.characters[place]) == (pooled.words, pooled.characters)
            assert counts.entities == score_entity_rows(own, Rescoring(names=()).entities).counts


TURNS = [
    ("it is ten past", "it is ten"),
    ("past the house it cost $5", "past past the house"),
    ("", "thank you"),
]
"""What an answer lacks is said in the next one."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_dialogue_turn_by_turn(jobs):
    """A dialogue has the rates that its scorecard has: what one answer lacks is not looked for in the next."""
    talk = dialogue(*(turn(answer, heard) for answer, heard in TURNS))

    found = rescored([talk] * 600, Rescoring(names=("en",)), jobs)["coco"]

    score = Rules().score(talk)
    assert (score.words.deletions, found.words[0], found.characters[0]) == (
        4,
        pooled([score.words] * 600),
        pooled([score.characters] * 600),
    )
    assert (found.entities.hits, found.entities.missed) == (600, 600)


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([row()], "clips"),
        ([said("hello there", "hello")], "prompts"),
        ([held(turn("hello"))], "dialogues"),
        ([held(turn("hello"), model="polly"), said("hello there", "hello")], "cases"),
    ],
)
def test_what_is_counted(record, capsys, rows, unit):
    """The column of counts has the name of what there is, and JSON has the task of each model."""
    write(record, environment(), *rows, end())

    assert main(["rescore", str(record)]) == 0

    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[1] == unit
    for line in lines[: len(rows)]:
        assert line[: head.index(unit) + len(unit)].endswith("1")
    main(["rescore", str(record), "--json"])
    found = json.loads(capsys.readouterr().out)["models"]
    assert {model: one["task"] for model, one in found.items()} == {one["model"]: one["task"] for one in rows}


def test_nothing_to_score(record, capsys):
    """A record of failures alone is refused in words, with status 2."""
    write(record, environment(), failure(), end())

    assert main(["rescore", str(record)]) == 2
    assert "holds no observation that could be scored" in capsys.readouterr().err


def test_a_damaged_record(record, capsys):
    """A lost line is named and the status 1; the others are scored all the same."""
    write(record, environment(), *ROWS, b"{]\n", end())

    assert main(["rescore", str(record)]) == 1
    output = capsys.readouterr()
    assert output.err.startswith(f"asrlab: {record}: line 6: not JSON")
    assert "kakapo" in output.out


def test_a_killed_run(record, capsys):
    """The unfinished last line of a killed run is named, and loses nothing: status 0."""
    with record.open("ab") as file:
        file.write(b'{"kind": "obs')

    assert main(["rescore", str(record)]) == 0
    assert "unfinished: left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "holds no observation"),
        ("{]\n", "line 1: not JSON"),
        ('{"benchmarks": []}', "holds no observation"),
        (json.dumps(environment(schema="asrlab-record/3.0")) + "\n", "a newer asrlab-pytest wrote it"),
    ],
)
def test_an_unreadable_record(record, capsys, content, sentence):
    """A file that is not a record ends the command with status 2, in words."""
    record.write_text(content, encoding="utf-8")

    assert main(["rescore", str(record)]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("name", ["gone.jsonl", "."])
def test_a_missing_record(record, capsys, name):
    """A file that does not exist and a folder end the command with status 2, in words."""
    assert main(["rescore", name]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_an_unknown_normalization(record, capsys):
    """A normalization that does not exist is refused before anything is read."""
    assert main(["rescore", str(record), "--normalization", "eng"]) == 2
    assert "no normalization 'eng'" in capsys.readouterr().err


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_wrong_number_of_jobs(record, jobs):
    """Fewer than one process is refused with the usage."""
    with pytest.raises(SystemExit, match="2"):
        main(["rescore", str(record), "--jobs", jobs])
