"""The speed gate: a model beside the reference model, in the same run."""

import json

import pytest

LENIENT = "[tool.asrlab.gates]\nspeed = 0.5\n"
"""Noise below 25 % is quiet enough: sleeps of milliseconds are not exact on a busy machine."""


def model(name, *, ratio=None, **options):
    """The tables of a parrot."""
    bound = "" if ratio is None else f"max_rtf_ratio = {ratio}\n"
    keys = "".join(f"{key} = {json.dumps(value)}\n" for key, value in options.items())
    return f'[tool.asrlab.models.{name}]\nengine = "parrot"\nweights = "here"\n{bound}[{_options(name)}]\n{keys}'


def _options(name):
    return f"tool.asrlab.models.{name}.options"


def racing(project):
    """Configures a race of parrots over two clips: the first is the reference model."""
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    project.evals("speed")
    return configuring(project)


def configuring(project):
    """The same of a project that has the clips."""

    def configure(*tables, gates=LENIENT, toml=""):
        names = [table.split("]")[0].rpartition(".")[2] for table in tables]
        listed = f"model = {json.dumps(names)}\nreference = {json.dumps(names[0])}\n"
        project.configure(toml=listed + toml, models=(), tables="".join(tables) + gates)
        return project

    return configure


@pytest.fixture
def race(project):
    """Configures a race of parrots over two clips: the first is the reference model."""
    return racing(project)


@pytest.fixture(scope="module")
def field(fresh_project):
    """A race beside base of a slower model, one that is the same, two that fail on a clip, and one without a life."""
    with fresh_project("field") as project:
        racing(project)(
            model("base", sleeps=0.02),
            model("slow", sleeps=0.06, ratio=1.2),
            model("same", sleeps=0.02, ratio=1.6),
            model("other", ratio=50.0, fails_on="good morning"),
            model("wary", ratio=50.0, fails_on="good morning", advises="wear gloves"),
            model("dead", ratio=50.0).replace('"here"', '"rotten"'),
        )
        return project.run()


@pytest.fixture(scope="module")
def known(fresh_project):
    """A project of three models that state no bound, with a baseline; and the run that wrote it."""
    with fresh_project("known") as project:
        racing(project)(*(model(name, sleeps=0.02) for name in ("base", "same", "slow")))
        project.evals("accuracy")
        return project, *updated(project)


@pytest.fixture
def raced(fresh_project, known):
    """Configures a copy of the project with the baseline."""
    with fresh_project("raced", like=known[0]) as project:
        yield configuring(project)


def gate(result):
    """The block of the speed gate."""
    start = next(number for number, line in enumerate(result.outlines) if "asrlab gates" in line)
    return result.outlines[start + 1 :]


def timed(project):
    """The transcriptions of whole clips, in their order."""
    return [tuple(line.split(maxsplit=1)) for line in project.heard()]


def test_a_slower_model_fails(field):
    """A model that takes three times as long fails a bound of 1.2, in words that name the ratio and the reference."""
    field.assert_outcomes(passed=3, failed=2, skipped=1)
    field.stdout.fnmatch_lines(
        [
            "FAIL * slow*",
            "*wall clock: slow takes [23].* times as long as base *more than the 1.20 allowed*",
            "*timed on 2 of 2 clips, in * rounds, in turn",
        ]
    )


def test_the_same_model_passes(field):
    """A model beside itself never fails, and passes a bound that is far off."""
    assert any(line.startswith("PASS       same") for line in gate(field))


def test_processor_time_is_judged_too(race):
    """Where both models compute in this process, a slow-down shows on both clocks, and the baseline keeps both."""
    project = race(model("base", spins=0.02), model("slow", spins=0.03, ratio=1.2))
    project.evals("accuracy")

    result, times = updated(project)

    result.assert_outcomes(passed=4, failed=1, skipped=1)
    for row in [*times["slow"]["clips"]["one"], *times["slow"]["clips"]["two"]]:
        assert len(row) == 4
        assert all(number == float(f"{number:.4g}") > 0 for number in row)
    result.stdout.fnmatch_lines(["*wall clock: *", "*processor time: slow takes 1.[45]* times as long*"])


def test_processor_time_of_a_model_that_works_elsewhere(field):
    """The processor time of a model that waits for something else is not judged: it would be noise."""
    field.stdout.no_fnmatch_line("*processor time:*")


@pytest.mark.parametrize(("options", "outcome"), [([], "passed"), (["--asr-undecided", "fail"], "failed")])
def test_undecided(race, options, outcome):
    """Too few rounds cannot tell: tried once more, then a warning or, where that is asked for, a failure."""
    gates = "[tool.asrlab.gates]\nspeed_rounds = 1\n"
    project = race(model("base", sleeps=0.01), model("slow", sleeps=0.03, ratio=1.2), gates=gates)

    result = project.run(*options)

    result.assert_outcomes(**{outcome: 1}, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "UNDECIDED * slow*",
            "*wall clock: Too few clips and rounds to tell: *",
            "*timed on 2 of 2 clips, in 2 rounds, in turn",
            "*the first 1 round were undecided, so the same number was added",
        ]
    )


def test_the_retry_decides(race):
    """Rounds that are too few by themselves decide together with those of the retry."""
    gates = "[tool.asrlab.gates]\nspeed = 0.5\nspeed_rounds = 4\n"
    project = race(model("base", sleeps=0.02), model("slow", sleeps=0.06, ratio=1.2), gates=gates)

    result = project.run()

    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["FAIL * slow*", "*timed on 2 of 2 clips, in 8 rounds, in turn"])


def test_in_turn(race):
    """After one untimed transcription each, the models take turns on every clip, in orders of the seed."""
    project = race(model("base", sleeps=0.01), model("other", sleeps=0.01, ratio=5.0))

    project.run()
    first = timed(project)
    project.run("--asr-seed", "1")
    second = timed(project)[len(first) :]

    assert first[:2] == [("base", "hello there"), ("other", "hello there")]
    turns = list(zip(first[2::2], first[3::2], strict=True))
    assert len(turns) == 10
    assert all({one, other} == {"base", "other"} and heard == same for (one, heard), (other, same) in turns)
    assert {one for (one, _), _ in turns} == {"base", "other"}
    assert first != second
    assert sorted(first) == sorted(second)


def test_cases_are_not_touched(race):
    """What the gate measures is in no record: one observation for each case, with its own time."""
    project = race(model("base"), model("other", ratio=50.0))
    project.evals("accuracy")

    project.run("--asr-record", "run.jsonl").assert_outcomes(passed=5, skipped=1)

    environment, rows = project.record()
    assert [(row["model"], row["clip"]) for row in rows] == [
        (name, clip) for name in ("base", "other") for clip in ("one", "two")
    ]
    assert all(len(row["latencies_s"]) == 1 for row in rows)
    assert environment["plan"] == {"base": ["one", "two"], "other": ["one", "two"]}


NOT_TIMED = [
    "base: this is the reference model",
    "gone: weights missing: the parrot has flown (hint: asrlab pull gone)",
    "mute: no clip suits both it and the reference model base",
]


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        (["-k", "not bound and not other"], NOT_TIMED),
        (["--asr-model", "bound"], ["bound: the reference model base is not in this run (hint: *--asr-model)"]),
        (["--asr-reference", "gone", "-k", "bound"], ["bound: the reference model gone: weights missing: *"]),
    ],
    ids=["itself, flown, no clip", "not chosen", "not ready"],
)
def test_skipped(race, options, reasons):
    """A model that is not to be timed, or cannot be, is skipped with the reason."""
    gone = model("gone").replace('"here"', '"nowhere"')
    mute = model("mute", ratio=2).replace("max_rtf", 'languages = ["de"]\nmax_rtf')
    project = race(model("base"), model("other"), model("bound", ratio=2), gone, mute)

    result = project.run("-rs", *options)

    assert result.parseoutcomes().keys() <= {"skipped", "deselected", "warnings", "warning"}
    assert result.parseoutcomes()["skipped"] == len(reasons)
    assert project.heard() == []
    for reason in reasons:
        result.stdout.fnmatch_lines([f"SKIPPED * {reason}"])


def test_a_record_is_not_timed(race):
    """Where a record is scored, no model is timed, and no recorded time judged."""
    project = race(model("base"), model("slow", ratio=0.001))
    project.evals("accuracy")
    project.run("--asr-record", "run.jsonl", "test_accuracy.py").assert_outcomes(passed=4)

    result = project.run("-rs", "--asr-rescore", "run.jsonl")

    result.assert_outcomes(passed=4, skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED * slow: scoring a record*"])


def test_a_clip_that_breaks_a_model(field):
    """A clip that cannot be timed is left out and named, and the gate is undecided: it may be the slow one."""
    field.stdout.fnmatch_lines(
        [
            "UNDECIDED * other*",
            "*coverage: 1 of 2 clips could be timed.",
            "*timed on 1 of 2 clips*",
            "*not timed on two: model other failed on clip two: RuntimeError: the*",
        ]
    )
    field.stdout.fnmatch_lines(["UNDECIDED * wary*", "*not timed on two: the parrot bit me (hint: wear gloves)"])


def test_most_clips_break_a_model(race):
    """A bound that fewer than half of the clips could be timed for is not kept."""
    project = race(model("base"), model("other", ratio=50.0, fails_on="good morning"))
    project.clip("three", "good morning")

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAIL * other*", "*coverage: 1 of 3 clips could be timed."])


def test_every_clip_breaks_a_model(race):
    """Where nothing could be timed the test fails, with the cause."""
    project = race(model("base"), model("other", ratio=50.0, fails_on="good morning"))

    result = project.run("--asr-clip", "two")

    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["no clip could be timed by other and base", "model other failed on clip two:*"])


def test_a_model_that_does_not_load(field):
    """A model that does not load fails its test in words."""
    field.stdout.fnmatch_lines(["the parrot is dead"])


def test_both_do_not_fit(race):
    """Models that memory does not hold together are timed one after the other, which is said, and fails nothing.

    What is far within its bound passes, also where one was timed after the other.
    """
    project = race(
        model("base", sleeps=0.02),
        model("large", sleeps=0.1, ratio=1.2, crowded=True),
        model("quick", sleeps=0.004, ratio=1.2, crowded=True),
    )

    result = project.run()

    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "UNDECIDED * large*",
            "*wall clock: The machine may have been busier: large*",
            "*timed on 2 of 2 clips, in 5 rounds, one model after the other: *",
            "*nothing fails when timed this way: *",
        ]
    )
    assert any(line.startswith("PASS       quick") for line in gate(result))
    names = [name for name, _ in timed(project)]
    assert names == [name for under in ("large", "quick") for name in ["base", *[under] * 11, *["base"] * 11]]
    assert all(line.endswith("alive=1") for line in project.events("load"))


def test_a_sample_of_the_clips(race):
    """As many clips are timed as the project asks for, the same in every run of the seed."""
    project = race(model("base"), model("other", ratio=50.0), gates="[tool.asrlab.gates]\nspeed_clips = 2\n")
    for number in range(6):
        project.clip(f"more{number}", f"say {number}")

    project.run().stdout.fnmatch_lines(["*timed on 2 of 8 clips*"])
    first = {text for _, text in timed(project)}
    project.run()

    assert len(first) == 2
    assert {text for _, text in timed(project)} == first


def updated(project, *options):
    """A run that writes the baseline; its lines of times by model."""
    result = project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", *options)
    lines = map(json.loads, (project.path / "base.jsonl").read_text(encoding="utf-8").splitlines())
    return result, {line["model"]: line for line in lines if line["kind"] == "times"}


def test_the_baseline_keeps_times(known):
    """A baseline that is written keeps the rounds of every model, in short, also of those that state no bound."""
    _, result, times = known

    result.assert_outcomes(passed=8, skipped=1)
    result.stdout.no_fnmatch_line("*asrlab gates*")
    assert times.keys() == {"same", "slow"}
    for one in times.values():
        assert (one["reference"], one["interleaved"]) == ("base", True)
        assert {clip: len(rows) for clip, rows in one["clips"].items()} == {"one": 5, "two": 5}
        for row in [*one["clips"]["one"], *one["clips"]["two"]]:
            # Without the processor's, which says nothing of models that sleep.
            assert len(row) == 2
            assert all(number == float(f"{number:.4g}") > 0 for number in row)


def test_times_alone_are_renewed(raced, known):
    """A run of the speed gate alone renews the times of a baseline, and leaves its texts."""
    project = raced(*map(model, ("base", "same", "slow")))

    result, times = updated(project, "test_speed.py")

    assert result.ret == 0
    assert times.keys() == known[2].keys()
    assert all(times[name] != known[2][name] for name in times)
    assert (project.path / "base.jsonl").read_text(encoding="utf-8").count('"kind": "text"') == 6


def test_slower_than_in_the_baseline(raced):
    """A model fails where its ratio to the reference model rose, and not where both became slower alike."""
    # Five times as long where twice is allowed: sleeps are not exact on a busy machine.
    gates = "[tool.asrlab.gates]\nspeed = 1.0\n"
    slower = [model("base", sleeps=0.02), model("same", sleeps=0.02), model("slow", sleeps=0.1)]
    project = raced(*slower, gates=gates)

    result = project.run("--asr-baseline", "base.jsonl", "test_speed.py")

    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "PASS * same*",
            "FAIL * slow*",
            "*wall clock since the baseline: slow takes [3-6].* times as long*",
        ]
    )


def test_a_baseline_beside_another_reference(raced):
    """Times beside another reference model are not compared with, and that is said."""
    project = raced(model("base"), model("same"), model("slow", ratio=50.0))

    result = project.run("-rs", "--asr-baseline", "base.jsonl", "--asr-reference", "same", "test_speed.py")

    result.stdout.fnmatch_lines(
        [
            "PASS * slow*",
            "*the baseline's times are next to base, so they are not compared",
        ]
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"reference": "base", "interleaved"', '"interleaved"', "key 'reference': missing key"),
        ('"one": [[', '"one": [["soon", ', "key 'clips.one.0.0': input should be a valid number"),
        ('"one": [[', '"one": 5, "three": [[', "key 'clips.one': input should be a valid list"),
    ],
)
def test_damaged_times(raced, old, new, words):
    """Times of a baseline that are none end the run with status 4, and the line that is damaged."""
    project = raced(*map(model, ("base", "same", "slow")))
    baseline = project.path / "base.jsonl"
    text = baseline.read_text(encoding="utf-8")
    assert old in text
    baseline.write_text(text.replace(old, new), encoding="utf-8")

    result = project.run("--asr-baseline", "base.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: the baseline *base.jsonl is damaged: line 8: {words}"])


def test_xdist(race):
    """Each worker measures by itself, and what it told and measured arrives."""
    project = race(model("base", sleeps=0.02), model("slow", sleeps=0.06, ratio=1.2), model("same", sleeps=0.02))
    project.evals("accuracy")

    result = project.run("-n", "2", "--asr-baseline", "base.jsonl", "--asr-update-baseline")

    result.assert_outcomes(passed=7, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["FAIL * slow*"])
    lines = map(json.loads, (project.path / "base.jsonl").read_text(encoding="utf-8").splitlines())
    assert {line["model"] for line in lines if line["kind"] == "times"} == {"slow", "same"}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ("[tool.asrlab.gates]\nspeed = 0\n", "speed must be a number above 0, not 0"),
        ("[tool.asrlab.gates]\nspeed_rounds = 0\n", "speed_rounds must be 1 or more, not 0"),
        ("[tool.asrlab.gates]\nspeed_clips = 1.5\n", "speed_clips"),
        (model("wrong", ratio=0), "max_rtf_ratio must be a number above 0, not 0"),
    ],
)
def test_out_of_range(race, tables, words):
    """A number out of range ends the run with status 4 and a sentence."""
    result = race(model("base"), gates=tables).run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in result.stderr.str()
