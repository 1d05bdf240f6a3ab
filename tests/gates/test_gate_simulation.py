"""How often the gates are wrong, by the simulation that is in `benchmarks/`."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from asrlab_pytest.gates import regression_words as words
from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_run
from asrlab_pytest.gates.outcome import Outcome

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
TRIALS = 40


@pytest.fixture(scope="module")
def simulation():
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module("gate_simulation")
    sys.path.remove(str(BENCHMARKS))
    for name in ("gate_simulation", "simulated_runs"):
        del sys.modules[name]


@pytest.fixture(scope="module")
def runs(simulation):
    return sys.modules["simulated_runs"]


@pytest.fixture(scope="module")
def arms(simulation):
    return {arm.name: arm for arm in simulation.all_arms()}


@pytest.mark.parametrize(
    "name",
    [
        "equal models: 100 x 1",
        "rerun: 100 x 5",
        "x1.5: 100 x 5",
        "x1.25: 300 x 5",
        "better: 100 clips",
        "equal, any speaker named: 100 x 8",
        "one clip +100 words, by WER alone: 100 x 8",
        "one clip +100 words: 100 x 8",
        "equal, 1 words, WER 15%",
        "equal, 3 words, WER 30%",
        "rerun of 5%, 5 words, WER 15%",
        "20 silences, 0 to 2 words at random",
        "a silence grows from 1 word to 24",
        "10 of 20 silences grow from 1 word to 2",
        "20 of 100 clips of 1 word gone empty",
        "95% for these speakers: 100 x 1",
        "95% for these speakers: 30 x 5",
        "speed A/A: neighbour 60%",
        "speed, +10% is allowed: neighbour 30% of the time",
        "speed +20%: quiet",
        "speed -20%: quiet",
    ],
)
def test_arms(simulation, arms, name):
    """A gate fails where a model became worse, seldom where it did not, and an interval holds as often as it says."""
    assert arms[name].bounds
    assert simulation.run(arms[name], TRIALS, [7])


def test_a_family(simulation, arms):
    """Of twenty models that are as good as before none fails, and one that is half as bad again is mostly found."""
    assert simulation.run(arms["20 equal models, any: 100 x 5"], 8, [7])
    rng = simulation.np.random.default_rng(7)
    told = [arms["1 of 20 x1.5, 19 reruns: 100 x 5"].trial(rng) for _ in range(6)]
    assert told.count(Outcome.FAIL) >= 4


@pytest.mark.parametrize("speakers", [None, 1, 2, 3, 4, 5, 6, 8, 12, 32])
def test_pocketsphinx_against_whisper(runs, speakers):
    """On the real recordings PocketSphinx fails against Whisper tiny.en, however the clips are grouped."""
    clips = runs.RealClips.read()
    drawn = list(zip(clips.sides["tiny.en"], clips.sides["pocketsphinx"], strict=True))

    worse, better = (
        judge_run([runs.pairing(pairs, runs.Corpus(len(drawn), speakers))], AccuracyTerms())[0]
        for pairs in (drawn, [pair[::-1] for pair in drawn])
    )
    assert (worse.outcome, better.outcome) == (Outcome.FAIL, Outcome.PASS)
    assert worse.metrics[0].outcome is Outcome.FAIL
    assert "generalize from" in words.sentence(worse.metrics[0]) or speakers in {None, 6, 8, 12, 32}


def test_pocketsphinx_by_the_real_groups(runs):
    """So it does by the groups that the recordings have, most of which are of one origin."""
    clips = runs.RealClips.read()
    drawn = runs.pairing(
        list(zip(clips.sides["tiny.en"], clips.sides["pocketsphinx"], strict=True)), runs.Corpus(32, None)
    )
    pairs = tuple(replace(pair, group=str(speaker)) for pair, speaker in zip(drawn.pairs, clips.speakers, strict=True))

    assert judge_run([replace(drawn, pairs=pairs)], AccuracyTerms())[0].outcome is Outcome.FAIL


def test_the_table(simulation, arms, monkeypatch, capsys):
    """The script prints a row for each arm, and its exit status says whether a bound is missed."""
    monkeypatch.setattr(sys, "argv", ["gate_simulation.py", "--trials", "2", "--only", "30 x 5"])

    status = simulation.main()
    lines = capsys.readouterr().out.splitlines()
    chosen = [name for name in arms if "30 x 5" in name]
    assert [line for line in chosen if not any(row.startswith(line) for row in lines)] == []
    assert status == any("MISSED" in line for line in lines)


def test_a_bound_allows_for_chance(simulation):
    """A share may miss its bound by what chance adds in as many trials, and by no more."""
    bound = simulation.Bound(Outcome.FAIL, most=0.05)

    assert bound.keeps(0.07, 400)
    assert not bound.keeps(0.10, 400)
    assert not simulation.Bound(Outcome.PASS, least=0.85).keeps(0.75, 400)
