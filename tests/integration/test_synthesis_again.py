"""What was spoken is kept: records, rescoring, resuming, repeats, benchmark files, and workers that share a run."""

import json
import subprocess
import sys

import pytest
import soundfile

from asrlab_pytest.records.checking import check

TABLES = """
[tool.asrlab.models.coco.options]
answers = { "who are you" = "I am Polly" }
mumbles = { "I am Polly" = "I am Dolly" }
"""


def parrot_that_speaks(project):
    """A project of a parrot that speaks two prompts and holds a dialogue."""
    project.configure(models=("coco",), tasks=["tts", "conversation"], tables=TABLES)
    project.prompt("one", "we saw the sea", says="we see a sea", recorded="we saw a sea")
    project.prompt("two", "good morning")
    project.dialogue("who", ("who are you", {"facts": [{"keyword": "Polly"}, {"keyword": "Rome"}]}), "where is it")
    project.evals("tts", "conversation")
    return project


@pytest.fixture
def spoken(project):
    """A project of a parrot that speaks two prompts and holds a dialogue."""
    return parrot_that_speaks(project)


@pytest.fixture(scope="module")
def once(fresh_project):
    """Such a project with a record of a run, and the run's result; to be looked at."""
    with fresh_project("once") as project:
        result = parrot_that_speaks(project).run("--asr-record", "run.jsonl", "--benchmark-json", "results.json")
        assert result.ret == pytest.ExitCode.OK
        return project, result


@pytest.fixture
def recorded(fresh_project, once):
    """A copy of the same, to be changed."""
    with fresh_project("recorded", like=once[0]) as project:
        yield project


@pytest.fixture(scope="module")
def repeated(fresh_project):
    """A run of two passes, of three rounds each, and its observations."""
    with fresh_project("repeated") as project:
        arguments = ("--asr-repeat", "2", "--asr-rounds", "3", "--asr-record", "run.jsonl")
        result = parrot_that_speaks(project).run(*arguments)
        return result, project.record()[1]


@pytest.fixture(scope="module")
def outdated(fresh_project, once):
    """A record is scored, whose first prompt has another text today, and a question of whose dialogue sounds so."""
    with fresh_project("outdated", like=once[0]) as project:
        project.replace("prompts", "we saw the sea", "we saw the sun")
        question = next((project.path / "fixtures" / "dialogues").glob("*.wav"))
        samples, rate = soundfile.read(question)
        soundfile.write(question, samples[:-1], rate)
        return project.run("--asr-rescore", "run.jsonl", "-k", "one or two or who")


def scorecards(result):
    """The figures of both scorecards, less what was timed."""
    text = result.stdout.str()
    lines = text[text.index("asrlab TTS") :].splitlines()
    cut = [line.split() for line in lines if line.startswith(("coco  ", "coco:conversation  ")) and "%" in line]
    return [[*(words[:4] if words[0] == "coco" else words[:3]), words[-1]] for words in cut]


def cases(project, name="run.jsonl"):
    return sorted((row["model"], row["clip"], row["hypothesis"], row["recorded"]) for row in project.record(name)[1])


def test_a_failure_has_its_task(spoken):
    """What gave no observation is in the record, the store and the benchmark file with its task."""
    tables = '[tool.asrlab.models.coco.options]\nfails_on = "where is it"\n'
    spoken.prompt("three", "where is it")
    spoken.configure(models=("coco",), tasks=["tts", "conversation"], tables=tables)

    assert spoken.run("--asr-record", "run.jsonl", "--benchmark-json", "results.json").ret == 1

    expected = {("coco", "tts", "three"), ("coco:conversation", "conversation", "who")}
    stored = list(spoken.path.glob(".asrlab/runs/*.jsonl"))
    for path in [spoken.path / "run.jsonl", *stored]:
        lines = map(json.loads, path.read_text().splitlines())
        assert {(one["model"], one["task"], one["clip"]) for one in lines if one["kind"] == "failure"} == expected
    failures = spoken.json("results.json")["asrlab"]["failures"]
    assert {(one["model"], one["task"], one["clip"]) for one in failures} == expected


def test_the_record(once):
    """A record holds what was said, heard and measured, is valid, and says which prompts and dialogues it is of."""
    project, _ = once
    assert check(project.path / "run.jsonl").faults == ()
    environment, rows = project.record()

    assert environment["schema"] == "asrlab-record/2.0"
    assert (environment["corpus"], environment["prompts"]["name"], environment["dialogues"]["name"]) == (
        None,
        "prompts",
        "dialogues",
    )
    assert environment["plan"] == {"coco": ["one", "two"], "coco:conversation": ["who"]}
    first, held = sorted(rows, key=lambda row: (row["task"] == "conversation", row["clip"]))[::2]
    assert (first["reference"], first["hypothesis"]) == ("we saw the sea", "we see a sea")
    assert (first["spoken"]["voice"], first["spoken"]["recording_heard"]) == ("we see a sea", "we saw a sea")
    assert [(turn["question"], turn["answer"], turn["heard"]) for turn in held["spoken"]["turns"]] == [
        ("who are you", "I am Polly", "I am Dolly"),
        ("where is it", "where is it", "where is it"),
    ]
    assert (held["reference"], held["hypothesis"]) == ("I am Polly\nwhere is it", "I am Dolly\nwhere is it")
    last = json.loads((project.path / "run.jsonl").read_text().splitlines()[-1])
    assert {model: state["task"] for model, state in last["models"].items()} == {
        "coco": "tts",
        "coco:conversation": "conversation",
    }


@pytest.mark.parametrize("source", ["run.jsonl", "results.json"])
def test_rescored(recorded, once, source):
    """A record and a benchmark file are scored with the figures of the run, and no engine is asked anything."""
    _, before = once

    result = recorded.run("--asr-rescore", source)

    assert result.ret == before.ret == pytest.ExitCode.OK
    assert recorded.events() == []
    assert scorecards(result) == scorecards(before)
    assert scorecards(result)[0][:4] == ["coco", "33.3%", "+25.0%", "19.2%"]
    result.stdout.fnmatch_lines(["speed      not shown: all times are of an earlier run; *"])


def test_rescored_by_other_bounds(recorded):
    """A record is judged by the bounds of today, and times that are not this run's by none."""
    bounds = "[tool.asrlab.tts.thresholds]\nwer = 0.1\nfirst_audio_s = 0\n"
    facts = "[tool.asrlab.conversation.thresholds]\nfact_recall = 1\n"
    recorded.configure(models=("coco",), tasks=["tts", "conversation"], tables=TABLES + bounds + facts)
    recorded.write(test_tts="def test_it(tts_case): tts_case.check()")

    result = recorded.run("--asr-rescore", "run.jsonl", "-k", "one or two or who")

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*[[]coco-one[]] _*", "WER 50.0% > 10.0% (project threshold)"])
    result.stdout.fnmatch_lines(["*[[]coco:conversation-who[]] _*", "fact recall 50.0% < 100.0% *"])


def test_rescored_with_other_facts(recorded):
    """What answers must say is taken from the dialogue as it is today, not from the record.

    An answer to a question whose text was corrected is scored.
    """
    recorded.replace("dialogues", '"Rome"', '"Polly"')
    recorded.replace("dialogues", "where is it", "when is it")

    result = recorded.run("--asr-rescore", "run.jsonl", "-k", "who")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["coco:conversation  * 100.0% *", "*coco:conversation: 2 of 2 facts said"])


def test_rescored_with_another_text(outdated):
    """Speech of another text than today's prompt is refused in words, and not scored as its."""
    outdated.assert_outcomes(passed=1, failed=2)
    outdated.stdout.fnmatch_lines(
        ["prompt one: *run.jsonl was made with different text", "  hint: run it again without --asr-rescore"]
    )


def test_rescored_with_other_questions(outdated):
    """An answer to a question that sounds otherwise today is refused."""
    outdated.assert_outcomes(passed=1, failed=2)
    outdated.stdout.fnmatch_lines(["dialogue who: *run.jsonl was made with different questions"])


def test_rescored_without_a_prompt(recorded):
    """What of a record has no prompt any more, and which prompts it has nothing of, is named."""
    path = recorded.path / "fixtures" / "prompts" / "prompts.jsonl"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    recorded.prompt("three", "a third")

    result = recorded.run("--asr-rescore", "run.jsonl")

    assert scorecards(result)[0][:2] == ["coco", "50.0%"]
    result.stdout.fnmatch_lines(
        [
            "asrlab: not scored, *prompts.jsonl has no such prompt: two",
            "asrlab: not scored, *run.jsonl has no speech: coco on three",
        ]
    )


def test_rescored_with_a_judge_that_is_gone(recorded):
    """Speech that was heard before is scored although there is no such judge any more, which a warning says."""
    result = recorded.run("--asr-rescore", "run.jsonl", "--asr-judge", "nobody")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["*the judge nobody hears nothing: polly heard the speech of *run.jsonl", "* | judge: polly"]
    )


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "pocketsphinx", "parrot_engine"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_rescored_without_any_engine(recorded):
    """No engine's package is needed to score what was spoken, neither the model's nor the judge's."""
    command = [sys.executable, "-c", BLOCKED, "--asr-rescore", "run.jsonl"]

    done = subprocess.run(command, cwd=recorded.path, capture_output=True, text=True, check=False)

    assert "5 passed, 2 skipped" in done.stdout, done.stdout + done.stderr


def test_resumed(spoken):
    """A resumed run says only what the store has not, and its scorecard says what was taken from there."""
    spoken.run("--asr-prompt", "one", "test_tts.py")
    spoken._log.unlink()

    result = spoken.run("--asr-resume", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.OK
    assert [line for line in spoken.events("speak") if "One." not in line] == ["speak coco en good morning"]
    assert cases(spoken) == [
        ("coco", "one", "we see a sea", True),
        ("coco", "two", "good morning", False),
        ("coco:conversation", "who", "I am Dolly\nwhere is it", False),
    ]
    result.stdout.fnmatch_lines(["speed      not shown: 1 of 2 times are of an earlier run; *"])


def test_resumed_whole(recorded):
    """Where the store has all of it nothing is loaded, not even the judge."""
    result = recorded.run("--asr-resume", "--asr-record", "again.jsonl")

    assert result.ret == pytest.ExitCode.OK
    assert recorded.events() == []
    assert [case[:3] for case in cases(recorded, "again.jsonl")] == [case[:3] for case in cases(recorded)]


@pytest.mark.parametrize(
    "change",
    [
        lambda project: project.replace("prompts", "we see a sea", "we see the sea"),
        lambda project: project.replace("prompts", '"language": "en"', '"language": "de"'),
        lambda project: project.configure(
            models=("coco",), tasks=["tts"], tables='[tool.asrlab.models.polly.options]\nappends = "!"\n'
        ),
        lambda project: project.configure(
            'judge = "jude"',
            models=("coco",),
            tasks=["tts"],
            tables='[tool.asrlab.models.jude]\nengine = "parrot"\nweights = "here"\n',
        ),
        lambda project: project.configure(
            models=("coco",), tasks=["tts"], tables="[tool.asrlab.models.coco.options]\nsleeps = 0.001\n"
        ),
    ],
    ids=["voice", "language", "the judge's options", "another judge", "the model's options"],
)
def test_resumed_after_a_change(recorded, change):
    """What the text that was heard depends on is no longer what the store has: it is said again."""
    change(recorded)

    recorded.run("--asr-resume", "-k", "test_tts and one")

    assert any(line.endswith("we saw the sea") for line in recorded.events("speak"))


def test_resumed_with_another_recording(recorded):
    """A recording that is another file now is heard again, for what the judge makes of it is in the observation."""
    recorded.prompt("again", "we saw the sea", says="we see a sea", recorded="we saw")
    (recorded.path / "fixtures" / "prompts" / "again.wav").rename(recorded.path / "fixtures" / "prompts" / "one.wav")
    recorded.replace("prompts", "again.wav", "one.wav")

    recorded.run("--asr-resume", "--asr-record", "again.jsonl", "-k", "test_tts and one")

    (row,) = recorded.record("again.jsonl")[1]
    assert row["spoken"]["recording_heard"] == "we saw"


def test_rescored_with_another_recording(recorded):
    """Speech is not rescored beside a recording that is another file than the judge heard."""
    recorded.prompt("again", "we saw the sea", says="we see a sea", recorded="we saw")
    (recorded.path / "fixtures" / "prompts" / "again.wav").rename(recorded.path / "fixtures" / "prompts" / "one.wav")
    recorded.replace("prompts", "again.wav", "one.wav")

    result = recorded.run("--asr-rescore", "run.jsonl", "-k", "test_tts and one")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*prompt one: *run.jsonl was made with different recorded audio*"])


def test_repeated(repeated):
    """Each prompt and dialogue is said once a pass and in another order; the figures are those of the first pass."""
    result, rows = repeated

    assert result.ret == pytest.ExitCode.OK
    assert sorted((row["clip"], row["order"], row["repeat"]) for row in rows) == [
        (name, order, repeat)
        for name in ("one", "two", "who")
        for order, repeat in (("given", 0), ("given", 1), ("shuffled", 0))
    ]
    assert scorecards(result)[0][:4] == ["coco", "33.3%", "+25.0%", "19.2%"]
    result.stdout.fnmatch_lines(["repeats    coco: same speech each time for 2 of 2"])


def test_repeated_rounds(repeated):
    """Each round is timed, from the beginning of the dialogue, and what is heard is that of the last."""
    _, observed = repeated

    rows = {row["clip"]: row for row in observed if (row["order"], row["repeat"]) == ("given", 0)}
    assert len(rows["one"]["spoken"]["utterance"]["first_audio_s"]) == len(rows["one"]["latencies_s"]) == 3
    turns = rows["who"]["spoken"]["turns"]
    assert [len(turn["latencies_s"]) for turn in turns] == [3, 3]
    assert [turn["answer"] for turn in turns] == ["I am Polly", "where is it"]


def test_extra_info(once):
    """The benchmark JSON has each prompt's figures and faults, and is a record in its own right."""
    document = once[0].json("results.json")
    found = {entry["name"]: entry["extra_info"]["asr"] for entry in document["benchmarks"]}

    one = found["test_tts[coco-one]"]
    assert (one["wer"], one["excess_wer"], one["speech_faults"], one["outcome"]) == (0.5, 0.25, [], "passed")
    assert 0 < one["first_audio_s"] <= one["latency_s"]
    assert one["counts"] == {"hits": 2, "substitutions": 2, "deletions": 0, "insertions": 0}
    assert found["test_conversation[coco:conversation-who]"]["facts"]["recall"] == 0.5
    assert document["asrlab"]["environment"]["prompts"]["name"] == "prompts"


def test_shared_among_workers(spoken):
    """Two workers lead to the scorecards and the record of one process, and no test is lost."""
    spoken.prompt("three", "where is it")

    alone = spoken.run("--asr-record", "alone.jsonl")
    shared = spoken.run("-n", "2", "--asr-record", "shared.jsonl")

    assert (alone.ret, shared.ret) == (0, 0)
    assert alone.parseoutcomes()["passed"] == shared.parseoutcomes()["passed"] == 6
    assert scorecards(alone) == scorecards(shared)
    assert [case[:3] for case in cases(spoken, "alone.jsonl")] == [case[:3] for case in cases(spoken, "shared.jsonl")]


def test_checked_record(once, tmp_path):
    """A record whose line lost what was spoken is at fault, and the line is named."""
    lines = (once[0].path / "run.jsonl").read_text().splitlines()
    row = json.loads(lines[1])
    del row["spoken"]["hearer"]
    (tmp_path / "bad.jsonl").write_text("\n".join([lines[0], json.dumps(row), *lines[2:]]) + "\n")

    (fault,) = check(tmp_path / "bad.jsonl").faults

    assert "line 2" in str(fault)
    assert "hearer" in str(fault)


def test_a_record_of_another_task(project):
    """What a model of the same id wrote as a recognizer is not scored as its speech: there is nothing to score."""
    project.clip("one", "hello there")
    project.configure(models=("kea",))
    project.evals("accuracy", "tts")
    project.run("test_accuracy.py", "--asr-record", "run.jsonl")
    project.prompt("one", "hello there")
    project.configure(models=("kea",), tasks=("tts",))

    result = project.run("test_tts.py", "--asr-rescore", "run.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*run.jsonl has no transcript by * of any chosen prompt of *"])
