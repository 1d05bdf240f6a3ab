"""--asr-baseline: a run beside an older one, each model an ordinary test."""

import json

import pytest

from asrlab_pytest.store.baseline import read_baseline

NAMES = ["amber", "birch", "cedar", "daisy", "ember", "fern", "grape", "hazel", "ivory", "jade", "koala", "lemon"]
WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]


def said(number, wrong=0):
    """Ten words, of which the first `wrong` are misheard."""
    words = [*[*WORDS[number % 9 :], *WORDS[: number % 9]][:9], NAMES[number]]
    return " ".join(["mumble"] * wrong + words[wrong:])


@pytest.fixture
def compared(project):
    """A project of twelve clips with a baseline in which two words of each are wrong."""
    for number in range(12):
        project.clip(f"c{number}", said(number), says=said(number, 2))
    project.evals("accuracy", "corpus", "regression")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", "--asr-record", "then.jsonl")
    return project


@pytest.fixture
def changed(compared):
    """Lets the model write other texts for the same audio, as a changed model does."""

    def change(wrong):
        path = compared.path / "base.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            if line["kind"] == "text":
                number = int(line["clip"][1:])
                line["hypothesis"] = said(number, wrong(number))
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return compared

    return change


def gate(project, *options):
    return project.run("test_regression.py", "-rs", "--asr-baseline", "base.jsonl", *options)


def test_nothing_changed(compared):
    """A run that writes what the baseline has passes, and says that it is the same."""
    result = gate(compared)

    assert result.ret == 0
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*= asrlab gates =*",
            "PASS accuracy of polly against polly",
            "  WER: WER is the same on all 12 clips: 20.0%.",
        ]
    )


def test_worse(changed):
    """A model that became worse on every clip fails, with the figure, the clips and their words."""
    result = gate(changed(lambda number: 0 if number % 3 else 1))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "FAIL accuracy of polly against polly",
            "  WER: WER rose by 16.7 points, from 3.3% to 20.0% (95% sure: at least *), more than the 0.5 allowed: *",
            "  worse: c1: 2 word errors of 10, 0 before",
            "    before:     beta gamma delta *",
            "    reference:  beta   gamma  delta *",
            "    hypothesis: mumble mumble delta *",
        ]
    )


def test_better(changed):
    """A model that became better passes, and the clips that gained are shown."""
    result = gate(changed(lambda _: 4))

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["PASS accuracy *", "  WER: WER fell by 20.0 points, *", "  better: c*: 2 word errors *"]
    )


def test_too_few_to_tell(changed):
    """Where a few clips changed the gate says that it cannot tell, passes, and fails if that is asked for."""
    project = changed(lambda number: 0 if number < 2 else 2)

    result = gate(project)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["UNDECIDED accuracy *", "  WER: Too few clips to tell: *"])

    result = gate(project, "--asr-undecided", "fail")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_one_clip_that_broke(changed):
    """A clip whose text fell apart fails the gate, however small the change of the whole is."""
    project = changed(lambda _: 2)
    project.configure(tables='[tool.asrlab.models.polly.options]\nsays = ""\n')

    result = gate(project, "--asr-clip", "c3")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["  new defect: c3: nothing was written, where the baseline had text"])


@pytest.mark.parametrize("file", ["then.jsonl", "results.json"])
def test_other_files(compared, file):
    """A record and a pytest-benchmark JSON serve as baselines."""
    compared.run("--benchmark-json", "results.json")

    result = compared.run("--asr-baseline", file)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["PASS accuracy of polly against polly"])


def test_another_model(compared):
    """A model can be compared with another one of the baseline."""
    compared.configure(models=("lora",), tables="[tool.asrlab.models.lora.options]\nappends = ' mumble mumble'\n")

    result = gate(compared, "--asr-baseline-model", "lora=polly")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAIL accuracy of lora against polly"])


def test_a_model_that_is_new(compared):
    """A model that the baseline does not have is skipped, with the reason."""
    compared.configure(models=("polly", "lora"))

    result = gate(compared)

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * lora: *base.jsonl has nothing of lora (mend: --asr-update-baseline)"])


def test_new_removed_and_changed_clips(compared):
    """Clips that only one side has, or whose audio changed, are named and not compared."""
    manifest = compared.path / "clips" / "manifest.jsonl"
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join(lines[2:]) + "\n")
    compared.clip("fresh", said(1))
    compared.clip("unused", said(5, 1))
    (compared.path / "clips" / "unused.wav").rename(compared.path / "clips" / "c5.wav")
    manifest.write_text("\n".join(manifest.read_text().splitlines()[:-1]) + "\n")

    result = gate(compared)

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "  WER: WER is the same on all 9 clips: 20.0%.",
            "  1 clip not in the baseline: fresh",
            "  2 clips only in the baseline: c0, c1",
            "  1 clip of other audio than in the baseline: c5",
        ]
    )


def test_another_part_of_the_file(project):
    """A clip that is now another part of its file is not compared with the text of the part that it was."""
    project.clip("one", said(1))
    project.clip("two", said(2))
    project.evals("regression")
    gate(project, "--asr-update-baseline")
    path = project.path / "clips" / "manifest.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text(json.dumps({**lines[0], "end": 1.5}) + "\n" + json.dumps(lines[1]) + "\n")

    result = gate(project)

    result.stdout.fnmatch_lines(["  1 clip of other audio than in the baseline: one"])


def test_todays_rules(compared):
    """Both sides are scored by the rules and references of today: an older baseline never forbids a comparison."""
    manifest = compared.path / "clips" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace("alpha", "omega"))

    result = gate(compared, "--asr-normalization", "raw")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["  WER: WER is the same on all 12 clips: *"])


def test_alone_and_together(compared):
    """The gate transcribes what no other test of the run did, and nothing twice."""
    compared._log.unlink()
    gate(compared)
    assert len(compared.heard()) == 12

    compared._log.unlink()
    result = compared.run("--asr-baseline", "base.jsonl")
    result.assert_outcomes(passed=14)
    assert len(compared.heard()) == 12
    assert len(compared.events("load")) == 1


def test_under_xdist(compared):
    """Under xdist the gate comes to the same verdict, and takes from the run's own store what others transcribed."""
    compared.configure(models=("polly",))
    compared._log.unlink()

    result = compared.run_apart("-n", "2", "--asr-baseline", "base.jsonl")

    result.assert_outcomes(passed=14)
    result.stdout.fnmatch_lines(["PASS accuracy of polly against polly"])
    # The corpus test may be under way while another worker still transcribes; the gate comes after both.
    assert len(compared.heard()) < 2 * 12


def test_on_a_record(compared):
    """A record can be compared with a baseline without a model."""
    compared._log.unlink()

    result = gate(compared, "--asr-rescore", "then.jsonl")

    result.assert_outcomes(passed=1)
    assert compared.events() == []


def test_many_models_are_one_family(changed):
    """The more models are compared, the stronger must be what is held against one of them."""
    project = changed(lambda number: 0 if number < 6 else 2)
    assert gate(project).ret == pytest.ExitCode.TESTS_FAILED

    names = tuple(f"model{number}" for number in range(40))
    lines = (project.path / "base.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines[1:]]
    copies = [json.dumps({**row, "model": name}) for name in names for row in rows]
    (project.path / "base.jsonl").write_text("\n".join([lines[0], *copies]) + "\n")
    project.configure(models=names)

    result = gate(project)

    result.stdout.fnmatch_lines(["UNDECIDED accuracy of model0 *", "  WER: Too close to tell: *"])
    assert result.ret == 0


def test_no_baseline(project):
    """Without a baseline the gate is skipped, and says how to write one."""
    project.clip("one", "hello")
    project.evals("accuracy", "regression")

    result = project.run("-rs")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * no baseline is named (mend: write one by --asr-baseline FILE *"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "ERROR: the baseline *bad.jsonl cannot be read: No such file or directory"),
        ("", "ERROR: *bad.jsonl holds no observation"),
        ('{"kind": "baseline", "schema": "asrlab-baseline/9.0"}\n', "ERROR: *bad.jsonl: its schema is *"),
        (
            '{"kind": "baseline", "schema": "asrlab-baseline/1.0"}\n{"kind": "text", "model": "polly"}\n',
            "ERROR: the baseline *bad.jsonl is damaged: line 2: no key 'clip'",
        ),
        (
            '{"kind": "baseline", "schema": "asrlab-baseline/1.0"}\n{"kind": "tex\n',
            "ERROR: the baseline *bad.jsonl is damaged: line 2: not JSON *",
        ),
        (
            '{"kind": "baseline", "schema": "asrlab-baseline/1.0"}\n{"kind": "text", "model": "kea", "clip": "z"}\n',
            "ERROR: the baseline *bad.jsonl shares no model and clip with this run: it has kea",
        ),
    ],
)
def test_no_use(compared, content, sentence):
    """A baseline that cannot be used ends the run before any test, in words that say how to go on."""
    if content is not None:
        (compared.path / "bad.jsonl").write_text(content)

    result = compared.run("test_regression.py", "--asr-baseline", "bad.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([sentence, "  mend: *"])


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


def test_a_part_is_written(compared):
    """A run of some clips leaves what the baseline has of the others, and drops what is nowhere any more."""
    manifest = compared.path / "clips" / "manifest.jsonl"
    manifest.write_text("\n".join(manifest.read_text().splitlines()[1:]) + "\n")

    compared.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", "--asr-clip", "c5")

    baseline = read_baseline(compared.path / "base.jsonl")
    assert set(baseline.texts["polly"]) == {f"c{number}" for number in range(1, 12)}


def test_a_failed_run_does_not_lose_the_older_baseline(compared):
    """A baseline that cannot be written fails the run, and the older one stays."""
    before = (compared.path / "base.jsonl").read_text()
    (compared.path / "taken").write_text("")

    result = compared.run("--asr-baseline", "taken/base.jsonl", "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the baseline *taken/base.jsonl was not written: *"])
    assert (compared.path / "base.jsonl").read_text() == before


def test_a_model_that_does_not_repeat_itself(changed, monkeypatch):
    """A margin is never smaller than what a model differs from itself by."""
    project = changed(lambda _: 1)
    import parrot_engine

    from asrlab_pytest.models.engine import Transcript

    counts = {}

    def transcribe(self, samples, language):
        text = parrot_engine.found(samples)
        counts[text] = counts.get(text, 0) + 1
        words = text.split()
        return Transcript(text=" ".join(words[:-2] if counts[text] == 2 else words), segments=(), language=language)

    monkeypatch.setattr(parrot_engine.ParrotRecognizer, "transcribe", transcribe)

    result = gate(project, "--asr-repeat", "2", "--asr-warmup", "0")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["  WER: WER rose by 10.0 points, *, within the 20.0 allowed*"])
