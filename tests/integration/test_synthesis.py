"""Speech synthesis: a case for each model and prompt, transcribed by a judge, whatever goes wrong told in words."""

import pytest
import soundfile

FIGURES = """
def test_it(tts_case, capsys):
    with capsys.disabled():
        print()
        print("figures:", tts_case.item.id, tts_case.wer, tts_case.excess_wer, tts_case.excess_cer, tts_case.heard)
"""


@pytest.fixture
def speaking(project):
    """A project of a parrot that speaks, judged by another."""
    project.configure(models=("coco",), tasks=["tts"])
    project.evals("tts")
    return project


def figures(result):
    return [line.split(maxsplit=5)[1:] for line in result.outlines if line.startswith("figures: ")]


def test_a_case_for_each_model_and_prompt(speaking):
    """Each model says each prompt once, each is a test of its own by their ids, and pooled figures come after."""
    speaking.configure(models=("coco", "kea"), tasks=["tts"])
    speaking.prompt("one", "hello there")
    speaking.prompt("two", "good morning")

    result = speaking.run("-v")

    assert result.ret == pytest.ExitCode.OK
    order = [line.split()[0].split("::")[1] for line in result.outlines if "::" in line]
    assert order == [
        *[f"test_tts[coco-{name}]" for name in ("one", "two")],
        "test_tts_over_all[coco]",
        *[f"test_tts[kea-{name}]" for name in ("one", "two")],
        "test_tts_over_all[kea]",
        *[f"test_tts_regression[{model}]" for model in ("coco", "kea")],
    ]
    said = [line for line in speaking.events("speak") if "One." not in line]
    assert said == [f"speak {model} en {text}" for model in ("coco", "kea") for text in ("hello there", "good morning")]
    assert sum("polly alive" in line for line in speaking.events("load")) == 1
    assert len(speaking.events("load")) == len(speaking.events("close")) == 3


def test_models_of_other_tasks(speaking):
    """A model that only recognizes has no case of TTS, and one that only speaks none of ASR."""
    speaking.configure("model = ['polly', 'coco']", models=("coco",), tasks=["tts"])
    speaking.prompt("one", "hello there")
    speaking.clip("heard", "good morning")
    speaking.evals("accuracy")

    result = speaking.run("-v", "--deselect", "test_tts.py::test_tts_regression")

    names = {line.split()[0].split("::")[1] for line in result.outlines if "::" in line and "PASSED" in line}
    assert names == {"test_accuracy[polly-heard]", "test_tts[coco-one]", "test_tts_over_all[coco]"}


def test_no_model_of_the_task(project):
    """A run whose models all do something else skips the evals of TTS with the reason and the hint."""
    project.clip("heard", "good morning")
    project.evals("accuracy", "tts")

    result = project.run("-rs")

    result.assert_outcomes(passed=1, skipped=3)
    result.stdout.fnmatch_lines(["SKIPPED * no TTS model is chosen (hint: --asr-model, *"])


def test_a_table_that_lacks_the_task_of_its_engine(project):
    """A chosen model whose engine only speaks, and whose table does not say so, is named with what its table lacks."""
    project.configure("", models=(), tables='[tool.asrlab.models.vera]\nengine = "espeak-ng"\nweights = "en-us"\n')
    project.evals("tts")

    result = project.run("-rs", "--asr-model", "vera")

    why = 'vera is chosen, but its table has no tasks = [[]"tts"] (hint: add it to [[]tool.asrlab.models.vera])'
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"asrlab: no case ran: {why}", f"SKIPPED * {why}"])


def test_a_model_of_three_tasks(project):
    """One model with three tasks has an id for each, in test ids, record, scorecards and known failures."""
    known = '[[tool.asrlab.known_failures]]\nmodel = "coco:conversation"\nclip = "ask"\nreason = "it repeats"\n'
    project.configure(models=("coco",), tasks=["asr", "tts", "conversation"], tables=known)
    project.clip("heard", "good morning")
    project.prompt("said", "hello there")
    project.dialogue("ask", ("who are you", {"facts": [{"keyword": "polly"}]}), thresholds={"fact_recall": 1})
    project.evals("accuracy", "tts", "conversation")

    result = project.run("-v", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.OK
    outcomes = {line.split()[0].split("::")[1]: line.split()[1] for line in result.outlines if "::" in line}
    assert outcomes["test_accuracy[coco-heard]"] == "PASSED"
    assert outcomes["test_tts[coco:tts-said]"] == "PASSED"
    assert outcomes["test_conversation[coco:conversation-ask]"] == "XFAIL"
    environment, rows = project.record()
    assert [(row["model"], row["task"]) for row in rows] == [
        ("coco", "asr"),
        ("coco:conversation", "conversation"),
        ("coco:tts", "tts"),
    ]
    assert environment["plan"].keys() == {"coco", "coco:tts", "coco:conversation"}
    text = result.stdout.str()
    assert text.index("asrlab scorecard") < text.index("asrlab TTS") < text.index("asrlab conversation")
    result.stdout.fnmatch_lines(["coco  *", "coco:tts  *", "coco:conversation  *"])


def test_one_task_of_a_model(project):
    """`--asr-model X:tts` chooses that task of the model alone, also where it is the first, and X all."""
    project.configure(models=("coco",), tasks=["asr", "tts"])
    project.clip("heard", "good morning")
    project.prompt("said", "hello there")
    project.write(test_both="def test_asr(asr_case): asr_case.check()\ndef test_tts(tts_case): tts_case.check()\n")

    alone = project.run("-v", "--asr-model", "coco:tts")
    first = project.run("-v", "--asr-model", "coco:asr")
    both = project.run("-v", "--asr-model", "coco")

    first.assert_outcomes(passed=1, skipped=1)
    first.stdout.fnmatch_lines(["*test_asr[[]coco-heard[]] PASSED*"])
    alone.assert_outcomes(passed=1, skipped=1)
    alone.stdout.fnmatch_lines(["*test_tts[[]coco:tts-said[]] PASSED*"])
    both.assert_outcomes(passed=2)


def test_figures_by_hand(speaking):
    """WER is the judge's on the speech, and excess WER that less the judge's own on the recording of the text."""
    # Of four words the judge mishears two of the speech, and one of the recording.
    speaking.prompt("both", "we saw the sea", says="we see a sea", recorded="we saw a sea")
    speaking.prompt("speech", "we saw the sea", says="we saw the tree")
    speaking.prompt("better", "we saw the sea", recorded="we saw")
    speaking.write(test_tts=FIGURES)

    result = speaking.run()

    assert figures(result) == [
        ["both", "0.5", "0.25", str(2 / 14), "we see a sea"],
        ["speech", "0.25", "None", "None", "we saw the tree"],
        ["better", "0.0", "-0.5", str(-8 / 14), "we saw the sea"],
    ]
    # Pooled: 3 of 12 words; of the two prompts with a recording 2 errors on the speech less 3, over 8 words.
    result.stdout.fnmatch_lines(["coco  * 25.0%  -12.5% *"])
    result.stdout.fnmatch_lines(
        [
            "accuracy   coco: 12.5 points below the recordings of 2 prompts (WER*",
        ]
    )


def test_times(speaking):
    """The first audio comes before the last, and RTF is the time of all of it over the length of the speech."""
    speaking.configure(models=("coco",), tasks=["tts"], tables="[tool.asrlab.models.coco.options]\nsleeps = 0.05\n")
    speaking.prompt("one", "hello there")
    speaking.write(
        test_tts="def test_it(tts_case):\n"
        "    assert 0.05 <= tts_case.first_audio <= tts_case.latency - 0.1\n"
        "    assert tts_case.rtf == tts_case.latency / 1.3\n"
        "    assert len(tts_case.observation.latencies_s) == 3\n"
    )

    speaking.run("--asr-rounds", "3").assert_outcomes(passed=1)


def test_what_a_judge_is_told(speaking):
    """The judge hears the speech in the prompt's language, and the model's own language is stronger for the model."""
    speaking.configure(models=("coco",), tasks=["tts"], tables='[tool.asrlab.models.coco]\nlanguage = "de"\n')
    text = (speaking.path / "pyproject.toml").read_text()
    head, tail = text.split('[tool.asrlab.models.coco]\nlanguage = "de"\n')
    (speaking.path / "pyproject.toml").write_text(head.replace("tasks =", 'language = "de"\ntasks =') + tail)
    speaking.prompt("one", "hello there")

    speaking.run("--asr-record", "run.jsonl").assert_outcomes(passed=2, skipped=1)

    assert "speak coco de hello there" in speaking.events("speak")
    (row,) = speaking.record()[1]
    assert (row["language"], row["transcript"]["language"]) == ("en", "en")
    assert row["spoken"]["hearer"]["model"] == "polly"


FAULTS = {
    "clipped": "[0-9]*% of the samples are at full scale, in * places",
    "offset": "its mean is +0.100, not 0",
    "looped": "3.8 s from 0.0 s on come again at 1.3 s",
    "not finite": "it contains NaN or infinite samples",
}


def test_faults_of_the_sound(speaking):
    """Speech whose sound is at fault fails where faults have a bound, with a sentence, although the text is right."""
    models = {spoiled.replace(" ", "-"): spoiled for spoiled in FAULTS}
    options = "".join(
        f'[tool.asrlab.models.{name}.options]\nsounds = "{spoiled}"\n' for name, spoiled in models.items()
    )
    bounds = "[tool.asrlab.tts.thresholds]\nspeech_faults = 0\nwer = 0\n"
    speaking.configure(models=tuple(models), tasks=["tts"], tables=options + bounds)
    speaking.prompt("one", "hello there")

    result = speaking.run("-k", "test_tts and one")

    result.assert_outcomes(failed=len(FAULTS))
    for name, spoiled in models.items():
        result.stdout.fnmatch_lines(
            [
                f"*[[]{name}-one[]] _*",
                "speech faults [12] > 0 (project threshold)",
                f"  {FAULTS[spoiled]}",
                f"*{name}: one: *",
            ]
        )
    assert "hypothesis:" not in result.stdout.str()


def test_no_speech_at_all(speaking):
    """A prompt of which no speech comes fails its own case, whatever its bounds, and its words count as lost.

    It may be declared a known failure.
    """
    known = '[[tool.asrlab.known_failures]]\nmodel = "kea"\nclip = "one"\nreason = "it sulks"\n'
    mute = "".join(f'[tool.asrlab.models.{name}.options]\nmute_on = ["hello there"]\n' for name in ("coco", "kea"))
    speaking.configure(models=("coco", "kea"), tasks=["tts"], tables=mute + known)
    speaking.prompt("one", "hello there")
    speaking.prompt("two", "good morning")

    result = speaking.run("-rx", "--benchmark-json", "results.json")

    result.assert_outcomes(passed=4, failed=1, xfailed=1, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "model coco produced no speech for prompt one ('hello there')",
            "coco  * 50.0% * 1*",
            "*coco: one: no speech was made",
        ]
    )
    result.stdout.fnmatch_lines(["XFAIL *known failure: it sulks (model kea produced no speech for prompt one *"])
    assert "def test_tts" not in result.stdout.str()
    assert "unread" not in result.stdout.str()


def test_a_model_that_says_nothing(speaking):
    """A model of which no speech comes at all has figures, dashes for its times, and misses every bound on words."""
    speaking.configure(
        models=("coco",),
        tasks=["tts"],
        tables='[tool.asrlab.models.coco.options]\nmute_on = ["hello there"]\n'
        "[tool.asrlab.tts.corpus_thresholds]\nwer = 0.5\nrtf = 1.0\nfirst_audio_s = 1.0\n",
    )
    speaking.prompt("one", "hello there")

    result = speaking.run()

    result.assert_outcomes(failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        ["WER 100.0% > 50.0% (project threshold), over 1 prompt", "coco  * 100.0% * - * - * 1*"]
    )


def test_an_engine_that_raises(speaking):
    """An engine that breaks down fails the case at hand in words, and no other; the pooled run is not green either."""
    speaking.configure(
        models=("coco",), tasks=["tts"], tables='[tool.asrlab.models.coco.options]\nfails_on = "hello there"\n'
    )
    speaking.prompt("one", "hello there")
    speaking.prompt("two", "good morning")

    result = speaking.run()
    pooled = speaking.run("-k", "over_all")

    result.assert_outcomes(passed=2, failed=1, skipped=1)
    sentence = "model coco failed on prompt one: RuntimeError: the parrot bit me"
    hint = "try the prompt alone: add --asr-model coco --asr-prompt one"
    result.stdout.fnmatch_lines([f"*{sentence}", f"*hint: {hint}"])
    pooled.assert_outcomes(passed=1, deselected=3)
    assert pooled.ret == pytest.ExitCode.TESTS_FAILED
    pooled.stdout.fnmatch_lines([f"asrlab: coco on one: {sentence}*"])


@pytest.fixture(scope="module")
def lacking(fresh_project):
    """A run with a prompt whose voice there is not, one whose recording there is not, and one that lacks nothing."""
    with fresh_project("lacking") as project:
        project.configure(models=("coco",), tasks=["tts"])
        project.evals("tts")
        project.prompt("one", "hello there", says="mynah")
        project.prompt("two", "good morning")
        project.prompt("three", "hello there", recorded="hello there")
        (project.path / "fixtures" / "prompts" / "three.wav").unlink()
        return project.run("-k", "test_tts and (one or two or three)")


def test_a_voice_that_there_is_not(lacking):
    """A voice that the engine does not have fails the case with the engine's own sentence, and no other prompt."""
    lacking.assert_outcomes(passed=1, failed=2)
    lacking.stdout.fnmatch_lines(["*the parrot has no voice 'mynah'", "*hint: write what it shall say instead"])


def test_a_recording_that_is_not_there(lacking):
    """A recording that cannot be read fails its prompt's case with a sentence that names the file."""
    lacking.assert_outcomes(passed=1, failed=2)
    lacking.stdout.fnmatch_lines(["*prompts.jsonl:*: the recording of prompt three: no file *three.wav"])


def test_a_model_that_is_not_ready(speaking):
    """A model without weights is skipped with reason and hint, stands so in the scorecard, and nothing is green."""
    speaking.prompt("one", "hello there")
    path = speaking.path / "pyproject.toml"
    path.write_text(path.read_text().replace('weights = "here"\ntasks', 'weights = "nowhere"\ntasks'))

    result = speaking.run("-rs")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines(["not run    coco  weights missing  asrlab pull coco"])


@pytest.fixture(scope="module")
def only(fresh_project):
    """A recorded run of one prompt, in a project without clips: its project, and its result."""
    with fresh_project("only") as project:
        project.configure(models=("coco",), tasks=["tts"])
        project.evals("tts")
        project.prompt("one", "hello there")
        return project, project.run("--asr-record", "run.jsonl")


def test_only_synthesis(only):
    """A project that only speaks needs no corpus of clips, and its record has none."""
    project, result = only

    assert result.ret == pytest.ExitCode.OK
    environment, _ = project.record()
    assert (environment["corpus"], environment["prompts"]["name"]) == (None, "prompts")
    assert "asrlab scorecard" not in result.stdout.str()


def test_only_recognition(project):
    """A project that only recognizes needs neither prompts nor dialogues."""
    project.clip("heard", "good morning")
    project.evals("accuracy", "corpus", "tts", "conversation")

    result = project.run("--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.OK
    environment, (row,) = project.record()
    assert (environment.get("prompts"), environment.get("dialogues"), row["spoken"]) == (None, None, None)
    assert "asrlab TTS" not in result.stdout.str()


def test_speech_is_playable(only):
    """What was said is in a file that players play, as it was made, where the record says that it is."""
    project, _ = only

    (row,) = project.record()[1]
    samples, rate = soundfile.read(project.path / ".asrlab" / "speech" / row["spoken"]["utterance"]["file"])
    assert (len(samples) / rate, rate) == (row["audio_s"], 16_000)
    assert abs(samples).max() == pytest.approx(row["spoken"]["utterance"]["sound"]["peak"], abs=1e-4)
