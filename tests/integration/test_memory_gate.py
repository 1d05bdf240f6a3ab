"""The memory gate: a model loaded in a process of its own."""

import json

import pytest


@pytest.fixture
def cage(project):
    """Configures a parrot that holds so many megabytes, with keys of its table; its longest clip is `long`."""
    project.clip("short", "good morning")
    project.clip("long", "hello there", seconds=4.0)
    project.evals("memory", "accuracy")

    def configure(megabytes=0, keys="", options=""):
        tables = f"{keys}\n[tool.asrlab.models.polly.options]\nallocates = {megabytes}\n{options}"
        project.configure(tables=tables)
        return project

    return configure


def written(project, *options):
    """A run that writes the baseline; its line of memory."""
    result = project.run("-rs", "--asr-baseline", "base.jsonl", "--asr-update-baseline", *options)
    lines = map(json.loads, (project.path / "base.jsonl").read_text(encoding="utf-8").splitlines())
    return result, next(line for line in lines if line["kind"] == "memory")


@pytest.mark.parametrize(
    ("bound", "outcome", "words"),
    [
        (
            400,
            "failed",
            "FAIL memory of polly against its bounds|  peak RSS: [4-9]?? MB, more than the 400 MB allowed.",
        ),
        (4000, "passed", "PASS memory of polly against its bounds|  peak RSS: [4-9]?? MB, within the 4000 MB allowed."),
    ],
)
def test_a_bound(cage, bound, outcome, words):
    """A model is judged by what it takes, weights included, with its longest clip."""
    project = cage(400, f"max_rss_mb = {bound}")

    result = project.run("test_memory.py")

    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines([*words.split("|"), "  a process of its own on cpu, with its longest clip: long"])
    assert project.heard() == ["polly hello there"]


def test_what_this_process_holds_does_not_count(cage):
    """The peak is that of the fresh process, however much the test process holds."""
    project = cage(keys="max_rss_mb = 300")
    ballast = b"\1" * 400_000_000

    project.run("test_memory.py").assert_outcomes(passed=1)

    assert len(ballast) == 400_000_000


@pytest.mark.parametrize(("options", "outcome"), [([], "passed"), (["--asr-undecided", "fail"], "failed")])
def test_device_memory_that_nothing_counts(cage, options, outcome):
    """A bound on memory that nothing counts cannot be told, and is a failure only where that is asked for."""
    project = cage(keys="max_device_memory_mb = 100")

    result = project.run("test_memory.py", *options)

    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines(
        ["UNDECIDED memory of polly *", "  peak device memory: Not known: nothing counts it for this engine on cpu*"]
    )


def test_device_memory(cage):
    """A bound on device memory is judged by the engine's own counter."""
    project = cage(keys="max_device_memory_mb = 100", options='takes = "cuda"\n')

    result = project.run("test_memory.py")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["  peak device memory: 0 MB, within the 100 MB allowed."])


def test_the_baseline_keeps_memory(cage):
    """A baseline that is written keeps the peak, also of a model without a bound."""
    result, line = written(cage(200))

    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("*asrlab gates*")
    assert line.pop("rss_bytes") > 200e6
    assert line == {"kind": "memory", "model": "polly", "clip": "long", "device": "cpu", "device_bytes": None}


@pytest.mark.parametrize(("megabytes", "outcome"), [(100, "passed"), (200, "failed"), (0, "passed")])
def test_more_than_in_the_baseline(cage, megabytes, outcome):
    """A model fails where its peak rose by more than 10 % and 20 MB, and not where it fell."""
    written(cage(100))

    result = cage(megabytes).run("--asr-baseline", "base.jsonl", "test_memory.py")

    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines(
        [
            f"{outcome[:4].upper()} memory of polly against the baseline base.jsonl",
            "  peak RSS since the baseline: * MB before: * the 10% or 20 MB that it may rise.",
        ]
    )


def test_another_clip_than_in_the_baseline(cage):
    """Peaks of two clips are not compared, and that is said."""
    project = cage()
    written(project)
    project.clip("longer", "see you later", seconds=6.0)

    result = project.run("--asr-baseline", "base.jsonl", "test_memory.py")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["UNDECIDED memory of polly *", "*Not compared: it is of longer on cpu, *"])


@pytest.mark.parametrize(
    ("keys", "options", "reason"),
    [
        ("", [], "polly: it states no max_rss_mb and no max_device_memory_mb (mend: max_rss_mb = *"),
        ('max_rss_mb = 9\nlanguages = ["de"]', [], "polly: no clip is meant for it"),
    ],
    ids=["no bound", "no clip"],
)
def test_skipped(cage, keys, options, reason):
    """A model that is not to be measured, or cannot be, is skipped with the reason."""
    project = cage(keys=keys)

    result = project.run("-rs", "test_memory.py", *options)

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines([f"SKIPPED * {reason}"])


def test_a_model_that_is_not_ready(cage):
    """A model that is not ready is skipped with its status."""
    project = cage(keys="max_rss_mb = 9")
    config = project.path / "pyproject.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('"here"', '"nowhere"'), encoding="utf-8")

    result = project.run("-rs", "test_memory.py")

    result.stdout.fnmatch_lines(["SKIPPED * polly: weights missing: the parrot has flown"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ('fails_on = "hello there"\n', ["model polly failed on clip long: RuntimeError: the parrot bit me"]),
        (
            "crashes = true\n",
            ["model polly: a fresh process that was to load it ended with status 9: *", "  mend: look*"],
        ),
    ],
)
def test_a_process_that_fails(cage, options, words):
    """A model that breaks down in the fresh process fails the test in words, and no other."""
    project = cage(keys="max_rss_mb = 900", options=options)

    result = project.run("test_memory.py")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(words)


def test_an_engine_that_prints(cage):
    """What an engine prints does not come between."""
    project = cage(keys="max_rss_mb = 900", options='prints = "squawk"\n')

    project.run("test_memory.py").assert_outcomes(passed=1)


def test_a_record_loads_nothing(cage):
    """Where a record is scored, no model is loaded for its memory."""
    project = cage(keys="max_rss_mb = 900")
    project.run("--asr-record", "run.jsonl", "test_accuracy.py")

    result = project.run("-rs", "--asr-rescore", "run.jsonl", "test_memory.py")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * polly: texts of a record are scored*"])


def test_damaged_memory(cage):
    """Memory of a baseline that is none ends the run with status 4, and the line that is damaged."""
    project = cage()
    written(project)
    baseline = project.path / "base.jsonl"
    text = baseline.read_text(encoding="utf-8").replace('"rss_bytes": ', '"rss_bytes": "much", "was": ')
    baseline.write_text(text, encoding="utf-8")

    result = project.run("--asr-baseline", "base.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: * is damaged: line 4: memory is given as clip, device and rss_bytes"])


def test_xdist(cage):
    """What a worker measured arrives in the report and in the baseline."""
    project = cage(50, "max_rss_mb = 30")

    result = project.run_apart("-n", "2", "--asr-baseline", "base.jsonl", "--asr-update-baseline")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAIL memory of polly against its bounds"])
    assert '"kind": "memory"' in (project.path / "base.jsonl").read_text(encoding="utf-8")
