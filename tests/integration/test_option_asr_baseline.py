"""--asr-baseline: a run beside an older one, each model an ordinary test."""

import errno
import json
import os
from pathlib import Path

import parrot_engine
import pytest

from asrlab_pytest.models.engine import Transcript
from asrlab_pytest.records.baseline import read_baseline
from asrlab_pytest.records.reading import RecordError

NAMES = ["amber", "birch", "cedar", "daisy", "ember", "fern", "grape", "hazel", "ivory", "jade", "koala", "lemon"]
WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]


def said(number, wrong=0):
    """Ten words, of which the first `wrong` are misheard."""
    words = [*[*WORDS[number % 9 :], *WORDS[: number % 9]][:9], NAMES[number]]
    return " ".join(["mumble"] * wrong + words[wrong:])


@pytest.fixture(scope="module")
def written(fresh_project):
    """A project of twelve clips with a baseline in which two words of each are wrong, and other files of the run."""
    with fresh_project("written") as project:
        for number in range(12):
            project.clip(f"c{number}", said(number), says=said(number, 2))
        project.evals("accuracy", "corpus", "regression")
        update = ("--asr-baseline", "base.jsonl", "--asr-update-baseline")
        project.run(*update, "--asr-record", "then.jsonl", "--benchmark-json", "results.json")
    return project


@pytest.fixture
def compared(fresh_project, written):
    """That project, as its baseline's run left it."""
    with fresh_project("compared", like=written) as project:
        yield project


def texts_of(project, wrong, name="polly"):
    """Lines of the baseline for a model that made these mistakes in the same audio, as a changed model does."""
    lines = [json.loads(line) for line in (project.path / "base.jsonl").read_text().splitlines()]
    texts = [line for line in lines if line["kind"] == "text" and line["model"] == "polly"]
    return [
        json.dumps({**line, "model": name, "hypothesis": said(number, wrong(number))})
        for line in texts
        for number in [int(line["clip"][1:])]
    ]


def change(project, **mistakes):
    """Write a baseline of models that made so many mistakes in the clip of a number."""
    path = project.path / "base.jsonl"
    head = json.dumps({**json.loads(path.read_text().splitlines()[0]), "clips": dict.fromkeys(mistakes, 12)})
    lines = [line for name, wrong in mistakes.items() for line in texts_of(project, wrong, name)]
    path.write_text("\n".join([head, *lines]) + "\n")
    return project


def gate(project, *options):
    return project.run("test_regression.py", "-rs", "--asr-baseline", "base.jsonl", *options)


@pytest.fixture(scope="module")
def passing(fresh_project, written):
    """The gate alone, of models that are as before, better, worse on two clips, and new."""
    with fresh_project("passing", like=written) as project:
        change(project, polly=lambda _: 2, wren=lambda _: 4, finch=lambda number: 0 if number < 2 else 2)
        project.configure(models=("polly", "wren", "finch", "lora"))
        return project, gate(project)


@pytest.fixture(scope="module")
def failing(fresh_project, written):
    """The gate alone, where what is undecided fails: models that are worse, worse on two clips, and worse than another.

    The last one is compared with polly.
    """
    with fresh_project("failing", like=written) as project:
        change(
            project,
            polly=lambda _: 2,
            wren=lambda number: 0 if number % 3 else 1,
            finch=lambda number: 0 if number < 2 else 2,
        )
        appends = "[tool.asrlab.models.lora.options]\nappends = ' mumble mumble'\n"
        project.configure(models=("wren", "finch", "lora"), tables=appends)
        return gate(project, "-v", "--asr-undecided", "fail", "--asr-baseline-model", "lora=polly")


def test_nothing_changed(passing):
    """A run that writes what the baseline has passes, and says that it is the same."""
    _, result = passing

    assert result.ret == 0
    result.assert_outcomes(passed=3, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*= asrlab gates =*",
            "PASS * polly * WER 20.0%   same text in all 12 clips",
        ]
    )


def test_worse(failing):
    """A model that became worse on every clip fails, with the figure, the clips and their words."""
    assert failing.ret == pytest.ExitCode.TESTS_FAILED
    failing.assert_outcomes(failed=3)
    failing.stdout.fnmatch_lines(
        [
            "FAIL * wren * WER 3.3% -> 20.0%   12 clips worse, 0 better",
            "*More than the +0.5 points allowed (at least *, 95% confidence).",
            "worse      c1 * 0 -> 2 errors in 10 words*",
            "*reference  beta   gamma  delta *",
            "*now        MUMBLE MUMBLE delta *",
        ]
    )


def test_better(passing):
    """A model that became better passes, and the clips that gained are shown."""
    passing[1].stdout.fnmatch_lines(["PASS * wren * WER 40.0% -> 20.0%   0 clips worse, 12 better", "better     c*"])


def test_too_few_to_tell(passing, failing):
    """Where a few clips changed the gate says that it cannot tell, passes, and fails if that is asked for."""
    passing[1].stdout.fnmatch_lines(["UNDECIDED * finch*", "*12 clips are too few to be sure: *"])

    failing.stdout.fnmatch_lines(["test_regression.py::test_regression[[]finch] FAILED *"])
    failing.stdout.fnmatch_lines(["UNDECIDED * finch*", "*12 clips are too few to be sure: *"])


def test_one_clip_that_broke(compared):
    """A clip whose text fell apart fails the gate, however small the change of the whole is."""
    compared.configure(tables='[tool.asrlab.models.polly.options]\nsays = ""\n')

    result = gate(compared, "--asr-clip", "c3")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*new defect: c3: no text, but the baseline has text", "*since the baseline*: says *"])


@pytest.mark.parametrize("file", ["then.jsonl", "results.json"])
def test_other_files(compared, file):
    """A record and a pytest-benchmark JSON serve as baselines, and what other tests transcribed serves the gate."""
    result = compared.run("--asr-baseline", file)

    assert result.ret == 0
    result.assert_outcomes(passed=14)
    result.stdout.fnmatch_lines(["PASS * polly*"])
    assert len(compared.heard()) == 12
    assert len(compared.events("load")) == 1


def test_another_model(failing):
    """A model can be compared with another one of the baseline."""
    failing.stdout.fnmatch_lines(["FAIL * lora*"])


def test_a_model_that_is_new(passing):
    """A model that the baseline does not have is skipped, with the reason."""
    passing[1].stdout.fnmatch_lines(
        ["SKIPPED * lora: *base.jsonl has no results for lora (hint: --asr-update-baseline)"]
    )


def test_new_removed_and_changed_clips(compared):
    """Clips that only one side has, or whose audio changed or is now another part of its file, are not compared."""
    manifest = compared.path / "clips" / "manifest.jsonl"
    lines = manifest.read_text().splitlines()[2:]
    lines = [json.dumps({**json.loads(line), "end": 1.5}) if '"c6"' in line else line for line in lines]
    manifest.write_text("\n".join(lines) + "\n")
    compared.clip("fresh", said(1))
    compared.clip("unused", said(5, 1))
    (compared.path / "clips" / "unused.wav").rename(compared.path / "clips" / "c5.wav")
    manifest.write_text("\n".join(manifest.read_text().splitlines()[:-1]) + "\n")

    result = gate(compared)

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "UNDECIDED * polly * WER 20.0%   same text in all 8 clips",
            "*1 clip not in the baseline: fresh",
            "*2 clips only in the baseline: c0, c1",
            "*2 clips with different audio than in the baseline: c5, c6",
        ]
    )


def test_todays_rules(compared):
    """Both sides are scored by the rules and references of today: an older baseline never forbids a comparison."""
    manifest = compared.path / "clips" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace("alpha", "omega"))

    result = gate(compared, "--asr-normalization", "raw")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["PASS * polly * same text in all 12 clips"])


def test_alone(passing):
    """The gate transcribes what no other test of the run did, and nothing twice."""
    project, _ = passing

    heard = [line.partition(" ") for line in project.heard()]
    assert [sum(one[0] == name for one in heard) for name in ("polly", "wren", "finch")] == [12, 12, 12]
    assert len(set(heard)) == len(heard)


def test_on_a_record(compared):
    """A record can be compared with a baseline without a model."""
    result = gate(compared, "--asr-rescore", "then.jsonl")

    result.assert_outcomes(passed=1)
    assert compared.events() == []


def test_many_models_are_one_family(compared):
    """The more models are compared, the stronger must be what is held against one of them."""
    names = [f"model{number}" for number in range(5)]
    change(compared, **dict.fromkeys(names, lambda number: 0 if number < 6 else 2))

    compared.configure(models=names[:1])
    assert gate(compared).ret == pytest.ExitCode.TESTS_FAILED

    compared.configure(models=names)
    result = gate(compared)
    result.stdout.fnmatch_lines(["UNDECIDED * model0*", "*Significant on its own, but *"])
    assert result.ret == 0


def test_no_baseline(project):
    """Without a baseline the gate is skipped, and says how to write one."""
    project.clip("one", "hello")
    project.evals("accuracy", "regression")

    result = project.run("-rs")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * no baseline is set (hint: write one with --asr-baseline FILE *"])


def test_the_hint_of_a_missing_baseline(project):
    """The hint for a baseline that does not exist holds for whatever tests the command runs, and writes it."""
    project.clip("one", "hello")
    project.evals("accuracy")
    command = ("test_accuracy.py", "--asr-baseline", "base.jsonl")

    refused = project.run(*command)

    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["  hint: correct the path, or write it: add --asr-update-baseline to this command"])
    assert project.run(*command, "--asr-update-baseline").ret == 0
    assert project.run(*command).ret == 0


OWN = '{"kind": "baseline", "schema": "asrlab-baseline/1.0"}\n'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "the baseline *bad.jsonl cannot be read: No such file or directory"),
        ("", "*bad.jsonl holds no observation"),
        (OWN.replace("1.0", "9.0"), "*bad.jsonl: its schema is *"),
        (
            OWN + '{"kind": "text", "model": "polly", "reference": "", "hypothesis": ""}\n',
            "the baseline *bad.jsonl is damaged: line 2: key 'clip': missing key",
        ),
        (
            OWN + '{"kind": "text", "model": "polly", "clip": "c", "reference": "a"}\n',
            "the baseline *bad.jsonl is damaged: line 2: key 'hypothesis': missing key",
        ),
        (OWN + '{"kind": "tex\n', "the baseline *bad.jsonl is damaged: line 2: not JSON *"),
    ],
)
def test_no_use(tmp_path, content, sentence):
    """A baseline that cannot be used is refused, in words that say how to go on."""
    if content is not None:
        (tmp_path / "bad.jsonl").write_text(content)

    with pytest.raises(RecordError) as caught:
        read_baseline(tmp_path / "bad.jsonl")

    pytest.LineMatcher(str(caught.value).splitlines()).fnmatch_lines([sentence, "  hint: *"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            OWN + '{"kind": "text", "model": "polly", "reference": "", "hypothesis": ""}\n',
            "the baseline *bad.jsonl is damaged: line 2: key 'clip': missing key",
        ),
        (
            OWN + '{"kind": "text", "model": "kea", "clip": "z", "reference": "", "hypothesis": ""}\n',
            "the baseline *bad.jsonl shares no model and clip with this run: it has kea",
        ),
    ],
)
def test_no_use_in_a_run(compared, content, sentence):
    """A baseline that cannot be used ends the run before any test, in words that say how to go on."""
    (compared.path / "bad.jsonl").write_text(content)

    result = compared.run("test_regression.py", "--asr-baseline", "bad.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}", "  hint: *"])


@pytest.fixture
def obeys_permissions(monkeypatch):
    """Files that are opened only as their modes allow, also for root."""
    opened = Path.open

    def checked(path, mode="r", **options):
        needed = 0o600 if "+" in mode else 0o400 if "r" in mode else 0o200
        if path.exists() and path.stat().st_mode & needed != needed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, mode, **options)

    monkeypatch.setattr(Path, "open", checked)


@pytest.mark.usefixtures("obeys_permissions")
@pytest.mark.parametrize(
    ("mode", "options", "sentence"),
    [
        (0o400, ("--asr-update-baseline",), "written"),
        (0o000, ("--asr-update-baseline",), "read"),
        (0o000, (), "read"),
    ],
)
def test_a_baseline_without_permission(compared, mode, options, sentence):
    """A baseline that may not be read, or not be replaced, ends the run before any test and stays."""
    path = (compared.path / "base.jsonl").rename(compared.path / "base")
    before = path.read_bytes()
    path.chmod(mode)

    result = compared.run("--asr-baseline", "base", *options)

    path.chmod(0o600)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: the baseline *base cannot be {sentence}: Permission denied", "  hint: *another file with*"]
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--asr-update-baseline",), "ERROR: *update_baseline needs baseline, the file to write*"),
        (
            ("--asr-baseline", "base.jsonl", "--asr-baseline-model", "lora"),
            "ERROR: *'lora' is not of the form NEW=OLD*",
        ),
    ],
)
def test_wrong_options(compared, options, sentence):
    """Options that make no sense are refused in words."""
    result = compared.run(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([sentence])


@pytest.mark.parametrize(
    "setting",
    [
        '[tool.asrlab]\nbaseline = "base.jsonl"\nupdate_baseline = true\n',
        '[tool.pytest.ini_options]\naddopts = "--asr-baseline base.jsonl --asr-update-baseline"\n[tool.asrlab]\n',
        '[tool.pytest.ini_options]\naddopts = "--asr-baseline base.jsonl @more.txt"\n[tool.asrlab]\n',
    ],
    ids=["key", "addopts", "file in addopts"],
)
def test_a_configuration_that_would_write_the_baseline(compared, setting):
    """Only the command line has a baseline written: with a key or in addopts, no run would compare."""
    path = compared.path / "pyproject.toml"
    before = path.read_text()
    path.write_text(before.replace("[tool.asrlab]\n", setting))
    (compared.path / "more.txt").write_text("--asr-update-baseline\n")

    result = compared.run()

    path.write_text(before)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: *with *update*baseline, no run would compare*", "*--asr-update-baseline on the command line"]
    )


@pytest.mark.parametrize("options", ["--asr-update-baseline", "-q @more.txt"])
def test_an_environment_that_would_write_the_baseline(compared, monkeypatch, options):
    """PYTEST_ADDOPTS holds for each run, so a baseline is not written by it either."""
    (compared.path / "more.txt").write_text("--asr-update-baseline\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", options)

    result = compared.run("--asr-baseline", "base.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: PYTEST_ADDOPTS: with --asr-update-baseline, no run would compare*"])


def test_what_is_written(compared):
    """A baseline is sorted lines of text, without times, so that a diff of it shows what was heard otherwise."""
    before = (compared.path / "base.jsonl").read_text()

    result = compared.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")

    lines = [json.loads(line) for line in before.splitlines()]
    assert [line["kind"] for line in lines] == ["baseline"] + ["text"] * 12
    assert [line["clip"] for line in lines[1:]] == sorted(line["clip"] for line in lines[1:])
    assert before.splitlines()[1:] == (compared.path / "base.jsonl").read_text().splitlines()[1:]
    result.assert_outcomes(passed=14)
    result.stdout.fnmatch_lines(["asrlab: baseline *base.jsonl written: 12 texts of 1 model"])


def test_the_gate_alone_writes(compared):
    """A run of the gate alone transcribes what the baseline is to hold."""
    before = (compared.path / "base.jsonl").read_text()

    result = gate(compared, "--asr-update-baseline")

    result.assert_outcomes(passed=1)
    assert before.splitlines()[1:] == (compared.path / "base.jsonl").read_text().splitlines()[1:]


def test_nothing_to_write(compared):
    """A run that transcribed nothing leaves the baseline as it was, and fails."""
    before = (compared.path / "base.jsonl").read_text()
    compared.configure(models=(), tables='[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "rotten"\n')

    result = gate(compared, "--asr-model", "kea", "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the baseline *base.jsonl was not written: the run transcribed nothing"])
    assert (compared.path / "base.jsonl").read_text() == before


@pytest.mark.parametrize(("options", "errors_before"), [((), 1), (("--asr-update-baseline",), 2)])
def test_scores_of_both_sides(compared, options, errors_before):
    """A test reads the scores of the baseline's texts and of now; where the baseline is written, both are of now."""
    change(compared, polly=lambda _: 1)
    compared.clip("fresh", said(1))
    compared.write(
        test_regression="def test_it(asr_regression):\n"
        "    scores, before = asr_regression.scores, asr_regression.scores_before\n"
        f"    assert before['c0'].words.errors == {errors_before}\n"
        "    assert scores['c0'].words.errors == 2\n"
        "    assert [word.edit for word in before['c0'].alignment][2:] == ['hit'] * 8\n"
        f"    assert {{*before}} == {{*scores}} and ('fresh' in scores) == {bool(options)}\n"
    )

    gate(compared, *options).assert_outcomes(passed=1)


def test_a_part_is_written(compared):
    """A run of some clips leaves what the baseline has of the others, and drops what is nowhere any more."""
    manifest = compared.path / "clips" / "manifest.jsonl"
    manifest.write_text("\n".join(manifest.read_text().splitlines()[1:]) + "\n")

    compared.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", "--asr-clip", "c5")

    baseline = read_baseline(compared.path / "base.jsonl")
    assert set(baseline.texts["polly"]) == {f"c{number}" for number in range(1, 12)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("\n", "\n<<<<<<< HEAD\n", 1), "*is damaged: line 2: not JSON*"),
        (
            lambda text: "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n",
            "*is a pointer of Git LFS*",
        ),
    ],
)
def test_a_baseline_that_git_changed(project, change, sentence):
    """A baseline with conflict markers, or a pointer in its place, ends the run before any test, with what helps."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    baseline = project.path / "base.jsonl"
    baseline.write_text("\ufeff" + baseline.read_text(), encoding="utf-8")
    assert project.run("--asr-baseline", "base.jsonl").ret == pytest.ExitCode.OK
    changed = change(baseline.read_text(encoding="utf-8"))
    baseline.write_text(changed, encoding="utf-8")

    compared = project.run("--asr-baseline", "base.jsonl")
    updated = project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")

    assert (compared.ret, updated.ret) == (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.USAGE_ERROR)
    compared.stderr.fnmatch_lines([sentence])
    assert baseline.read_text(encoding="utf-8") == changed


def test_a_baseline_of_another_corpus(project):
    """A baseline of other clips is not written over; clips that left the corpus are counted as they are removed."""
    for name in ("one", "two"):
        project.clip(name, f"number {name}")
    project.evals("accuracy")
    update = ("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    project.run(*update)
    before = (project.path / "base.jsonl").read_text()
    manifest = project.path / "clips" / "manifest.jsonl"
    lines = manifest.read_text().splitlines()

    manifest.write_text(lines[0].replace('"id": "one"', '"id": "other"') + "\n")
    refused = project.run(*update)
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["*base.jsonl is of other samples: *loses all 2 texts", "*or remove this one first*"])
    assert (project.path / "base.jsonl").read_text() == before

    manifest.write_text(lines[0] + "\n")
    written = project.run(*update)
    written.stdout.fnmatch_lines(
        ["*written: 1 text of 1 model, 1 of clips that the corpus no longer has for its model removed"]
    )


def test_a_failed_run_does_not_lose_the_older_baseline(compared):
    """A baseline that cannot be written fails the run, and the older one stays."""
    before = (compared.path / "base.jsonl").read_text()
    (compared.path / "taken").write_text("")

    result = compared.run("--asr-baseline", "taken/base.jsonl", "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the baseline *taken/base.jsonl was not written: Not a directory"])
    assert (compared.path / "base.jsonl").read_text() == before


def test_a_model_that_does_not_repeat_itself(compared, monkeypatch):
    """A rise within what a model differs from itself by is neither a pass nor a failure."""
    project = change(compared, polly=lambda _: 1)
    counts = {}

    def transcribe(self, samples, language):
        text = parrot_engine.found(samples)
        counts[text] = counts.get(text, 0) + 1
        words = text.split()
        return Transcript(text=" ".join(words[:-2] if counts[text] == 2 else words), segments=(), language=language)

    monkeypatch.setattr(parrot_engine.ParrotRecognizer, "transcribe", transcribe)

    result = gate(project, "--asr-repeat", "2", "--asr-warmup", "0")

    assert result.ret == 0
    words = "*More than the +1.0 points allowed, but WER also varies by 20.0 points"
    result.stdout.fnmatch_lines(["UNDECIDED * WER * -> *", words])
