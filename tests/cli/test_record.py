"""``asrlab record``: faults by file, line and key, and the published schema."""

import json
from importlib.resources import files

import pytest
from pydantic import ValidationError

from asrlab_pytest.cli import main
from asrlab_pytest.records.lines import json_schema, line_adapter
from stored_runs import benchmark, end, environment, failure, row, said, write

PUBLISHED = "src/asrlab_pytest/records/record.schema.json"


@pytest.fixture
def record(tmp_path, monkeypatch):
    """Writes a record of these lines into the working directory."""
    monkeypatch.chdir(tmp_path)
    return lambda *lines: write(tmp_path / "run.jsonl", *lines).name


def test_a_valid_record(record, capsys):
    """A whole record is valid, and its size is told."""
    assert main(["record", "validate", record(environment(), row(), row(model="kakapo"), end())]) == 0
    assert capsys.readouterr().out == "run.jsonl: 2 observations of 2 models, complete\n"


def test_every_fault_is_named(record, capsys):
    """Each fault is told with file, line and every wrong key, and the status is 1."""
    bad = {**row(clip="two"), "rtf": "fast", "audio_s": 0}

    assert main(["record", "validate", record(environment(), row(), bad, b"{]\n")]) == 1

    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith("run.jsonl: line 3: key 'audio_s': ")
    assert "key 'rtf': " in first
    assert second.startswith("run.jsonl: line 4: not JSON")
    assert last == "run.jsonl: 1 observation of 1 model, the run did not finish; 2 faults"


def test_a_killed_run_is_not_whole(record, capsys):
    """What a kill leaves is told, and is accepted with --partial alone."""
    name = record(environment(), row(), b'{"kind": "obs')

    assert main(["record", "validate", name]) == 1
    assert "1 observation of 1 model, the run did not finish, last line unfinished" in capsys.readouterr().out
    assert main(["record", "validate", "--partial", name]) == 0


def test_a_run_without_every_result(record, capsys):
    """A record with fewer cases than its environment line plans is not whole."""
    head = environment(plan={"polly": ["one", "two"]})
    name = record(head, row(), end())

    assert [main([*command, name]) for command in (["record", "validate"], ["scorecard"])] == [1, 1]
    output = capsys.readouterr()
    assert "no result of 1 of 2 planned cases" in output.out
    assert "run.jsonl has 1 of 2 planned cases: it finished without a result of the others" in output.err
    assert [main([*command, "--partial", name]) for command in (["record", "validate"], ["scorecard"])] == [0, 0]


def test_a_run_with_a_failed_case(record, capsys):
    """A failed case makes a record incomplete; commands that only show it exit with 0, and name the case."""
    name = record(environment(plan={"polly": ["one", "two"]}), row(), failure(clip="two"), end())

    assert [main(command) for command in (["record", "validate", name], ["rescore", name])] == [1, 1]
    assert "incomplete, 1 case failed" in capsys.readouterr().out
    assert main(["record", "validate", "--partial", name]) == 0
    for command in (["report", name], ["show", name], ["report", name, "-o", "page.html"]):
        assert main(command) == 0
        assert "asrlab: run.jsonl: 1 case failed: polly on two\n" in capsys.readouterr().err


def test_a_case_that_stands_twice(record, tmp_path, capsys):
    """A case that a file has twice is named with both places: lines of a record, cases of a pytest-benchmark JSON."""
    plain = {key: value for key, value in environment().items() if key != "kind"}
    (tmp_path / "results.json").write_text(benchmark(row(), row(), environment=plain))

    assert main(["record", "validate", record(environment(), row(), row(), end()), "results.json"]) == 1

    output = capsys.readouterr().out
    assert "run.jsonl: line 3: polly on one, pass 0 given, is already in line 2\n" in output
    assert "results.json: case 2: polly on one, pass 0 given, is already in case 1\n" in output


def test_what_should_be_an_object(record, capsys):
    """A value in the place of an object is told without the words of a program."""
    assert main(["record", "validate", record(environment(corpus=3), row())]) == 1
    assert "line 1: key 'corpus': input should be a JSON object\n" in capsys.readouterr().out


def test_failures_of_every_task(record, capsys):
    """Failures are counted by task, also of a run that was killed; a task that there is not is a fault."""
    lost = [failure("coco", clip, task="tts") for clip in ("one", "two")]

    assert main(["record", "validate", "--partial", record(environment(), *lost, failure())]) == 0
    assert capsys.readouterr().out == (
        "run.jsonl: 0 observations of 0 models, the run did not finish, 2 cases of TTS and 1 case of ASR failed\n"
    )
    assert main(["record", "validate", record(environment(), failure(task="singing"))]) == 1
    assert "run.jsonl: line 2: key 'task': " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({**said("hello", "hello"), "task": "asr"}, "an observation of ASR has no speech of its own"),
        ({**row(), "task": "tts"}, "an observation of TTS has what was spoken"),
        ({**said("hello", "hello"), "task": "conversation"}, "an observation of conversation has turns"),
    ],
)
def test_speech_of_another_task(record, capsys, line, sentence):
    """What was spoken fits the task, or the line is a fault."""
    assert main(["record", "validate", record(environment(), line)]) == 1
    assert f"line 2: key 'spoken': {sentence}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ({"status": None}, "status"),
        ({"unread": None}, "unread"),
        ({"unread": {"one": 3}}, "unread.one"),
        ({"self_check": [["one", True]]}, "self_check.0"),
        ({"task": "singing"}, "task"),
    ],
)
def test_an_end_that_is_damaged(record, capsys, state, key):
    """What the last line says of a model is checked as well, and no command that reads it stumbles."""
    name = record(environment(), row(), end(polly={"status": "ready", **state}))

    assert main(["record", "validate", name]) == 1
    assert f"run.jsonl: line 3: key 'models.polly.{key}" in capsys.readouterr().out
    assert [main(["scorecard", name]), main(["merge", name, "-o", "out.jsonl"]), main(["rescore", name])] == [1, 1, 1]
    assert "Traceback" not in capsys.readouterr().err


def test_no_environment(record, capsys):
    """A record without environment line is a fault, in words."""
    assert main(["record", "validate", record(row(), end())]) == 1
    assert "run.jsonl: no environment: it is unknown where" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gone.jsonl", ".", "empty.jsonl", "newer.jsonl"])
def test_unusable_files(record, tmp_path, capsys, name):
    """A file that is not a record is status 2, in words, and the others are checked all the same."""
    (tmp_path / "empty.jsonl").touch()
    write(tmp_path / "newer.jsonl", environment(schema="asrlab-record/9.0"), row())

    assert main(["record", "validate", name, record(environment(), row(), end())]) == 2

    output = capsys.readouterr()
    assert output.err.startswith(f"asrlab: {name}")
    assert "hint: " in output.err
    assert output.out == "run.jsonl: 1 observation of 1 model, complete\n"


def test_the_published_schema_is_the_present_one():
    """The JSON Schema in the package is that of the code."""
    published = json.loads(files("asrlab_pytest.records").joinpath("record.schema.json").read_text(encoding="utf-8"))

    assert published == json_schema(), f"write it again: asrlab record schema > {PUBLISHED}"


def test_the_schema_is_printed(capsys):
    """The command prints the published file, byte for byte."""
    assert main(["record", "schema"]) == 0
    assert capsys.readouterr().out == files("asrlab_pytest.records").joinpath("record.schema.json").read_text("utf-8")


@pytest.mark.parametrize("line", [environment(), row(), failure(), end()], ids=lambda line: line["kind"])
def test_the_schema_and_the_code_require_the_same(line):
    """A key that the schema requires cannot be left out, one that it describes has its type, and all are described."""
    schema = json_schema()
    kind = schema["$defs"][schema["discriminator"]["mapping"][line["kind"]].rpartition("/")[2]]
    assert set(line) <= set(kind["properties"])
    assert set(kind["required"]) <= set(line)
    line_adapter().validate_python(line)
    for key in kind["required"]:
        with pytest.raises(ValidationError):
            line_adapter().validate_python({name: value for name, value in line.items() if name != key})
    for key in kind["properties"]:
        with pytest.raises(ValidationError):
            line_adapter().validate_python({**line, key: object()})


def test_what_a_run_writes_is_valid(project, monkeypatch, capsys):
    """Record, store and pytest-benchmark JSON of one run have no fault."""
    project.clip(
        "one", "hello there", entities=[{"type": "keyword", "value": "there"}], keywords=["hello"], group="anna"
    )
    project.clip("two", "good morning", says="")
    project.line(id="gone", audio="gone.wav", text="nobody knows", language="en")
    project.evals("accuracy", "corpus")
    project.run("--asr-record", "run.jsonl", "--benchmark-json", "results.json", "--asr-repeat", "2")
    monkeypatch.chdir(project.path)
    (stored,) = project.path.glob(".asrlab/runs/*.jsonl")
    capsys.readouterr()

    assert main(["record", "validate", "run.jsonl", "results.json", str(stored)]) == 1

    assert capsys.readouterr().out.count("6 observations of 1 model, incomplete, 1 case failed\n") == 3
