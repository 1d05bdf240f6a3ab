"""Scores of speech that models made, from the rows of a record."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.spoken import excess, pooled_dialogues, pooled_speech, score_dialogue, score_speech
from stored_runs import dialogue, prompt, turn

RULES = Rules()
words = st.lists(st.sampled_from(["the", "cat", "sat", "on", "a", "mat"]), max_size=6).map(" ".join)
recordings = st.one_of(st.none(), words)
trials = st.lists(st.tuples(words.filter(bool), words, recordings), min_size=1, max_size=6)


def prompts(*trials):
    return [score_speech(prompt(text, heard, recording_heard=recorded), RULES) for text, heard, recorded in trials]


def dialogues(*rows):
    return pooled_dialogues(score_dialogue(row, RULES) for row in rows)


@given(words.filter(bool), words)
def test_the_same_heard_twice_is_no_excess(text, heard):
    """Where the judge hears in the recording what it hears in the speech, the excess is 0, however wrong both are."""
    (score,) = prompts((text, heard, heard))

    assert (score.excess_wer, score.excess_cer) == (0, 0)


@given(words.filter(bool), words, words)
def test_excess_is_turned_round(text, heard, recorded):
    """Speech and recording exchanged turn the sign of the excess."""
    one, other = prompts((text, heard, recorded), (text, recorded, heard))

    assert one.excess_wer == -other.excess_wer
    assert one.excess_cer == -other.excess_cer


@given(words.filter(bool), words)
def test_a_perfect_recording_leaves_the_rate(text, heard):
    """Where the judge makes no error on the recording, the excess is the rate."""
    (score,) = prompts((text, heard, text))

    assert score.excess_wer == score.heard.wer


@given(trials)
def test_pooled_excess(trials):
    """The pooled excess is of the prompts with a recording alone: their errors less, over their words."""
    score = pooled_speech(prompts(*trials))
    beside = [trial for trial in trials if trial[2] is not None]

    assert score.recordings == len(beside)
    if not beside:
        assert (score.excess_wer, score.excess_cer, score.recorded_wer) == (None, None, None)
        return
    of_speech = pooled_speech(prompts(*beside)).heard.wer
    of_recordings = pooled_speech(prompts(*((text, recorded, None) for text, _, recorded in beside))).heard.wer
    assert score.excess_wer == pytest.approx(of_speech - of_recordings)
    assert score.recorded_wer == pytest.approx(of_recordings)


def test_pooled_by_hand():
    """Of 2 and 1 errors on 4 words each, and 1 and 1 on the recordings, the excess is an eighth."""
    score = pooled_speech(
        prompts(
            ("we saw the sea", "we see a sea", "we saw a sea"),
            ("we saw the sea", "we saw a sea", "we saw sea"),
            ("yes", "no", None),
        )
    )

    assert (score.excess_wer, score.recorded_wer) == (1 / 8, 2 / 8)
    assert score.heard.wer == 4 / 9


def test_no_words_have_no_excess():
    """Over no words there is no rate to exceed."""
    nothing = Counts(hits=0, substitutions=0, deletions=0, insertions=1)

    assert excess([(nothing, nothing)]) is None
    assert excess([]) is None


def test_times_of_prompts():
    """Time to first audio is the median over the rounds of a prompt, and then over the prompts."""
    rows = [
        prompt("hello there", "hello there", first_audio_s=times)
        for times in ((0.9, 0.1, 0.2), (0.4, 0.4, 0.4), (5.0, 6.0, 7.0))
    ]
    scores = [score_speech(row, RULES) for row in rows]

    assert [score.first_audio_s for score in scores] == [0.2, 0.4, 6.0]
    assert pooled_speech(scores).first_audio_s == 0.4


def test_faults_of_prompts():
    """Faults are told in sentences, and counted over all prompts."""
    fine = prompt("hello there", "hello there")
    bad = prompt("hello there", "hello there", sound={"offset": 0.5, "clipped": 0.25, "clipped_runs": 7})

    assert score_speech(fine, RULES).faults == ()
    assert score_speech(bad, RULES).faults == (
        "25.0% of the samples are at full scale, in 7 places",
        "its mean is +0.500, not 0",
    )
    assert pooled_speech(score_speech(row, RULES) for row in (fine, bad, bad)).speech_faults == 4


def test_times_of_dialogues():
    """Of the turns the slowest counts, each by its median over the rounds; a round without text has no time."""
    row = dialogue(
        turn("hello", first_token_s=(0.1, 0.3, 0.2), speech={"first_audio_s": (0.5, 0.6, 0.7)}),
        turn("good bye", first_token_s=(None, 0.25, None), speech={"first_audio_s": (0.1, 0.1, 9.0)}),
    )
    score = score_dialogue(row, RULES)

    assert (score.first_token_s, score.first_audio_s) == (0.25, 0.6)


def test_turns_without_text_or_speech():
    """A dialogue in which nothing was written has no time to first text, and a silent turn none to first audio."""
    score = score_dialogue(
        dialogue(turn("", "hello", first_token_s=(None,)), turn("", "", speech=False, first_token_s=(None,))),
        RULES,
    )
    silent = score_dialogue(dialogue(turn("hello", "", speech=False, first_token_s=(0.2,))), RULES)

    assert (score.first_token_s, score.first_audio_s) == (None, 0.3)
    assert (silent.first_token_s, silent.first_audio_s, silent.agreement.wer) == (0.2, None, 1.0)


def test_facts_of_dialogues():
    """Facts are looked for in each turn's own answer; pooled they are counts, never the mean of recalls."""
    paris, rome = {"keyword": "Paris"}, {"keyword": "Rome"}
    one = dialogue(
        turn("it is Paris", facts=[paris], forbidden=[rome]), turn("and Rome", facts=[paris], forbidden=[rome])
    )
    other = dialogue(turn("Rome", facts=[rome]), clip="two")
    facts = score_dialogue(one, RULES).facts

    assert [str(fact) for fact in facts.missed] == ["turn 2: 'Paris'"]
    assert [str(fact) for fact in facts.found] == ["turn 2: 'Rome'"]
    assert (facts.recall, facts.errors) == (0.5, 2)
    pooled = dialogues(one, other)
    assert pooled.facts.recall == 2 / 3


def test_agreement_of_dialogues():
    """Agreement is over the words of all turns, and a word that is lost at a turn's end is one error."""
    row = dialogue(turn("we saw the sea", "we saw the"), turn("good bye"))

    assert score_dialogue(row, RULES).agreement.wer == 1 / 6


def test_faults_of_dialogues():
    """A fault has the number of its turn, and that a turn has no speech is one."""
    row = dialogue(
        turn("hello there"), turn("good bye", "", speech=False), turn("hello there", speech={"offset": -0.5})
    )

    assert score_dialogue(row, RULES).faults == ("turn 2: no speech was made", "turn 3: its mean is -0.500, not 0")
    assert dialogues(row).speech_faults == 2


def test_no_speech():
    """A prompt of which no speech was made has lost all its words, and has a fault and no time."""
    silent = prompt("hello there", "", audio_s=0, rtf=None)
    silent = replace(silent, spoken=replace(silent.spoken, utterance=None))
    score = score_speech(silent, RULES)
    both = pooled_speech([score, score_speech(prompt("good morning", "good morning"), RULES)])

    assert (score.heard.wer, score.faults, score.first_audio_s) == (1.0, ("no speech was made",), None)
    assert (both.heard.wer, both.speech_faults, both.first_audio_s) == (0.5, 1, 0.3)
    assert pooled_speech([score]).first_audio_s is None
