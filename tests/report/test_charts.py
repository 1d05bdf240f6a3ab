"""The charts of the HTML report."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.cli import main
from asrlab_pytest.report.charts import (
    BIN_NAMES,
    Event,
    Measured,
    Moment,
    error_histogram,
    over_runs,
    shares,
    wer_against_rtf,
    wer_of_models,
)
from asrlab_pytest.report.charts.labels import LINE, width_of
from asrlab_pytest.scoring.change import Interval
from stored_runs import end, environment, row, write


def texts(image, kind):
    """Texts of a class, each with its left end and its line."""
    return [
        (node.text, float(node.get("x")), float(node.get("y")))
        for node in image.iter("text")
        if kind in (node.get("class") or "").split()
    ]


def ticks(image):
    return [text for text, *_ in texts(image, "tick")]


def touching(labels):
    """Pairs of labels that overlap."""
    return [
        (one, other)
        for (one, left, line), (other, start, row) in combinations(labels, 2)
        if abs(line - row) < LINE - 0.1 and left < start + width_of(other) and start < left + width_of(one)
    ]


def measured(model, wer, rtf=None, high=None):
    return Measured(model=model, wer=wer, rtf=rtf, interval=high and Interval(low=0.0, high=high), number=0)


@given(count=st.integers(1, 100_000))
def test_counts_are_whole(count):
    """The axis of a number of clips has a few marks, all whole numbers."""
    shown = [float(tick) for tick in ticks(error_histogram({"kea": [0.0] * min(count, 3000)}, {"kea": 0}))[:-9]]

    assert 2 <= len(shown) <= 7
    assert all(tick.is_integer() for tick in shown)


def test_classes_do_not_touch():
    """The names of the classes of WER stand apart from each other."""
    image = error_histogram({"kea": [0.0]}, {"kea": 0})
    middles = [(text, x - width_of(text) / 2, y) for text, x, y in texts(image, "tick") if text in BIN_NAMES[1:]]

    assert len(middles) == 8
    assert not touching(middles)


NAMES = ["whisper-tiny.en", "pocketsphinx", "WWWWWW", "m" * 30, "語音", *(f"model-{number}" for number in range(15))]


@given(st.lists(st.tuples(st.floats(0.01, 0.9), st.floats(0.01, 10)), min_size=1, max_size=20))
def test_names_do_not_touch(points):
    """Every model is named once, and no name covers another or another's point or interval, however close they are."""
    numbers = {model: place for place, model in enumerate(NAMES)}
    models = [measured(NAMES[place], wer, rtf, high=1.1 * wer) for place, (wer, rtf) in enumerate(points)]
    times = {model.model: [model.rtf * (1 + share / 30) for share in range(30)] for model in models}
    lines = {model.model: [Moment(run=0, value=model.wer), Moment(run=1, value=model.rtf / 10)] for model in models}
    front = wer_against_rtf(models)
    history = over_runs(lines, runs=["a", "b"], name="WER", written="percent", numbers=numbers)

    for image in (front, history, shares(times, "latency", numbers)):
        names = texts(image, "name")
        width, height = (float(end) for end in image.get("viewBox").split()[2:])
        assert len({text.removeprefix("■ ") for text, *_ in names}) == len(names) == len(points)
        assert not touching(names)
        assert all(left >= 0 and left + width_of(text) <= width and LINE <= line < height for text, left, line in names)
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in front.iter("circle")]
    for text, left, line in texts(front, "name"):
        end = left + width_of(text)
        assert not [(x, y) for x, y in dots if left < x < end and line - LINE + 3 < y < line + 3]


def test_events_do_not_touch():
    """Changes of neighboring runs are labeled in rows above the chart, without overlapping each other or the names."""
    runs = [f"{number}" for number in range(9)]
    moments = {"kea": [Moment(run=number, value=0.1 * number) for number in range(9)]}
    kinds = ("weights", "protocol", "machine")
    events = [Event(run=number, what=f"{kind}: x") for number in range(1, 9) for kind in kinds]
    image = over_runs(moments, runs=runs, name="WER", written="percent", numbers={"kea": 0}, events=events)
    labels = [*texts(image, "events"), *texts(image, "name")]

    assert len(labels) == 9
    assert not touching(labels)
    assert all(left + width_of(text) <= 560 for text, left, _ in labels)
    assert min(line for *_, line in labels) > 8


def test_points_stand_at_their_runs():
    """However many runs and models there are, each point is nearest to its own run, and names of runs do not touch."""
    models, runs = [f"model-{number}" for number in range(12)], [f"{number:07}" for number in range(30)]
    lines = {model: [Moment(run=number, value=0.1) for number in range(30)] for model in models}
    numbers = {model: place for place, model in enumerate(models)}
    image = over_runs(lines, runs=runs, name="WER", written="number", numbers=numbers)
    dots = {dot[0].text: float(dot.get("cx")) for dot in image.iter("circle")}
    named = [(text, x - width_of(text) / 2, y) for text, x, y in texts(image, "tick") if text in runs]

    assert sorted(dots.values()) == [dots[f"{model}, {run}: 0.1"] for run in runs for model in models]
    assert len(named) > 1
    assert not touching(named)


def test_a_rate_of_thousands_is_written_in_full():
    """The axis of a very high rate has no powers of ten, and stays in the picture."""
    shown = [text for text in ticks(wer_of_models([measured("kea", 1000.0)])) if text.endswith("%")]

    assert "50,000%" in shown
    assert not any("e" in text for text in shown)


@pytest.mark.parametrize("rtf", [0.1, None])
def test_a_wide_interval_is_cut(rtf):
    """A very wide interval does not squeeze the rates together: it ends in an arrow at 150 %."""
    points = [measured("kea", 0.2, rtf, high=5.3), measured("polly", 0.1, rtf, high=0.3)]
    image = wer_against_rtf(points) if rtf else wer_of_models(points)

    assert max(float(tick[:-1]) for tick in ticks(image) if tick.endswith("%")) == 150
    assert [path.get("d").count("L") for path in image.iter("path") if "bar" in path.get("class")] in ([4, 3], [3, 4])


def test_a_rate_is_never_cut():
    """A rate above 150 % is on the axis."""
    assert "300%" in ticks(wer_of_models([measured("kea", 3.0)]))


def test_without_valid_times(tmp_path):
    """A run without valid times has a chart of the WER of all models, and says why there is none with the RTF."""
    busy = environment(load_average=[9.0, 9.0, 9.0])
    lines = [row(recorded=True), row(model="kea", hypothesis="hello where", recorded=True)]
    record = write(tmp_path / "run.jsonl", busy, *lines, end(polly={"status": "ready"}, kea={"status": "ready"}))
    assert main(["report", str(record), "-o", str(tmp_path / "report.html")]) == 0

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    chart = re.search(r"<figure>.*?</figure>", page, re.DOTALL)[0]
    assert "There is no chart of WER against RTF" in chart
    assert re.search(r"no RTF is valid: \w+", chart)
    assert {"polly", "kea"} <= set(re.findall(r">([^<]+)</text>", chart))
