"""Conversation: a case for each model and dialogue, what the answers say, and whether their speech says so too."""

import json

import pytest
import soundfile

ONE = '[tool.asrlab.models.coco.options.answers]\n"who are you" = "I am Polly from Boston"\n'
MEMORY = (
    "[tool.asrlab.models.coco.options.answers]\n"
    '"my name is David" = "hello"\n"my name is Anna" = "hi"\n"what is my name" = "you said {0}"\n'
)
ASKED = ("who are you", {"facts": [{"keyword": "Polly"}]})
CASE = "def test_it(conversation_case):\n    conversation_case.check()\n"


@pytest.fixture
def conversing(project):
    """A project of a parrot that converses, judged by another."""
    project.configure(models=("coco",), tasks=["conversation"], tables=ONE)
    project.evals("conversation")
    return project


def configured(project, options="", bounds=""):
    """The project with these options of the parrot, as a table and as keys, and bounds on each dialogue."""
    bounds = f"[tool.asrlab.conversation.thresholds]\n{bounds}\n" if bounds else ""
    project.configure(models=("coco",), tasks=["conversation"], tables=options + bounds)


def test_a_case_for_each_model_and_dialogue(conversing):
    """Each model holds each dialogue once, in turns, and each is a test of its own by their ids."""
    conversing.configure(models=("coco", "kea"), tasks=["conversation"])
    conversing.dialogue("short", "who are you")
    conversing.dialogue("long", "where is it", "and when")

    result = conversing.run("-v")

    assert result.ret == pytest.ExitCode.OK
    order = [line.split()[0].split("::")[1] for line in result.outlines if "::" in line]
    assert order == [
        *[f"test_conversation[coco-{name}]" for name in ("short", "long")],
        "test_conversation_over_all[coco]",
        *[f"test_conversation[kea-{name}]" for name in ("short", "long")],
        "test_conversation_over_all[kea]",
        *[f"test_conversation_regression[{model}]" for model in ("coco", "kea")],
    ]
    asked = [line.split(maxsplit=3)[1::2] for line in conversing.events("ask") if " 1.0 " not in line]
    assert asked == [[model, text] for model in ("coco", "kea") for text in ("who are you", "where is it", "and when")]


def test_no_model_of_the_task(project):
    """A run whose models all do something else skips the evals of conversation with the reason and the mend."""
    project.clip("heard", "good morning")
    project.evals("accuracy", "conversation")

    result = project.run("-rs")

    result.assert_outcomes(passed=1, skipped=3)
    result.stdout.fnmatch_lines(["SKIPPED * no model of conversation is chosen (mend: --asr-model, *"])


def test_facts(conversing):
    """A fact that is said is found in the text that the model wrote, whatever the judge heard."""
    configured(conversing, '[tool.asrlab.models.coco.options.mumbles]\n"I am Polly from Boston" = "mumble"\n' + ONE)
    conversing.dialogue("who", ASKED, thresholds={"fact_recall": 1})

    conversing.run("-k", "who").assert_outcomes(passed=1)


def test_a_fact_that_is_missed(conversing):
    """A fact that is not said fails the dialogue with the turn, the fact and the answers."""
    facts = [{"keyword": "Polly"}, {"any": ["Rome", "Paris"]}, {"regex": "in [0-9]+"}]
    conversing.dialogue("who", ("who are you", {"facts": facts}), "good bye", thresholds={"fact_recall": 1})

    result = conversing.run("-k", "who")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "coco on who: fact recall 33.3% is below 100.0% (bound of the dialogue)",
            "  not said in turn 1: 'Rome' or 'Paris'",
            "  not said in turn 1: /in [[]0-9[]]+/",
            "  turn 1 answered: 'I am Polly from Boston'",
            "  turn 2 answered: 'good bye'",
        ],
        consecutive=True,
    )
    assert "hypothesis:" not in result.stdout.str()
    result.stdout.fnmatch_lines(["coco: 1 of 3 facts said", "coco: who: not said in turn 1: 'Rome' or 'Paris'"])


def test_a_fact_that_takes_for_ever(conversing):
    """A fact that cannot be looked for in time fails its dialogue with the fact and the mend, and no other."""
    configured(
        conversing, f'[tool.asrlab.models.coco.options.answers]\n"who are you" = "{"a" * 60}!"\n', "fact_recall = 0"
    )
    conversing.dialogue("slow", ("who are you", {"facts": [{"regex": "(a|aa)+$"}]}))
    conversing.dialogue("quick", ("where is it", {"facts": [{"regex": "w(h)+ere"}]}))

    result = conversing.run("--benchmark-json", "results.json", "-k", "slow or quick or over_all")

    result.assert_outcomes(passed=1, failed=2)
    told = "nobody knows what was said in turn 1: /(a|aa)+$/ (given up after 1 s)"
    result.stdout.fnmatch_lines(
        [
            f"coco on slow: {told}",
            "  mend: write the regular expression so that each part of an answer fits in one way: a+b, not (a+)+b",
            f"coco on slow: {told}",
            "coco: slow: not said in turn 1: /(a|aa)+$/ (given up after 1 s)",
        ]
    )
    assert "def test_conversation" not in result.stdout.str()


def test_what_must_not_be_said(conversing):
    """What an answer says although it must not fails the dialogue with the turn and what it was."""
    conversing.dialogue("who", ("who are you", {"forbidden": [{"keyword": "Boston"}, {"keyword": "Rome"}]}))
    configured(conversing, ONE, "forbidden_facts = 0")

    result = conversing.run("-k", "who")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["coco on who: forbidden facts 1 exceeds 0 (bound of the project)", "  said in turn 1: 'Boston'"]
    )


def test_a_later_turn_remembers(conversing):
    """A later turn is answered from an earlier one, and a dialogue knows nothing of the one before."""
    configured(conversing, MEMORY, "fact_recall = 1\nforbidden_facts = 0")
    for name, other in (("David", "Anna"), ("Anna", "David")):
        conversing.dialogue(
            name.lower(),
            f"my name is {name}",
            ("what is my name", {"facts": [{"keyword": name}], "forbidden": [{"keyword": other}]}),
        )

    result = conversing.run("--asr-record", "run.jsonl", "-k", "david or anna", "--asr-rounds", "2")

    result.assert_outcomes(passed=2)
    answers = [[turn["answer"] for turn in row["spoken"]["turns"]] for row in conversing.record()[1]]
    assert answers == [["hello", "you said my name is David"], ["hi", "you said my name is Anna"]]


def test_the_order_of_the_turns(conversing):
    """What a turn must say is looked for in its own answer, not in another's."""
    configured(conversing, MEMORY, "fact_recall = 1")
    conversing.dialogue("early", ("my name is David", {"facts": [{"keyword": "you"}]}), "what is my name")

    result = conversing.run("-k", "early")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  not said in turn 1: 'you'"])


def test_agreement_by_hand(conversing):
    """WER is what the judge heard in all answers against what the model wrote, over the words of all turns."""
    # Of the 5 words of the first answer one is misheard, of the 3 of the second none.
    mumbles = '[tool.asrlab.models.coco.options.mumbles]\n"I am Polly from Boston" = "I am Polly from Austin"\n'
    configured(conversing, mumbles + ONE, "wer = 0.1")
    conversing.dialogue("who", "who are you", "where is it")

    result = conversing.run("-k", "who")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "coco on who: WER 12.5% exceeds 10.0% (bound of the project)",
            "reference:  i am polly from boston where is it*",
            "hypothesis: i am polly from austin where is it*",
            "                            S*",
        ]
    )


def test_times(conversing):
    """Text comes before speech and speech before the end; of several turns the slowest counts."""
    conversing.configure(
        models=("coco",), tasks=["conversation"], tables="[tool.asrlab.models.coco.options]\nsleeps = 0.04\n"
    )
    conversing.dialogue("two", "where is it", "and when")
    conversing.write(
        test_conversation="def test_it(conversation_case):\n"
        "    case = conversation_case\n"
        "    first, second = case.converse()\n"
        "    assert case.first_token == max(first.first_token_s[0], second.first_token_s[0])\n"
        "    assert case.first_audio == max(one.utterance.first_audio_s[0] for one in (first, second))\n"
        "    assert 0.04 <= first.first_token_s[0] <= first.utterance.first_audio_s[0] - 0.04\n"
        "    assert first.utterance.first_audio_s[0] <= first.latencies_s[0] - 0.08\n"
        "    assert case.latency == first.latencies_s[0] + second.latencies_s[0]\n"
    )

    conversing.run().assert_outcomes(passed=1)


def test_an_answer_in_text_alone(conversing):
    """An answer without speech counts as one that the judge heard nothing of, and the scorecard says so."""
    configured(conversing, '[tool.asrlab.models.coco.options]\nmute_on = ["where is it"]\n')
    conversing.dialogue("who", "who are you", ("where is it", {"facts": [{"keyword": "where"}]}))

    result = conversing.run("--asr-record", "run.jsonl", "-k", "who")

    result.assert_outcomes(passed=1)
    (row,) = conversing.record()[1]
    silent = row["spoken"]["turns"][1]
    assert (silent["answer"], silent["heard"], silent["utterance"]) == ("where is it", "", None)
    result.stdout.fnmatch_lines(["coco * 100.0%  50.0% *", "coco: who: turn 2: no speech was made"])


def test_no_speech_at_all(conversing):
    """A dialogue without any speech fails its own case with what was written, and its facts and words count."""
    configured(conversing, '[tool.asrlab.models.coco.options]\nmute_on = ["who are you", "and when"]\n')
    conversing.dialogue("mute", ("who are you", {"facts": [{"keyword": "Polly"}]}), "and when")
    conversing.dialogue("loud", ("where is it", {"facts": [{"keyword": "where"}]}))

    result = conversing.run("-k", "mute or loud")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "model coco answered dialogue mute without any speech, in text: 'who are you / and when'",
            "coco * 2  50.0%  62.5% * 2",
            "coco: mute: turn 1: no speech was made",
        ]
    )
    assert "def test_conversation" not in result.stdout.str()


def test_speech_without_text(conversing):
    """An answer that is spoken and not written misses its facts, and what was heard is counted as invented."""
    conversing.pytester.makeconftest(
        "import parrot_engine\n"
        "def respond(self, samples):\n"
        "    yield from self.pieces('hello there')\n"
        "parrot_engine.ParrotAgent.respond = respond\n"
    )
    conversing.dialogue("who", ASKED)

    result = conversing.run_apart("-k", "who", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.OK
    (row,) = conversing.record()[1]
    assert (row["reference"], row["hypothesis"]) == ("", "hello there")
    assert row["spoken"]["turns"][0]["first_token_s"] == [None]
    result.stdout.fnmatch_lines(["coco * 1   0.0%      -        - *"])


def test_an_engine_that_raises(conversing):
    """An engine that breaks down in a turn fails its dialogue in words, and no other; the run is not green."""
    configured(conversing, '[tool.asrlab.models.coco.options]\nfails_on = "and when"\n')
    conversing.dialogue("bad", "who are you", "and when")
    conversing.dialogue("good", "where is it")

    result = conversing.run("-k", "bad or good")
    pooled = conversing.run("-k", "over_all")

    result.assert_outcomes(passed=1, failed=1)
    sentence = "model coco failed on dialogue bad: RuntimeError: the parrot bit me"
    mend = "try the dialogue alone: pytest --asr-model coco --asr-dialogue bad"
    result.stdout.fnmatch_lines([f"*{sentence}", f"*mend: {mend}"])
    assert pooled.ret == pytest.ExitCode.TESTS_FAILED
    pooled.stdout.fnmatch_lines([f"asrlab: coco on bad: {sentence}*"])


def test_a_question_that_is_not_there(conversing):
    """A question whose audio cannot be read fails its dialogue with a sentence that names turn and file."""
    conversing.dialogue("bad", "who are you", "and when")
    (conversing.path / "fixtures" / "dialogues" / "bad-2.wav").unlink()

    result = conversing.run("-k", "bad")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*dialogues.jsonl:1: turn 2 of dialogue bad: no file *bad-2.wav"])
    assert conversing.events("ask") == []


def test_a_fault_of_the_sound(conversing):
    """Speech whose sound is at fault fails where faults have a bound, with the turn and a sentence."""
    configured(conversing, '[tool.asrlab.models.coco.options]\nsounds = "offset"\n', "speech_faults = 1")
    conversing.dialogue("who", "who are you", "where is it")

    result = conversing.run("-k", "who")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "coco on who: speech faults 2 exceeds 1 (bound of the project)",
            "  turn 1: its mean is +0.100, not 0",
            "  turn 2: its mean is +0.10?, not 0",
        ]
    )


@pytest.mark.parametrize(
    ("mark", "dialogue", "model", "source"),
    [
        ("@pytest.mark.asr(fact_recall=0.9)", 0.1, 0.1, "mark"),
        ("@pytest.mark.asr(cer=2)", 0.9, 0.1, "dialogue"),
        ("", None, 0.9, "model"),
        ("", None, None, "project"),
    ],
)
def test_the_nearest_bound_wins(conversing, mark, dialogue, model, source):
    """The mark's bound is stronger than the dialogue's, that than the model's, and that than the project's."""
    own = "" if model is None else f"[tool.asrlab.models.coco.conversation.thresholds]\nfact_recall = {model}\n"
    configured(conversing, ONE + own, f"fact_recall = {0.9 if source == 'project' else 0.1}")
    thresholds = {} if dialogue is None else {"thresholds": {"fact_recall": dialogue}}
    conversing.dialogue("who", ("who are you", {"facts": [{"keyword": "Polly"}, {"keyword": "Rome"}]}), **thresholds)
    conversing.write(test_conversation=f"import pytest\n{mark}\n{CASE}")

    result = conversing.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"coco on who: fact recall 50.0% is below 90.0% (bound of the {source})"])


def test_pooled(conversing):
    """The pooled recall is over the facts of all dialogues, never the mean of their recalls."""
    bound = "[tool.asrlab.conversation.corpus_thresholds]\nfact_recall = 0.9\n"
    configured(conversing, ONE + bound)
    conversing.dialogue("who", ASKED)
    conversing.dialogue("where", ("where is it", {"facts": [{"keyword": name} for name in ("Rome", "Paris", "Oslo")]}))

    result = conversing.run("-k", "over_all")

    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(["coco over 2 dialogues: fact recall 25.0% is below 90.0% (bound of the project)"])


def test_speech_is_playable(conversing):
    """Each turn's speech is in a file of its own that players play, where the record says that it is."""
    conversing.dialogue("who", "who are you", "where is it")

    conversing.run("--asr-record", "run.jsonl", "-k", "who")

    (row,) = conversing.record()[1]
    files = [turn["utterance"]["file"] for turn in row["spoken"]["turns"]]
    read = [soundfile.read(conversing.path / ".asrlab" / "speech" / file) for file in files]
    assert sum(len(samples) for samples, _ in read) / 16_000 == pytest.approx(row["audio_s"])
    assert len(set(files)) == 2


def test_extra_info(conversing):
    """The case in the benchmark JSON has facts, times, faults and outcome, and is timed as a whole dialogue."""
    conversing.dialogue("who", ASKED, "where is it")

    conversing.run("--benchmark-json", "results.json", "-k", "who")

    (entry,) = conversing.json("results.json")["benchmarks"]
    case = entry["extra_info"]["asr"]
    assert (case["model"], case["task"], case["clip"], case["outcome"]) == ("coco", "conversation", "who", "passed")
    assert (case["facts"]["hits"], case["facts"]["total"], case["wer"], case["speech_faults"]) == (1, 1, 0.0, [])
    assert 0 <= case["first_token_s"] <= case["first_audio_s"] <= entry["stats"]["max"]
    assert json.dumps(case["spoken"]["turns"][0]["facts"]) == '[{"keyword": "Polly"}]'
