"""Comparison of two records whose rows stay in the files."""

import sys
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
from asrlab_pytest.gates.coverage import observed_ids, with_changes, with_coverage
from asrlab_pytest.gates.pairing import PairedRows, pair
from asrlab_pytest.records import sorting, stored_rows
from asrlab_pytest.records.baseline import by_model
from asrlab_pytest.records.identity import IdentitiesOf, identities_of
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.report.gate_terminal import write_gates
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.visible import PlainScreen
from peak_memory import peak_into
from stored_runs import end, environment, observed, row, write

TEXTS = st.sampled_from(["hello there my friend", "hello where", "Hello, there my friend", "", "so it is " * 9])
SIDE = st.lists(
    st.fixed_dictionaries(
        {
            "clip": st.sampled_from("abcdefgh"),
            "reference": st.sampled_from(["hello there my friend", "hello there", ""]),
            "hypothesis": TEXTS,
            "group": st.sampled_from([None, "ann", "bob"]),
            "quarantined": st.booleans(),
            "device": st.sampled_from(["cpu", "cuda"]),
            "decoding": st.sampled_from([None, {"beam_size": 1}, {"beam_size": 5}]),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one["clip"],
)


def judged(now, before, rules):
    """The verdict on a model, and what is shown."""
    pairing = pair("polly", "polly", now, before, rules)
    result = judge_models([pairing], AccuracyTerms())["polly"]
    sides = (before, now)
    if isinstance(rules, Scorer):
        then, by_now = map(IdentitiesOf, sides)
    else:
        then, by_now = (identities_of(side.values()) for side in sides)
    result = with_changes(result, pairing, then, by_now, "then")
    return pairing, with_coverage(result, pairing, observed_ids(pairing), lambda clip: clip == "a")


@given(now=SIDE, before=SIDE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_verdict_on_rows_of_files(tmp_path, capsys, now, before):
    """Verdict, coverage, changes and output are the same as for rows in memory."""
    paths = tmp_path / "now.jsonl", tmp_path / "before.jsonl"
    for path, told in zip(paths, (now, before), strict=True):
        write(path, environment(), *(row(**one) for one in told))
    stored = [by_model(read_run(path).observations)["polly"] for path in paths]
    held = [{one["clip"]: observed(**one) for one in told} for told in (now, before)]

    pairing, streamed = judged(*stored, Scorer(Rules(), with_alignments=False))
    _, expected = judged(*held, Rules())

    assert isinstance(pairing.pairs, PairedRows) == bool(len(pairing.pairs))
    assert replace(streamed, worse=tuple(streamed.worse), better=tuple(streamed.better)) == expected
    assert streamed.as_json() == expected.as_json()
    printed = []
    for result in (streamed, expected):
        write_gates(PlainScreen(sys.stdout), [result, replace(result, model="kea")])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_memory_of_a_comparison(tmp_path, monkeypatch):
    """An additional clip needs at most 450 bytes for both sides together."""
    monkeypatch.setattr(stored_rows, "_WHOLE", 20)
    monkeypatch.setattr(sorting, "_MANY", 0)
    peaks = []
    # The first run is for what is loaded and cached once.
    for count in (50, 200, 1_000):
        sides = []
        for side in range(2):
            rows = (
                row(clip=f"clip-{number}", reference="one two", hypothesis="one" if (number + side) % 9 else "one two")
                for number in range(count)
            )
            sides.append(write(tmp_path / f"{count}-{side}.jsonl", environment(), *rows, end()))
        with peak_into(peaks):
            now, before = (by_model(read_run(path).first_pass)["polly"] for path in sides)
            _, result = judged(now, before, Scorer(Rules(), with_alignments=False))
            assert len(result.worse) + len(result.better) > count // 9

    assert peaks[2] - peaks[1] < 800 * 450
