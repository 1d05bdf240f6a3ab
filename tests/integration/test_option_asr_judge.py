"""--asr-judge: who hears what models speak."""

import tomllib

import pytest

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.suite.judge import JUDGES as DEFAULT_JUDGES
from asrlab_pytest.suite.judge import judge_of

JUDGES = """
[tool.asrlab.models.jude]
engine = "parrot"
weights = "here"
options = { says = "we saw the sun" }
[tool.asrlab.models.gone]
engine = "parrot"
weights = "nowhere"
[tool.asrlab.models.bad]
engine = "parrot"
weights = "rotten"
[tool.asrlab.models.deaf]
engine = "parrot"
weights = "here"
options = { fails_on = "we saw the sea" }
[tool.asrlab.models.german]
engine = "parrot"
weights = "here"
languages = ["de"]
[tool.asrlab.models.kea]
engine = "parrot"
weights = "here"
tasks = ["tts", "conversation"]
[tool.asrlab.models.kaka]
engine = "parrot"
weights = "here"
tasks = ["tts", "asr"]
[tool.asrlab.models.mute]
engine = "flite"
weights = "slt"
"""
ABSENT = "".join(f'[tool.asrlab.models."{name}"]\nengine = "parrot"\nweights = "nowhere"\n' for name in DEFAULT_JUDGES)
"""Tables by which no default judge is ready."""


@pytest.fixture
def speaking(project):
    """A project of a parrot that speaks one prompt, with several that could judge it."""
    project.configure(models=("coco",), tasks=["tts"], tables=JUDGES)
    project.prompt("one", "we saw the sea")
    project.prompt("two", "good morning")
    project.evals("tts")
    return project


def test_another_judge(speaking):
    """The named judge is the one that hears, stands with every observation, and has its name in the scorecard."""
    result = speaking.run("--asr-judge", "jude", "--asr-record", "run.jsonl", "-k", "one")

    result.assert_outcomes(passed=1)
    (row,) = speaking.record()[1]
    assert (row["hypothesis"], row["spoken"]["hearer"]["model"]) == ("we saw the sun", "jude")
    result.stdout.fnmatch_lines(["* | judge: jude", "coco * 25.0% *"])
    assert speaking.events("load") == ["load coco alive=1", "load jude alive=2"]


NAMED = [
    ("nobody", "the judge: no model 'nobody'*", "list the models with: asrlab models; then *with --asr-judge"),
    ("jude?", "the judge: no model 'jude[?]'; did you mean jude*", "list the models with: asrlab models; then *"),
    ("coco", "the judge coco is not an ASR model; its task is TTS", "choose another with --asr-judge"),
    ("coco:tts", "the judge coco:tts is not an ASR model; its task is TTS", "choose another with --asr-judge"),
    ("kea", "the judge kea is not an ASR model; its task is TTS and conversation", "choose another with --asr-judge"),
    (
        "kaka:tts",
        "the judge kaka:tts is not an ASR model; its task is TTS",
        "name the same model for ASR: --asr-judge kaka",
    ),
]
NOT_READY = [
    ("gone", "the judge gone: weights missing: the parrot has flown", "asrlab pull gone"),
    ("mute", "the judge mute: unsupported here: flite does no asr, only tts", "correct tasks in *"),
]


def judge_named(name, root):
    """The judge of this name among those of the tests."""
    speaks = '[tool.asrlab.models.coco]\nengine = "parrot"\nweights = "here"\ntasks = ["tts"]\n'
    return judge_of(Registry(tomllib.loads(JUDGES + speaks)["tool"]["asrlab"]["models"], root), name)


@pytest.mark.parametrize(("judge", "sentence", "hint"), NAMED)
def test_a_name_that_is_no_judges(tmp_path, judge, sentence, hint):
    """What cannot hear is not a judge, and that is said in words with the hint."""
    with pytest.raises(ModelError) as caught:
        judge_named(judge, tmp_path)

    pytest.LineMatcher(str(caught.value).splitlines()).fnmatch_lines(
        [sentence, f"  hint: *{hint.removeprefix('list the models with: ')}"], consecutive=True
    )


@pytest.mark.parametrize(("judge", "sentence", "hint"), [NAMED[-1], *NOT_READY])
def test_a_named_judge_that_cannot_hear(speaking, judge, sentence, hint):
    """A judge that was named and cannot hear ends the run in words with the hint, before a model is asked anything."""
    result = speaking.run("--asr-judge", judge)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}", f"  hint: {hint}"])
    assert speaking.events() == []


@pytest.mark.parametrize(
    ("judge", "name"),
    [("kaka", "kaka:asr"), ("kaka:asr", "kaka:asr"), ("jude:asr", "jude")],
)
def test_a_judge_of_several_tasks(tmp_path, judge, name):
    """The judge is the named model for recognition, whichever of its tasks comes first, and with the task or not."""
    assert judge_named(judge, tmp_path).id == name


def test_a_judge_of_several_tasks_in_a_run(speaking):
    """A judge of several tasks hears, and is in the scorecard with the task."""
    result = speaking.run("--asr-judge", "kaka", "-k", "one")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["* | judge: kaka:asr"])


def test_a_judge_that_must_hear(speaking):
    """`--asr-missing error` ends the run where the default judge is not ready, and `skip` skips for a named one."""
    path = speaking.path / "pyproject.toml"
    path.write_text(path.read_text().replace('judge = "polly"\n', "") + ABSENT)

    refused = speaking.run("--asr-missing", "error", "-k", "one")
    skipped = speaking.run("--asr-missing", "skip", "--asr-judge", "gone", "-k", "one", "-rs")

    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["ERROR: the judge pocketsphinx-en-us: weights missing: the parrot has flown"])
    skipped.assert_outcomes(skipped=1)
    skipped.stdout.fnmatch_lines(["SKIPPED * the judge gone: weights missing: the parrot has flown (hint: *pull gone)"])


def test_a_judge_that_does_not_load(speaking):
    """A judge that does not load fails the cases in words with its hint, and is tried once."""
    result = speaking.run("--asr-judge", "bad", "-k", "one or two")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["the parrot is dead", "  hint: return it to the shop"])
    assert "def test_tts" not in result.stdout.str()


def test_the_default_judge_is_missing(speaking):
    """Where the default judge is not ready the cases are skipped with its hint, and the run is not green."""
    text = (speaking.path / "pyproject.toml").read_text().replace('judge = "polly"\n', "")
    (speaking.path / "pyproject.toml").write_text(text + ABSENT)

    result = speaking.run("-rs", "-k", "one")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=1)
    status = "weights missing: the parrot has flown (hint: asrlab pull pocketsphinx-en-us)"
    result.stdout.fnmatch_lines(
        ["asrlab: no case ran: all were skipped", f"SKIPPED * the judge pocketsphinx-en-us: {status}"]
    )


def test_a_gate_without_a_judge(speaking):
    """Where the default judge is not ready the gate is skipped with its hint, too, instead of passing on nothing."""
    path = speaking.path / "pyproject.toml"
    path.write_text(path.read_text().replace('judge = "polly"\n', "") + ABSENT)

    result = speaking.run("-rs", "-k", "regression", "--asr-baseline", "base.jsonl", "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(
        ["SKIPPED * the judge pocketsphinx-en-us: weights missing: the parrot has flown (hint:*"]
    )
    assert speaking.events() == []


def test_a_judge_that_fails_on_one(speaking):
    """A judge that breaks down fails the case that it heard in words, and no other."""
    result = speaking.run("--asr-judge", "deaf", "-k", "one or two")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*the judge deaf failed on one: RuntimeError: the parrot bit me"])


def test_a_judge_of_another_language(speaking):
    """A prompt in a language that the judge is not meant for is skipped with the hint, and nothing is spoken for it."""
    speaking.prompt("drei", "guten Morgen", language="de")

    result = speaking.run("-rs", "--asr-judge", "german", "--asr-record", "run.jsonl", "-k", "tts and not regr")

    result.assert_outcomes(passed=2, skipped=2)
    reason = "the judge german is not meant for prompt {}, which is in 'en', not in de"
    hint = "(hint: --asr-judge with an ASR model for 'en')"
    result.stdout.fnmatch_lines(
        [f"asrlab: 2 prompts not spoken: {reason.format('one')} {hint}", f"SKIPPED * {reason.format('two')} {hint}"]
    )
    assert [line for line in speaking.events("speak") if "One." not in line] == ["speak coco de guten Morgen"]
    assert speaking.record()[0]["plan"] == {"coco": ["drei"]}


def test_a_judge_of_no_chosen_language(speaking):
    """Where the judge is meant for none of the prompts nothing is loaded, every test says why, and it is not green."""
    result = speaking.run("-rs", "--asr-judge", "german")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=4)
    result.stdout.fnmatch_lines(
        ["asrlab: no case ran: all were skipped", "SKIPPED * (hint: --asr-judge with an ASR model*"]
    )
    assert speaking.events() == []


def test_a_judge_of_another_language_in_a_dialogue(project):
    """A dialogue in a language that the judge is not meant for is skipped, and no question of it is asked."""
    project.configure(models=("coco",), tasks=["conversation"], tables=JUDGES)
    project.dialogue("wer", "wer bist du", language="de")
    project.dialogue("who", "who are you")
    project.evals("conversation")

    result = project.run("-rs", "--asr-judge", "german", "-k", "wer or who or over_all")

    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(
        ["SKIPPED * the judge german is not meant for dialogue who, which is in 'en', not in de (hint: --asr-judge *"]
    )
    assert {line.split(maxsplit=3)[3] for line in project.events("ask")} == {"wer bist du"}


def test_a_judge_for_tags(speaking):
    """A judge that is meant for a tag hears the prompts that have it, and their recordings."""
    table = '[tool.asrlab.models.german]\nengine = "parrot"\n'
    path = speaking.path / "pyproject.toml"
    path.write_text(path.read_text().replace(table, f'{table}tags = ["clear"]\n').replace('["de"]', '["en"]'))
    speaking.prompt("slow", "hello there", recorded="hello there", tags=["clear"])

    result = speaking.run("-rs", "--asr-judge", "german", "-k", "one or slow")

    result.assert_outcomes(passed=1, skipped=1)
    reason = "the judge german is not meant for prompt one, which has none of the tags clear"
    result.stdout.fnmatch_lines([f"SKIPPED * {reason} (hint: --asr-judge with an ASR model without tags)"])


def test_no_judge_where_nothing_is_spoken(project):
    """A run that only recognizes asks nothing of the judge, even one that there is not."""
    project.configure('judge = "nobody"')
    project.clip("heard", "good morning")
    project.evals("accuracy")

    project.run().assert_outcomes(passed=1)


def test_a_model_that_judges_itself(project):
    """A model of several tasks may judge its own speech: recognition is its first task."""
    project.configure('judge = "coco"', models=("coco",), tasks=["asr", "tts"])
    project.prompt("one", "we saw the sea")
    project.evals("tts")

    result = project.run("--asr-model", "coco:tts", "-k", "one")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["* | judge: coco", "coco:tts * 0.0% *"])


def test_the_judge_hears_on_any_device(speaking):
    """A device is asked of the models under test: a judge that has no build for it hears on its own."""
    result = speaking.run(
        "--asr-device", "mps", "--asr-judge", "pocketsphinx-en-us", "--asr-record", "run.jsonl", "-k", "one"
    )

    result.assert_outcomes(passed=1)
    (row,) = speaking.record()[1]
    assert (row["device_requested"], row["spoken"]["hearer"]["device"]) == ("mps", "cpu")


def test_a_judge_that_listens_otherwise_hears_anew(speaking):
    """A resumed run takes nothing that the judge heard in another language, or by other options."""
    speaking.run("-k", "one")
    again = speaking.run("-k", "one", "--asr-resume", "--asr-record", "same.jsonl")
    path = speaking.path / "pyproject.toml"
    table = '[tool.asrlab.models.polly]\nengine = "parrot"\n'
    path.write_text(path.read_text().replace(table, f'{table}language = "de"\n'), encoding="utf-8")

    speaking.run("-k", "one", "--asr-resume", "--asr-record", "other.jsonl")

    again.assert_outcomes(passed=1)
    assert [row["recorded"] for row in speaking.record("same.jsonl")[1]] == [True]
    assert [row["recorded"] for row in speaking.record("other.jsonl")[1]] == [False]
