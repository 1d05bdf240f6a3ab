"""The memory gate: a model loaded in a process of its own."""

import json
from pathlib import Path

import pytest

from asrlab_pytest.records.baseline import read_baseline
from asrlab_pytest.records.reading import RecordError

PARROT = Path(__file__).parents[1] / "parrot"

MODELS = {
    "big": ("max_rss_mb = 200", "allocates = 200"),
    "roomy": ("max_rss_mb = 4000", 'allocates = 200\nprints = "squawk"'),
    "small": ("max_rss_mb = 300", ""),
    "uncounted": ("max_device_memory_mb = 100", ""),
    "counted": ("max_device_memory_mb = 100", 'takes = "cuda"'),
    "unbound": ("", ""),
    "german": ('max_rss_mb = 9\nlanguages = ["de"]', ""),
    "absent": ("max_rss_mb = 9", ""),
    "biting": ("max_rss_mb = 900", 'fails_on = "hello there"'),
    "crashing": ("max_rss_mb = 900", "crashes = true"),
    "hidden": ("max_rss_mb = 900", ""),
    "caged": ("max_rss_mb = 200\nisolate = true", "allocates = 200"),
    "locked": ("max_rss_mb = 900\nisolate = true", "crashes = true"),
}
"""Keys of the table, and options, by model."""
UPDATE = ("--asr-baseline", "base.jsonl", "--asr-update-baseline")


def configure(project, models):
    """Configure parrots with these keys of their table and options; the longest clip of a project is `long`."""
    weights = {name: {"absent": "nowhere", "hidden": "hidden"}.get(name, "here") for name in models}
    tables = [
        f'[tool.asrlab.models.{name}]\nengine = "parrot"\nweights = "{weights[name]}"\n{keys}\n'
        f"[tool.asrlab.models.{name}.options]\n{options}\n"
        for name, (keys, options) in models.items()
    ]
    project.configure(f"model = {json.dumps(list(models))}\n", models=(), tables="".join(tables))


def cage(project, models):
    """Add two clips, the evals and these models."""
    project.clip("short", "good morning")
    project.clip("long", "hello there", seconds=4.0)
    project.evals("memory", "accuracy")
    configure(project, models)
    return project


def holding(**megabytes):
    """Models that hold so many megabytes; the one called roving hears German, too."""
    languages = {name: '["en", "de"]' if name == "roving" else '["en"]' for name in megabytes}
    return {name: (f"languages = {languages[name]}", f"allocates = {size}") for name, size in megabytes.items()}


@pytest.fixture(scope="module")
def bounded(fresh_project):
    """All models by their bounds, while this process holds much, where what is undecided fails; project and result."""
    with fresh_project("bounded") as project:
        cage(project, MODELS)
        ballast = b"\1" * 400_000_000
        result = project.run("-v", "-rs", "--asr-undecided", "fail", "test_memory.py")
        assert len(ballast) == 400_000_000
        return project, result


@pytest.fixture(scope="module")
def written(fresh_project):
    """A run that writes a baseline and a record; the project and the result."""
    with fresh_project("written") as project:
        cage(project, holding(steady=100, growing=100, shrinking=200, roving=0))
        return project, project.run("-rs", *UPDATE, "--asr-record", "run.jsonl")


@pytest.fixture(scope="module")
def compared(fresh_project, written):
    """The same models, of which two have changed and one has got a longer clip, beside the baseline."""
    with fresh_project("compared", like=written[0]) as project:
        models = holding(steady=100, growing=200, shrinking=0, roving=0)
        configure(project, {**models, "uncounted": MODELS["uncounted"]})
        project.clip("longer", "see you later", seconds=6.0)
        manifest = project.path / "clips" / "manifest.jsonl"
        *older, last = manifest.read_text().splitlines()
        manifest.write_text("\n".join([*older, last.replace('"language": "en"', '"language": "de"')]) + "\n")
        return project.run("-v", "--asr-baseline", "base.jsonl", "test_memory.py")


def outcome(result, model):
    """What became of the test of a model."""
    (line,) = [line for line in result.outlines if line.startswith(f"test_memory.py::test_memory[{model}] ")]
    return line.split()[1]


def test_every_model_has_its_own_verdict(bounded):
    """What is wrong with one model is no other's."""
    bounded[1].assert_outcomes(passed=4, failed=7, skipped=2)


@pytest.mark.parametrize(
    ("model", "expected", "words"),
    [
        (
            "big",
            "FAILED",
            "FAIL * big * peak RSS: [2-9]?? MB, over the 200 MB allowed.",
        ),
        (
            "caged",
            "FAILED",
            "FAIL * caged * peak RSS: [2-9]?? MB, over the 200 MB allowed.",
        ),
        (
            "roomy",
            "PASSED",
            "PASS * roomy * peak RSS: [2-9]?? MB, within the 4000 MB allowed.",
        ),
    ],
)
def test_a_bound(bounded, model, expected, words):
    """A model is judged by what it takes, weights included, with its longest clip."""
    project, result = bounded

    assert outcome(result, model) == expected
    result.stdout.fnmatch_lines(
        [*words.split("|"), "*measured in a separate process on cpu, on the longest clip (long)"], consecutive=True
    )
    assert [line for line in project.heard() if line.startswith(model)] == [f"{model} hello there"]


def test_what_this_process_holds_does_not_count(bounded):
    """The peak is that of the fresh process, however much the test process holds."""
    assert outcome(bounded[1], "small") == "PASSED"


@pytest.mark.parametrize("expected", ["PASSED", "FAILED"])
def test_device_memory_that_nothing_counts(bounded, compared, expected):
    """A bound on memory that nothing counts cannot be told, and is a failure only where that is asked for."""
    result = compared if expected == "PASSED" else bounded[1]

    assert outcome(result, "uncounted") == expected
    result.stdout.fnmatch_lines(
        [
            "UNDECIDED * uncounted*",
            "*peak device memory: Not measured: no counter for this engine*",
        ],
        consecutive=True,
    )


def test_device_memory(bounded):
    """A bound on device memory is judged by the engine's own counter."""
    assert outcome(bounded[1], "counted") == "PASSED"
    bounded[1].stdout.fnmatch_lines(
        ["PASS * counted*", "*peak device memory: 0 MB, within the 100 MB allowed."], consecutive=True
    )


def test_the_baseline_keeps_memory(written):
    """A baseline that is written keeps the peak, also of a model without a bound."""
    project, result = written
    lines = map(json.loads, (project.path / "base.jsonl").read_text(encoding="utf-8").splitlines())
    (line,) = [line for line in lines if line["kind"] == "memory" and line["model"] == "shrinking"]

    result.assert_outcomes(passed=4 * 3)
    result.stdout.no_fnmatch_line("*asrlab gates*")
    assert line.pop("rss_bytes") > 200e6
    assert line == {"kind": "memory", "model": "shrinking", "clip": "long", "device": "cpu", "device_bytes": None}


@pytest.mark.parametrize(("model", "expected"), [("steady", "PASSED"), ("growing", "FAILED"), ("shrinking", "PASSED")])
def test_more_than_in_the_baseline(compared, model, expected):
    """A model fails where its peak rose by more than 10 % and 20 MB, and not where it fell."""
    assert outcome(compared, model) == expected
    compared.stdout.fnmatch_lines(
        [
            f"{expected[:4]} * {model}*",
            "*peak RSS since the baseline: * MB before: *",
        ],
        consecutive=True,
    )


def test_another_clip_than_in_the_baseline(compared):
    """Peaks of two clips are not compared, and that is said."""
    compared.assert_outcomes(passed=4, failed=1)
    assert outcome(compared, "roving") == "PASSED"
    compared.stdout.fnmatch_lines(["UNDECIDED * roving*", "*Not compared: measured with longer *"], consecutive=True)


@pytest.mark.parametrize(
    "reason",
    [
        "german: no clip is meant for it",
        "absent: weights missing: the parrot has flown (hint: asrlab pull absent)",
    ],
    ids=["no clip", "not ready"],
)
def test_skipped(bounded, reason):
    """A model that is not to be measured, is not ready, or cannot be measured, is skipped with the reason."""
    bounded[1].stdout.fnmatch_lines([f"SKIPPED * {reason}"])


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("hidden", ["*engine parrot cannot tell * RuntimeError: a cloth covers the cage*"]),
        ("biting", ["model biting failed on clip long: RuntimeError: the parrot bit me"]),
        (
            "crashing",
            ["model crashing: the process that loads it exited with status 9: *", "  hint: look*"],
        ),
        (
            "locked",
            ["model locked: the process that loads it exited with status 9: *", "  hint: look*"],
        ),
    ],
)
def test_a_process_that_fails(bounded, model, words):
    """A model that breaks down in the fresh process fails the test in words, and no other."""
    assert outcome(bounded[1], model) == "FAILED"
    bounded[1].stdout.fnmatch_lines(words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ('says_unwatched = ""', "wrote another text for clip long when its memory was measured: '', not 'hello there'"),
        (
            'says_unwatched = ""\nflocks = true',
            "wrote another text for clip long when its memory was measured: '', not *",
        ),
        ('says_unwatched = "hello here"', ""),
    ],
)
def test_a_process_that_writes_another_text(project, options, words):
    """The memory of a model is not that of a call which writes a text that is not like the one of its case."""
    cage(project, {"lazy": ("max_rss_mb = 900\nbatch_size = 2", options)})

    result = project.run()

    result.assert_outcomes(passed=2 if words else 3, failed=1 if words else 0)
    if words:
        result.stdout.fnmatch_lines([f"model lazy {words}"])


def test_an_engine_that_prints(bounded):
    """What an engine prints does not come between."""
    assert outcome(bounded[1], "roomy") == "PASSED"


def test_a_record_loads_nothing(fresh_project, written):
    """Where a record is scored, no model is loaded for its memory."""
    with fresh_project("rescored", like=written[0]) as project:
        configure(project, {"steady": ("max_rss_mb = 900", "")})

        result = project.run("-rs", "--asr-rescore", "run.jsonl", "--asr-model", "steady", "test_memory.py")

        result.assert_outcomes(skipped=1)
        result.stdout.fnmatch_lines(["SKIPPED * steady: scoring a record*"])
        assert project.events() == []


def test_damaged_memory(written, tmp_path):
    """Memory of a baseline that is none makes it unusable, with the line that is damaged."""
    text = (written[0].path / "base.jsonl").read_text(encoding="utf-8")
    assert text.splitlines()[9].startswith('{"kind": "memory"')
    baseline = tmp_path / "base.jsonl"
    baseline.write_text(text.replace('"rss_bytes": ', '"rss_bytes": "much", "was": '), encoding="utf-8")

    with pytest.raises(RecordError, match="is damaged: line 10: key 'rss_bytes': input should be a valid integer"):
        read_baseline(baseline)


def test_xdist(project):
    """What a worker measured arrives in the report and in the baseline."""
    cage(project, {"polly": ("max_rss_mb = 30", "allocates = 50")})

    result = project.run("-n", "1", "-o", f"pythonpath={PARROT}", *UPDATE)

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAIL * polly*"])
    assert '"kind": "memory"' in (project.path / "base.jsonl").read_text(encoding="utf-8")


def test_a_baseline_that_lost_its_memory(fresh_project, written):
    """A baseline without a line of memory that its head states is refused, as one that lacks texts."""
    with fresh_project("cut", like=written[0]) as project:
        path = project.path / "base.jsonl"
        lines = path.read_text().splitlines(keepends=True)
        assert json.loads(lines.pop())["kind"] == "memory"
        path.write_text("".join(lines))

        result = project.run("--asr-baseline", "base.jsonl")

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["*base.jsonl is damaged: its first line states 4 lines of memory, and 3 follow*"])


@pytest.mark.parametrize(("undecided", "status"), [("warn", 0), ("fail", 1)])
def test_memory_that_nothing_compares(fresh_project, written, undecided, status):
    """Where no test measures what the baseline has, the run says so, and fails if what is undecided does."""
    with fresh_project("unmeasured", like=written[0]) as project:
        (project.path / "test_memory.py").unlink()

        result = project.run("--asr-baseline", "base.jsonl", "--asr-undecided", undecided)

        assert result.ret == status
        result.stdout.fnmatch_lines(
            ["*not compared with *base.jsonl: the memory of steady, growing, shrinking, roving*"]
        )
