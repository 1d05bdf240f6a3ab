"""The gates of models that speak: worse than the baseline fails, and what cannot be compared is named."""

import json

import parrot_engine
import pytest

from asrlab_pytest.cli import main

SENTENCES = ["we saw the sea", "good morning", "it is late", "the bus has left", "open the door", "come home soon"]
TTS = "def test_it(tts_regression): tts_regression.check()\n"
TALK = "def test_it(conversation_regression): conversation_regression.check()\n"
BASELINE = ("--asr-baseline", "base.jsonl")


@pytest.fixture(scope="module")
def prompts(fresh_project):
    """A project of a parrot that speaks six prompts, with a baseline of them."""
    with fresh_project("prompts") as project:
        project.configure(models=("coco",), tasks=["tts"])
        for number, text in enumerate(SENTENCES):
            project.prompt(f"p{number}", text)
        project.write(test_gate=TTS)
        assert project.run(*BASELINE, "--asr-update-baseline").ret == pytest.ExitCode.OK
        return project


@pytest.fixture(scope="module")
def dialogues(fresh_project):
    """A project of a parrot that holds dialogues, whose answers are the questions, with a baseline of them.

    Six have one turn, and one has two.
    """
    with fresh_project("dialogues") as project:
        project.configure(models=("coco",), tasks=["conversation"])
        for number, text in enumerate(SENTENCES):
            project.dialogue(f"d{number}", (text, {"facts": [{"keyword": text.split()[-1]}]}))
        project.dialogue("two", "who are you", "where is it")
        project.write(test_gate=TALK)
        assert project.run(*BASELINE, "--asr-update-baseline").ret == pytest.ExitCode.OK
        return project


@pytest.fixture
def speaking(fresh_project, prompts):
    """A copy of the project that speaks."""
    with fresh_project("speaking", like=prompts) as project:
        yield project


@pytest.fixture
def talking(fresh_project, dialogues):
    """A copy of the project that converses."""
    with fresh_project("talking", like=dialogues) as project:
        yield project


def speak_otherwise(project, task, key, texts):
    """Let the parrot say or answer these texts otherwise."""
    said = ", ".join(f"{json.dumps(text)} = {json.dumps(other)}" for text, other in texts.items())
    table = f"[tool.asrlab.models.coco.options]\n{key} = {{ {said} }}\n"
    project.configure(models=("coco",), tasks=[task], tables=table)


def state(project, model, keys):
    """Add keys to the table of a model."""
    path = project.path / "pyproject.toml"
    table = f"[tool.asrlab.models.{model}]\n"
    path.write_text(path.read_text(encoding="utf-8").replace(table, f"{table}{keys}\n"), encoding="utf-8")


def test_the_same_speech_passes(speaking):
    """Speech that the judge hears as before passes, in the words for prompts."""
    result = speaking.run(*BASELINE)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["PASS * coco * WER 0.0%   same text in all 6 prompts"])


def test_worse_speech_fails(speaking):
    """Speech that the judge hears worse than before fails, with the prompts that lost."""
    speak_otherwise(speaking, "tts", "mumbles", dict.fromkeys(SENTENCES, "a cow"))

    result = speaking.run(*BASELINE)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["FAIL * coco*", "*6 prompts worse, 0 better*"])


def test_silence_fails(speaking):
    """Speech that does not come any more fails, in the run and between its stored texts; it is no prompt less."""
    speaking.configure(
        models=("coco",), tasks=["tts"], tables='[tool.asrlab.models.coco.options]\nmute_on = ["good morning"]\n'
    )
    result = speaking.run(*BASELINE, "--asr-record", "run.jsonl")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  fails because of a new defect: p1: no speech was heard, but the baseline has text"])
    assert "only in the baseline" not in result.stdout.str()
    assert main(["compare", "base.jsonl", "run.jsonl"]) == 1


def test_silent_answers_fail(talking):
    """An answer that is written as before and not spoken any more fails, whatever facts it has.

    Of a dialogue of several answers, the one that falls silent is told by the number of its turn.
    """
    talking.configure(
        models=("coco",),
        tasks=["conversation"],
        tables='[tool.asrlab.models.coco.options]\nmute_on = ["good morning", "where is it"]\n',
    )
    result = talking.run(*BASELINE)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  fails because of a new defect: d1: no speech was heard, but the baseline has text"])
    result.stdout.fnmatch_lines(["  new defect: two: no speech was heard in turn 2, but the baseline has text"])


def test_another_text_is_not_compared(speaking):
    """A prompt whose text or voice is another than in the baseline is named, and counts neither way."""
    path = speaking.path / "fixtures" / "prompts" / "prompts.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[0]["text"], lines[1]["voice"] = "we saw nothing", "good evening"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    result = speaking.run(*BASELINE)

    result.stdout.fnmatch_lines(
        ["*same text in all 4 prompts", "*2 prompts with a different text or voice than in the baseline: p0, p1"]
    )


def test_another_judge_is_not_compared(speaking):
    """What another judge hears, or the same one that listens otherwise, is not compared; alone it fails the run."""
    text = (speaking.path / "pyproject.toml").read_text(encoding="utf-8")
    own = "[tool.asrlab.models.polly.options]\nprints = true\n"
    (speaking.path / "pyproject.toml").write_text(f"{text}\n{own}", encoding="utf-8")

    result = speaking.run(*BASELINE)

    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["UNDECIDED * coco*", "*6 prompts with a different judge than in the baseline: p0, *"])


def test_a_baseline_of_another_task(speaking):
    """A baseline that has nothing of TTS lets a run of TTS go; its gate is skipped with the hint."""
    speaking.configure(models=("kea",))
    speaking.clip("one", "hello there")
    speaking.write(test_gate="def test_it(asr_regression): asr_regression.check()\n")
    speaking.run("--asr-baseline", "heard.jsonl", "--asr-update-baseline")
    speaking.configure(models=("coco",), tasks=["tts"])
    speaking.write(test_gate=TTS)

    result = speaking.run("-rs", "--asr-baseline", "heard.jsonl")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*coco: *heard.jsonl has no results for coco (hint: --asr-update-baseline)"])


def test_answers_with_fewer_facts_fail(talking):
    """Answers that say less of the facts than before fail, with what was answered before and now."""
    speak_otherwise(talking, "conversation", "answers", dict.fromkeys(SENTENCES, "who knows"))

    result = talking.run(*BASELINE)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "FAIL * coco*",
            "*fact error rate 0.0% -> 100.0%   6 dialogues worse, 0 better",
            "worse      d0 * 0 -> 1 error in 1 fact",
            "*reference  we saw the sea",
            "*now        who knows",
        ]
    )


def test_the_same_facts_in_other_words_pass(talking):
    """Answers in other words that say the same facts pass: the wording is the model's own."""
    speak_otherwise(talking, "conversation", "answers", {"we saw the sea": "everyone went down to see the sea"})

    result = talking.run(*BASELINE)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*fact error rate 0.0%   same number of errors in all 6 dialogues"])


def test_answers_that_differ_between_passes(talking, monkeypatch):
    """The margin is never smaller than what the fact error rate differs by between the model's own passes."""
    dialogues = []

    def begin(self, language, begin=parrot_engine.ParrotAgent.begin):
        begin(self, language)
        dialogues.append(language)

    def respond(self, samples, respond=parrot_engine.ParrotAgent.respond):
        # One begins the warm-up and seven the first pass, in which nothing is known.
        self.options = {"answers": dict.fromkeys(SENTENCES, "who knows")} if len(dialogues) <= 8 else {}
        yield from respond(self, samples)

    monkeypatch.setattr(parrot_engine.ParrotAgent, "begin", begin)
    monkeypatch.setattr(parrot_engine.ParrotAgent, "respond", respond)

    once = talking.run(*BASELINE)
    dialogues.clear()
    twice = talking.run(*BASELINE, "--asr-repeat", "2")

    once.assert_outcomes(failed=1)
    once.stdout.fnmatch_lines(["*fact error rate 0.0% -> 100.0%*"])
    twice.assert_outcomes(passed=1)
    twice.stdout.fnmatch_lines(["UNDECIDED *", "*More than the +0.5 points allowed, but fact error rate also*"])


def test_memory(project):
    """A model that speaks is weighed in a process of its own, in a project that has no clips at all."""
    project.configure(models=("coco",), tasks=["tts", "conversation"])
    state(project, "coco", "max_rss_mb = 1")
    project.prompt("p", "we saw the sea")
    project.dialogue("d", "we saw the sea")
    fixtures = ("tts_memory", "conversation_memory")
    project.write(**{f"test_{fixture}": f"def test_it({fixture}): {fixture}.check()\n" for fixture in fixtures})

    result = project.run()

    result.assert_outcomes(failed=2)
    for model in ("coco", "coco:conversation"):
        result.stdout.fnmatch_lines([f"FAIL * {model}*", "*separate process on cpu, on the longest *"])


def test_memory_of_a_model_that_falls_silent(project):
    """The memory of a model that speaks is not that of a call which says much less than its case."""
    project.configure(
        models=("coco",),
        tasks=["tts", "conversation"],
        tables="[tool.asrlab.models.coco.options]\nmute_unwatched = true\n",
    )
    project.prompt("p", "we saw the sea")
    project.dialogue("d", "we saw the sea")
    tests = {
        fixture: f"def test_it({fixture}): {fixture}.check()\n"
        for task in ("tts", "conversation")
        for fixture in (f"{task}_case", f"{task}_memory")
    }
    project.write(**{f"test_{fixture}": test for fixture, test in tests.items()})

    result = project.run()

    result.assert_outcomes(passed=2, failed=2)
    for words in ("coco spoke for 0.0 s for prompt p", "coco:conversation spoke for 0.0 s for dialogue d"):
        result.stdout.fnmatch_lines([f"model {words} when its memory was measured, not for 1.* s"])


def test_speed(project):
    """Two models that speak are timed prompt by prompt in turn, and the slower one fails its bound."""
    project.configure(
        models=("base", "slow"),
        tasks=["tts"],
        toml="[tool.asrlab.gates]\nspeed_rounds = 8\n",
    )
    state(project, "base", "options = { sleeps = 0.02 }")
    state(project, "slow", "options = { sleeps = 0.04 }\nmax_rtf_ratio = 1.2")
    for number, sentence in enumerate(SENTENCES[:2]):
        project.prompt(f"p{number}", sentence)
    project.write(test_gate="def test_it(tts_speed): tts_speed.check()\n")

    result = project.run()

    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["FAIL * slow*", "*timed on 2 of 2 prompts, in *rounds, in turn"])


def test_a_judge_of_other_named_weights(speaking):
    """A judge whose weights are only a name is another one under another name, and the same with a new password."""

    def judged_by(weights, password, *options):
        table = f'[tool.asrlab.models.polly]\nengine = "parrot"\nweights = "{weights}"\n'
        coco = '[tool.asrlab.models.coco]\nengine = "parrot"\nweights = "here"\ntasks = ["tts"]\n'
        keys = f'options = {{ api_key = "{password}" }}\n'
        speaking.configure('model = ["coco"]\njudge = "polly"', models=(), tables=f"{table}{keys}{coco}")
        return speaking.run(*BASELINE, *options)

    judged_by("polly-1", "sk-0451-a", "--asr-update-baseline")
    same, other = judged_by("polly-1", "sk-0451-b"), judged_by("polly-2", "sk-0451-b")

    same.stdout.fnmatch_lines(["PASS * coco * same text in all 6 prompts"])
    other.stdout.fnmatch_lines(["UNDECIDED * coco*", "*6 prompts with a different judge than in the baseline: p0, *"])
