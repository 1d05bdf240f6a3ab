"""Every model of a run and of its baseline is compared, or it is said which one is not."""

import json
import re

import pytest

LENIENT = "[tool.asrlab.thresholds]\nwer = 2.0\n"
BASE = ("--asr-baseline", "base.jsonl")
MODELS = ("polly", "lora")


@pytest.fixture(scope="module")
def with_baseline(fresh_project):
    """Two models over six clips, an accuracy test without a gate, and the baseline of both."""
    with fresh_project("compared") as project:
        for number in range(6):
            project.clip(f"c{number}", f"the number {number}")
        project.prompt("p", "we saw the sea")
        project.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer')")
        project.configure(models=MODELS, tables=LENIENT)
        project.run(*BASE, "--asr-update-baseline", "--asr-record", "run.jsonl")
        return project


@pytest.fixture
def plain(fresh_project, with_baseline):
    """A copy of the project with the baseline."""
    with fresh_project("plain", like=with_baseline) as project:
        yield project


def test_a_renamed_model(plain):
    """A model that only one side has is named in a warning, and fails the run where undecided gates do."""
    plain.configure(models=("polly", "kea"), tables=LENIENT)

    warned = plain.run(*BASE)
    failed = plain.run(*BASE, "--asr-undecided", "fail")

    words = "*not compared: kea is not in *base.jsonl; lora is only in *base.jsonl"
    assert (warned.ret, failed.ret) == (0, pytest.ExitCode.TESTS_FAILED)
    warned.stdout.fnmatch_lines(["PASS * polly *"])
    warned.stdout.fnmatch_lines([words])
    failed.stdout.fnmatch_lines([words])
    warned.stdout.fnmatch_lines(["pyproject.toml:1", "  *pyproject.toml:1: AsrlabWarning: not compared: kea *"])
    assert not {"warned.py", "issue_config_time_warning"} & {*re.findall(r"[\w.]+", warned.stdout.str())}


def test_a_model_that_cannot_run_any_more(plain):
    """A model of the baseline whose weights are gone is skipped, and fails the run where undecided gates do."""
    gone = LENIENT + '[tool.asrlab.models.lora]\nengine = "parrot"\nweights = "nowhere"\n'
    plain.configure('model = ["polly", "lor*"]', models=("polly",), tables=gone)

    skipped = plain.run(*BASE)
    failed = plain.run(*BASE, "--asr-undecided", "fail")

    assert (skipped.ret, failed.ret) == (0, pytest.ExitCode.TESTS_FAILED)
    failed.stdout.fnmatch_lines(["asrlab: not compared: lora cannot run here"])


def test_a_renamed_model_in_a_failing_run(plain):
    """In a run that fails for another reason, a model that only one side has is a warning and no cause."""
    plain.configure(models=("polly", "kea"), tables=LENIENT)
    plain.write(test_other="def test_other(asr_model): assert False")

    warned = plain.run(*BASE, "--asr-markdown", "warned.md")
    failed = plain.run(*BASE, "--asr-markdown", "failed.md", "--asr-undecided", "fail")

    words = "not compared: kea is not in *base.jsonl; lora is only in *base.jsonl"
    assert (warned.ret, failed.ret) == (pytest.ExitCode.TESTS_FAILED,) * 2
    warned.stdout.fnmatch_lines([f"  *pyproject.toml:1: AsrlabWarning: {words}"])
    warned.stdout.no_fnmatch_line(f"asrlab: {words}")
    failed.stdout.fnmatch_lines([f"asrlab: {words}"])
    causes = [(plain.path / name).read_text(encoding="utf-8") for name in ("warned.md", "failed.md")]
    assert ["other cause of failure" in text for text in causes] == [False, True]


def test_a_model_that_left(plain):
    """A whole run that writes the baseline removes models that the project does not choose; a narrowed one does not."""
    plain.configure('model = ["polly"]\n', models=MODELS, tables=LENIENT)

    narrowed = plain.run(*BASE, "--asr-update-baseline", "--asr-model", "polly")
    warned = plain.run(*BASE)
    whole = plain.run(*BASE, "--asr-update-baseline")
    after = plain.run(*BASE)

    assert [result.ret for result in (narrowed, warned, whole, after)] == [0] * 4
    narrowed.stdout.fnmatch_lines(["asrlab: baseline *base.jsonl written: 6 texts of 1 model, 6 of the older one kept"])
    warned.stdout.fnmatch_lines(
        ["*not compared: lora is only in *", "*hint: write it again with --asr-update-baseline"]
    )
    whole.stdout.fnmatch_lines(["asrlab: baseline *base.jsonl written: 6 texts of 1 model, lora removed"])
    after.stdout.no_fnmatch_line("*not compared*")


def test_a_model_without_its_tests(plain):
    """A model that the baseline has texts of fails a run in which no test evaluates it, unless tests were left out."""
    plain.write(test_accuracy="def test_it(asr_corpus): asr_corpus.model.id == 'polly' and asr_corpus.check('wer')")
    plain.configure(models=MODELS, tables="[tool.asrlab.corpus_thresholds]\nwer = 2.0\n")

    full, chosen = plain.run(*BASE), plain.run(*BASE, "--asr-model", "polly")

    assert (full.ret, chosen.ret) == (pytest.ExitCode.TESTS_FAILED, 0)
    full.stdout.fnmatch_lines(
        ["asrlab: lora: not compared with *base.jsonl, which has its texts: no test evaluated it"]
    )


def test_no_clip_of_a_model(plain):
    """A model fails a full run if none of its clips has a counterpart in the baseline, whatever the others have."""
    path = plain.path / "base.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line.get("model") == "lora":
            line["clip"] = f"x{line['clip']}"
        if "missing" in line:
            line["missing"] = {"lora": []}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    result = plain.run(*BASE)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["UNDECIDED * lora *", "asrlab: lora: no clip could be compared with *base.jsonl"])


def test_a_record_is_not_replaced(plain):
    """A baseline is never written over a record, which may serve as one."""
    before = (plain.path / "run.jsonl").read_bytes()

    result = plain.run("--asr-baseline", "run.jsonl", "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *run.jsonl is not a baseline, and --asr-update-baseline would replace it"])
    assert (plain.path / "run.jsonl").read_bytes() == before


def test_a_mistake_of_a_model_without_a_test(plain):
    """A mistake in the table of a chosen model ends a full run, also where no test evaluates its task."""
    table = '[tool.asrlab.models.kea]\nengine = "parrrot"\nweights = "here"\ntasks = ["tts"]\n'
    plain.configure('model = ["polly", "lora", "kea"]\n', models=MODELS, tables=LENIENT + table)

    full, chosen = plain.run(), plain.run("-k", "c1")

    assert (full.ret, chosen.ret) == (pytest.ExitCode.USAGE_ERROR, 0)
    full.stderr.fnmatch_lines(["*kea*parrrot*"])
