"""Reading a stored run, whatever state its file is in."""

import json

import pytest

from asrlab_pytest.records.checking import check
from asrlab_pytest.records.reading import RecordError, read_run
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.records.writing import RecordWriter, write_record
from stored_runs import benchmark, end, environment, environment_of, failure, held, older, row, said, turn, write


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.jsonl"


def test_a_whole_record(path):
    """Every kind of line comes to its place, and the run is told to have ended."""
    run = read_run(write(path, environment(), row(), row(repeat=1), failure(clip="two"), end(polly={"load_s": 1.0})))

    assert run.environment.cpu == "abacus"
    assert [one.repeat for one in run.observations] == [0, 1]
    assert [one.repeat for one in run.first_pass] == [0]
    assert list(run.places) == [2, 3]
    assert run.failures[0].clip == "two"
    assert run.models == {"polly": ModelState(load_s=1.0)}
    assert run.is_ended
    assert run.damages == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{]\n", "line 3: not JSON"),
        (b'{"kind": "obs\n', "line 3: not JSON (column 10: Unterminated string)"),
        (b"\xff\xfe\n", "line 3: not UTF-8"),
        (b"[1]\n", "line 3: not a JSON object"),
        (b"[" * 100_000 + b"\n", "nested too deeply"),
        (json.dumps({**row(), "cpu_percent": float("nan")}).encode() + b"\n", "line 3: not JSON (NaN is not a number)"),
        ({**row(), "kind": "rumour"}, "line 3: unknown kind 'rumour'"),
        ({**row(), "latency_s": -1.0}, "line 3: key 'latency_s'"),
        ({**row(), "reference_entities": [{"type": "money", "value": "lots"}]}, "reference_entities"),
        ({**row(), "reference_entities": [{"type": "mood", "value": "good"}]}, "no entity type 'mood'"),
        (environment(), "line 3: a second environment"),
        ({**said("a", "a"), "task": "song"}, "line 3: key 'task'"),
        ({**said("a", "a"), "spoken": None}, "key 'spoken': an observation of TTS has what was spoken"),
        (said("a", "a", first_audio_s=()), "key 'spoken.utterance.first_audio_s'"),
        (said("a", "a", sound={"repeats": [[1.0]]}), "key 'spoken.utterance.sound.repeats.0.1': missing key"),
        (said("a", "a", sound={"sample_rate": 0}), "key 'spoken.utterance.sound.sample_rate'"),
        ({**held(turn("a")), "spoken": None}, "key 'spoken': an observation of conversation has turns"),
        (held(), "key 'spoken': an observation of conversation has turns"),
        (
            held(turn("a", facts=[{"keywort": "b"}])),
            "key 'spoken.turns.0.facts.0': key 'keywort': unknown",
        ),
        (held(turn("a", forbidden=[{"any": 1}])), "key 'spoken.turns.0.forbidden.0': key 'any'"),
    ],
)
def test_a_damaged_line(path, line, problem):
    """A line that cannot be used is named, and no other is lost with it."""
    run = read_run(write(path, environment(), row(), line, row(clip="two"), end()))

    (damage,) = run.damages
    assert problem in str(damage)
    assert not damage.is_tail
    assert [one.clip for one in run.observations] == ["one", "two"]
    assert run.is_ended


def test_an_unfinished_last_line(path):
    """The last line of a killed run is told from a damaged one."""
    run = read_run(write(path, environment(), row(), json.dumps(row(clip="two")).encode()[:100]))

    assert [damage.is_tail for damage in run.damages] == [True]
    assert len(run.observations) == 1
    assert not run.is_ended


@pytest.mark.parametrize("cut", range(1, 400, 37))
def test_a_record_cut_anywhere(path, cut):
    """However short a killed run is cut, its whole lines are read."""
    whole = write(path, environment(), row(), row(clip="two")).read_bytes()
    path.write_bytes(whole[:-cut])

    run = read_run(path)

    assert [one.clip for one in run.observations] == ["one", "two"][: 2 if cut == 1 else 1]


def test_an_older_record(path):
    """A record of version 0.1 is read, with what it lacks told as unknown."""
    run = read_run(write(path, older(environment()), older(row())))

    assert run.damages == []
    assert (run.observations[0].repeat, run.observations[0].pcm_sha256) == (0, None)
    assert run.environment.plan is None


def test_an_older_record_without_its_environment(path):
    """Lines of version 0.1 are not lost with the line that says the version."""
    run = read_run(write(path, older(row())))

    assert (len(run.observations), run.damages, run.environment) == (1, [], None)


@pytest.mark.parametrize("schema", ["asrlab-record/2.1", "asrlab-record/3.0"])
def test_a_newer_version(path, schema):
    """A record of a version to come is refused, with the command that upgrades."""
    write(path, environment(schema=schema), row())

    with pytest.raises(RecordError, match=f"newer asrlab-pytest wrote it .{schema}") as refusal:
        read_run(path)
    assert "pip install -U" in refusal.value.hint


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"", "holds no observation"),
        (b"just text\n", "holds no observation .line 1: not JSON"),
        (b'{"benchmarks": [{"name": "test_sort"}]}', "holds no observation"),
        (b'{"benchmarks": [3, {"extra_info": null}], "asrlab": []}', "holds no observation"),
    ],
)
def test_what_is_no_record(path, content, sentence):
    """A file that holds no run is refused in words."""
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(RecordError, match=sentence):
        read_run(path)


def test_a_folder(tmp_path):
    """A folder is refused in words."""
    with pytest.raises(RecordError, match="cannot be read: Is a directory"):
        read_run(tmp_path)


def test_a_benchmark_json(path):
    """A pytest-benchmark JSON says the same as the record of its run."""
    plain = {key: value for key, value in environment().items() if key != "kind"}
    path.write_text(
        benchmark(
            row(),
            environment=plain,
            models={"polly": {}},
            observations=[row(repeat=1)],
            failures=[{"model": "polly", "clip": "two", "problem": "no file"}],
        )
    )

    run = read_run(path)

    assert run.damages == []
    assert run.environment == environment_of()
    assert [one.repeat for one in run.observations] == [0, 1]
    assert [one.as_json() for one in run.failures] == [failure(clip="two", task="asr")]
    assert run.models == {"polly": ModelState()}
    assert run.is_ended


def test_a_benchmark_json_with_damaged_cases(path):
    """Of a pytest-benchmark JSON, too, each part that cannot be used is named."""
    path.write_text(
        benchmark(row(), {**row(), "audio_s": 0}, environment={"schema": "asrlab-record/1.1"}, models=3, failures=[{}])
    )

    run = read_run(path)

    assert len(run.observations) == 1
    assert [str(damage).split(" key")[0] for damage in run.damages] == ["environment:", "end:", "case 2:", "failure 1:"]


@pytest.mark.parametrize("settings", [{"shard": {"index": 1}}, {"shard": 7}, {"shard": "1/"}, {"models": "polly"}])
def test_settings_that_no_run_has(path, settings):
    """A shard or a table of models of another form is damage of the environment line, and ends no command later."""
    run = read_run(write(path, environment(settings=settings), row()))

    assert run.environment is None
    assert [str(damage).partition(": key")[0] for damage in run.damages] == ["line 1"]


def test_half_a_surrogate_pair_is_written(path):
    """A text that has no UTF-8 is kept all the same."""
    writer = RecordWriter(path)
    writer.start(environment())
    writer.write(row(hypothesis="\ud83d"))

    assert read_run(path).observations[0].hypothesis == "\ud83d"


def test_written_whole_or_not_at_all(path):
    """A record that cannot be finished leaves the older file as it was, and nothing beside it."""
    path.write_text("older")

    def lines():
        yield environment()
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write_record(path, lines())
    assert path.read_text() == "older"
    assert list(path.parent.iterdir()) == [path]


def test_check_counts(path):
    """A check says what the file holds and whether it is whole."""
    found = check(write(path, environment(), row(), row(model="kakapo"), end()))

    assert (str(found), found.faults) == ("2 observations of 2 models, complete", ())


def test_check_finds_cases_that_stand_twice(path):
    """A case that would count twice is a fault, with both its lines."""
    found = check(write(path, environment(), row(), row()))

    assert found.faults == ("line 3: polly on one, pass 0 given, is already in line 2",)
    assert str(found) == "2 observations of 1 model, the run did not finish"


def test_check_of_an_older_record(path):
    """A record of version 0.1 has no fault for what came later."""
    found = check(write(path, older(environment()), older(row())))

    assert (found.faults, found.state) == ((), "of a version that does not record the end of a run")


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([row(), row(clip="two"), end()], "complete"),
        ([row(), failure(clip="two"), end()], "incomplete, 1 case failed"),
        ([row(), end()], "no result of 1 of 2 planned cases"),
        ([row(), row(clip="two")], "the run did not finish"),
        ([row(), b'{"kind'], "the run did not finish, last line unfinished"),
    ],
)
def test_check_says_how_far_the_run_came(path, lines, state):
    """A run that lacks results of planned cases is not complete, although it wrote its end."""
    found = check(write(path, environment(plan={"polly": ["one", "two"]}), *lines))

    assert (found.state, found.faults) == (state, ())


@pytest.mark.parametrize("content", ["", "# Notes\n\nNothing.\n", '{"benchmarks": []}'])
def test_check_of_what_is_no_record(path, content):
    """A file of which no line is a record's is not a record with many faults."""
    path.write_text(content)

    with pytest.raises(RecordError, match="is not a record"):
        check(path)


def test_a_shuffled_pass_is_not_the_first(path):
    """Of a case that was transcribed in another order as well, the observation in the given order is the first."""
    run = read_run(write(path, environment(), row(order="shuffled", hypothesis="later"), row()))

    assert [one.hypothesis for one in run.first_pass] == ["hello there"]


def test_a_byte_order_mark(path):
    """A record that an editor saved with a byte order mark and other line ends is read as it was."""
    content = write(path, environment(), row(), end()).read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    run = read_run(path)

    assert (len(run.observations), run.damages, run.is_ended) == (1, [], True)
    assert run.environment.cpu == "abacus"
