"""--asr-rescore: the same evals on what a record says, with no model."""

import json
import subprocess
import sys
from dataclasses import replace
from fnmatch import fnmatch

import pytest

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from asrlab_pytest.inference.replay import RecordedModel
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.observation import FIRST
from asrlab_pytest.records.reading import RecordError, read_observed


@pytest.fixture(scope="module")
def once(fresh_project):
    """A project with a record of two models over two clips, and the run's result."""
    with fresh_project("once") as project:
        project.configure(models=("polly", "lora"), tables='[tool.asrlab.models.lora.options]\nsays = "good evening"\n')
        project.clip("one", "hello there")
        project.clip("two", "good morning")
        project.evals("accuracy", "corpus")
        result = project.run("--asr-record", "run.jsonl", "--benchmark-json", "results.json")
        return project, result


@pytest.fixture
def recorded(fresh_project, once):
    """A copy of the project, to be changed."""
    with fresh_project("recorded", like=once[0]) as project:
        yield project


@pytest.fixture(scope="module")
def corrected(fresh_project, once):
    """The record is scored after one reference was corrected, one clip was left out and another one was added."""
    with fresh_project("corrected", like=once[0]) as project:
        path = project.path / "clips" / "manifest.jsonl"
        path.write_text(path.read_text().splitlines()[0].replace("hello there", "hello dear") + "\n")
        project.clip("three", "a third")
        return project.run("--asr-rescore", "run.jsonl")


@pytest.fixture(scope="module")
def other_audio(fresh_project, once):
    """The record is scored after the audio of one clip was changed, and another clip became a part of its file."""
    with fresh_project("other_audio", like=once[0]) as project:
        project.clip("new", "other words")
        (project.path / "clips" / "new.wav").rename(project.path / "clips" / "one.wav")
        path = project.path / "clips" / "manifest.jsonl"
        one, two, _ = path.read_text().splitlines()
        path.write_text("\n".join([one, two.replace('"language"', '"end": 1.5, "language"')]) + "\n")
        return project.run("--asr-rescore", "run.jsonl", "--asr-model", "polly", "test_accuracy.py")


def scorecard_of(result):
    lines = result.stdout.str().split("asrlab scorecard")[1].splitlines()
    return [
        [*line.split()[:2], line.split()[-4]]
        for line in lines
        if line.startswith(("polly  ", "lora  ")) and "%" in line
    ]


@pytest.mark.parametrize("source", ["run.jsonl", "results.json"])
def test_no_model(recorded, once, source):
    """Every case is judged on its recorded text, with the figures of the run, and no engine is touched."""
    _, before = once

    result = recorded.run("--asr-rescore", source)

    result.assert_outcomes(passed=6)
    assert recorded.events() == []
    assert scorecard_of(result) == scorecard_of(before)
    result.stdout.fnmatch_lines(
        [
            f"asrlab: models *; texts of {source}, no model is run",
            "speed      not shown: all times are of an earlier run; *",
            f"asrlab: no model was run: the texts are those of *{source}",
        ]
    )


def test_other_rules(recorded):
    """A record is judged by the rules and thresholds of today."""
    recorded.configure(
        "thresholds = { wer = 0.1 }\nmodel = ['polly', 'lora']",
        models=("polly", "lora"),
    )

    result = recorded.run("test_accuracy.py", "--asr-rescore", "run.jsonl")

    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["*[[]lora-one[]] _*", "WER 100.0% > 10.0%*"])


def test_a_corrected_reference(corrected):
    """A reference that was corrected since then is the one that counts."""
    assert scorecard_of(corrected) == [["polly", "50.0%", "40.0%"], ["lora", "100.0%", "110.0%"]]


def test_some_models(recorded):
    """The models of the record can be chosen from."""
    result = recorded.run("--asr-rescore", "run.jsonl", "--asr-model", "lo*")

    result.assert_outcomes(passed=3)


def test_a_model_that_is_not_configured_any_more(recorded):
    """A model that only the record knows is scored as well."""
    recorded.configure()

    result = recorded.run("--asr-rescore", "run.jsonl")

    result.assert_outcomes(passed=6)


def test_without_the_audio(recorded):
    """A transcript is scored without the audio that it was made from."""
    for audio in (recorded.path / "clips").glob("*.wav"):
        audio.unlink()

    recorded.run("--asr-rescore", "run.jsonl").assert_outcomes(passed=6)


def test_other_audio(other_audio):
    """A transcript of other audio than the clip now has is not scored as the clip's."""
    assert other_audio.ret == pytest.ExitCode.TESTS_FAILED
    other_audio.assert_outcomes(failed=2)
    other_audio.stdout.fnmatch_lines(["*clip one: its audio is not what *run.jsonl has a transcript of*"])


def test_another_part_of_the_file(other_audio):
    """A transcript of one part of a file is not scored as that of another part."""
    other_audio.stdout.fnmatch_lines(
        ["*clip two: it is now 1.50 s of its file, and *run.jsonl has a transcript of 2.00 s"]
    )


def test_a_part_that_ends_after_its_file(once):
    """A transcript is scored where the part ends up to half a second after its file, as the run read it."""
    project = once[0]
    row = next(row for row in read_observed(project.path / "run.jsonl").observations if row.clip == "one")
    clip = Clip(id="one", audio=project.path / "clips" / "one.wav", text="hello", end=row.audio_s + 0.3)
    spec = ModelSpec(id=row.model, engine="parrot", weights="")
    model = RecordedModel(spec, {("one", FIRST): row}, corpus="clips", source="run.jsonl")

    assert model.observe(clip, timer=None).hypothesis == row.hypothesis
    with pytest.raises(ClipError, match="it is now"):
        model.observe(replace(clip, start=0.1), timer=None)


@pytest.mark.parametrize(("limit", "is_same"), [(1.0, False), (2.01, True), (9.0, True)])
def test_a_clip_with_a_limit(once, limit, is_same):
    """A transcript of a whole file is scored unless the clip is by now the beginning of it, as a line of NeMo's is."""
    project = once[0]
    row = next(row for row in read_observed(project.path / "run.jsonl").observations if row.clip == "one")
    clip = Clip(id="one", audio=project.path / "clips" / "one.wav", text="hello", duration=limit, limit=limit)
    spec = ModelSpec(id=row.model, engine="parrot", weights="")
    model = RecordedModel(spec, {("one", FIRST): row}, corpus="clips", source="run.jsonl")

    if is_same:
        assert model.observe(clip, timer=None).hypothesis == row.hypothesis
    else:
        with pytest.raises(ClipError, match=r"it is now 1\.00 s of its file"):
            model.observe(clip, timer=None)


def test_what_is_not_covered(corrected):
    """Clips without a transcript, and transcripts without a clip, are named."""
    corrected.assert_outcomes(passed=4)
    corrected.stdout.fnmatch_lines(
        [
            "asrlab: not scored, *manifest.jsonl has no such clip: two",
            "asrlab: not scored, *run.jsonl has no transcript: polly on three, lora on three",
        ]
    )


def test_repeats_are_remembered(recorded):
    """What a record says of repeats is told again."""
    recorded.run("--asr-repeat", "2", "--asr-record", "twice.jsonl")

    result = recorded.run("--asr-rescore", "twice.jsonl")

    result.stdout.fnmatch_lines(["repeats    polly: 2 passes, same text for 2 of 2 clips; WER 0.0%*"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "*bad.jsonl cannot be read: No such file or directory"),
        ("", "*bad.jsonl holds no observation"),
        ("not a record\n", "*bad.jsonl holds no observation (line 1: not JSON *)"),
        ('{"benchmarks": []}', "*bad.jsonl holds no observation"),
        ('{"kind": "environment", "schema": "asrlab-record/8.1"}\n', "*bad.jsonl: a newer asrlab-pytest *"),
        ('{"kind": "environment", "schema": "soup"}\n', "*bad.jsonl: its schema 'soup' is not one of *"),
    ],
)
def test_no_record(tmp_path, content, sentence):
    """A file that is not a record is refused in words."""
    if content is not None:
        (tmp_path / "bad.jsonl").write_text(content)

    with pytest.raises(RecordError) as refused:
        read_observed(tmp_path / "bad.jsonl")

    first, second = str(refused.value).splitlines()
    assert fnmatch(first, sentence)
    assert second.startswith("  hint: ")


def test_no_record_ends_the_run(project):
    """A file that is not a record ends the run before any test, in words."""
    project.evals("accuracy")
    (project.path / "bad.jsonl").write_text("not a record\n")

    result = project.run("--asr-rescore", "bad.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *bad.jsonl holds no observation (line 1: not JSON *)", "  hint: *"])


def test_a_record_of_failures(recorded):
    """A record in which every case failed is refused before any test, with what shows why."""
    path = recorded.path / "run.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    failed = [{"kind": "failure", "model": "polly", "clip": "one", "problem": "no file"}]
    path.write_text("\n".join(json.dumps(row) for row in [rows[0], *failed, rows[-1]]))

    result = recorded.run("--asr-rescore", "run.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: *run.jsonl holds no observation that could be scored: its cases failed", "  hint: *asrlab report *"]
    )


def test_a_damaged_line(recorded):
    """A damaged line is named and fails the run, for figures may lack it; the others are scored all the same."""
    path = recorded.path / "run.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1].replace('"latencies_s": [', '"latencies_s": ["x", '), *lines[2:]]))

    result = recorded.run("--asr-rescore", "run.jsonl")

    result.assert_outcomes(passed=5)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert sum(line.endswith(": left out") for line in result.outlines) == 1
    result.stdout.fnmatch_lines(["asrlab: *run.jsonl: line 2: key 'latencies_s.0': *: left out"])
    assert scorecard_of(result) == [["polly", "0.0%*", "0.0%"], ["lora", "75.0%", "60.9%"]]


def test_an_unfinished_last_line(recorded):
    """The unfinished last line of a run that was killed is named, and fails nothing."""
    with (recorded.path / "run.jsonl").open("ab") as file:
        file.write(b'{"kind": "obs')

    result = recorded.run("--asr-rescore", "run.jsonl")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["asrlab: *run.jsonl: line *: not JSON *; unfinished: left out"])


def test_a_damaged_line_on_workers(recorded):
    """Under xdist a damaged line is told once, and fails the run; a run that only lists its tests it does not."""
    with (recorded.path / "run.jsonl").open("ab") as file:
        file.write(b"{]\n")

    result = recorded.run("--asr-rescore", "run.jsonl", "-n", "2")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert sum(line.endswith(": left out") for line in result.outlines) == 1
    assert recorded.run("--asr-rescore", "run.jsonl", "--collect-only").ret == pytest.ExitCode.OK


@pytest.mark.parametrize("option", ["self-check", "require-device", "repeat=3", "witness=polly"])
def test_an_option_that_only_a_model_can_follow(recorded, option):
    """An option of the command line that no record can follow is an error, not ignored."""
    result = recorded.run("--asr-rescore", "run.jsonl", f"--asr-{option}")

    name = option.partition("=")[0]
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --asr-rescore runs no model, so --asr-{name} would check nothing"])


def test_an_unknown_model(recorded):
    """A model that the record does not have is an error that names those it has."""
    result = recorded.run("--asr-rescore", "run.jsonl", "--asr-model", "kea")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *run.jsonl has no transcript by 'kea'", "  hint: choose from polly, lora"])


def test_another_corpus(recorded):
    """A record that shares no clip with the corpus is an error that names both."""
    (recorded.path / "clips" / "manifest.jsonl").write_text("")
    recorded.clip("elsewhere", "words")

    result = recorded.run("--asr-rescore", "run.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: *run.jsonl has no transcript by polly, lora of any chosen clip of *manifest.jsonl"]
    )


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "whisper", "faster_whisper", "ctranslate2", "pocketsphinx", "parrot_engine"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_without_any_engine(recorded):
    """No engine's package is needed."""
    command = [sys.executable, "-c", BLOCKED, "--asr-rescore", "run.jsonl"]

    done = subprocess.run(command, cwd=recorded.path, capture_output=True, text=True, check=False)

    assert "6 passed" in done.stdout, done.stdout + done.stderr


def test_a_hole_in_a_narrowed_run(recorded):
    """A selected clip without a transcript fails a run of fewer models or files, but not one of fewer cases."""
    recorded.clip("three", "a third")
    recorded.write(test_other="def test_other(): pass")

    fewer_models = recorded.run("--asr-rescore", "run.jsonl", "--asr-model", "polly")
    fewer_tests = recorded.run("--asr-rescore", "run.jsonl", "-k", "one or two")

    assert fewer_models.ret == pytest.ExitCode.TESTS_FAILED
    fewer_models.stdout.fnmatch_lines(["asrlab: not scored, *run.jsonl has no transcript: polly on three"])
    assert recorded.run("--asr-rescore", "run.jsonl", "test_accuracy.py").ret == pytest.ExitCode.TESTS_FAILED
    assert recorded.run("--asr-rescore", "run.jsonl", "test_accuracy.py::test_accuracy[polly-one]").ret == 0
    assert fewer_tests.ret == 0


@pytest.mark.parametrize("options", [(), ("--asr-model", "polly")])
def test_a_gate_of_a_record_with_holes(project, options):
    """A gate of a record that lacks clips of the corpus is undecided, where the record may lack them."""
    for name in ("one", "two", "three", "four"):
        project.clip(name, f"number {name}")
    project.evals("accuracy", "regression")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    project.run("--asr-record", "part.jsonl", "--asr-clip", "one")

    record = ("--asr-rescore", "part.jsonl", "--asr-partial", "--asr-baseline", "base.jsonl")
    result = project.run(*record, *options, "--asr-undecided", "fail")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*1 of 4 clips could be compared: 3 have no result of this run*"])
    assert project.run(*record, "--asr-clip", "one", "--asr-undecided", "fail").ret == 0
