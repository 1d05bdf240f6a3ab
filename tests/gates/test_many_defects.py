"""A model that is broken on a thousand clips is told of in a few lines."""

import io
from dataclasses import replace

from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
from asrlab_pytest.gates.pairing import pair
from asrlab_pytest.report.gate_terminal import write_gates
from asrlab_pytest.report.gates import verdict_lines
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.visible import PlainScreen
from stored_runs import observed

SAID = "she opened the door and walked in"


def test_the_first_ten_and_how_many_more():
    """Ten defects are shown, those of many clips first, and the others are counted; the data have them all."""
    silences = [observed(clip=f"q{number}", reference="", hypothesis="") for number in range(10)]
    spoken = [observed(clip=f"c{number}", reference=SAID, hypothesis=SAID) for number in range(25)]
    now = [*(replace(one, hypothesis="") for one in spoken), *(replace(one, hypothesis="you") for one in silences)]
    before = {one.clip: one for one in [*spoken, *silences]}

    found = judge_models([pair("polly", "polly", now, before, Rules())], AccuracyTerms())["polly"]

    assert len(found.trips) == 26
    defects = [line for line in verdict_lines(found) if "defect" in line]
    assert defects[0].startswith("  new defect: 10 of 10 silent clips")
    assert defects[1] == "  new defect: c0: no text, but the baseline has text"
    assert defects[10:] == ["  and 16 more new defects"]
    warned = replace(found, warnings=("louder",) * 13)
    assert "  and 3 more warnings" in verdict_lines(warned)
    screen = io.StringIO()
    write_gates(PlainScreen(screen, 80), [warned])
    shown = [line.strip() for line in screen.getvalue().splitlines()]
    assert {"and 23 more new defects", "and 10 more warnings"} <= {*shown}


def test_clips_in_quarantine():
    """A clip in quarantine is not compared, and is named."""
    before = {f"c{number}": observed(clip=f"c{number}") for number in range(4)}
    now = [replace(before["c0"], quarantined=True), *(before[f"c{number}"] for number in (1, 2, 3))]

    found = judge_models([pair("polly", "polly", now, before, Rules())], AccuracyTerms())["polly"]

    assert found.findings[0].sentence == "WER is the same on all 3 clips: 0.0%."
    assert found.remarks == ("1 clip in quarantine, not compared: c0",)
