"""Charts as inline SVG.

Drawn here, because each takes a few hundred bytes and the page colors it for light and dark. vl-convert, the
only library that draws such charts without a browser, is a wheel of 84 MB, as large as all other dependencies together.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from asrlab_pytest.grouping import grouped
from asrlab_pytest.report.charts.labels import LINE, Box, Name, width_of, with_names
from asrlab_pytest.report.charts.svg import (
    MARGINS,
    SIZE,
    Axis,
    Element,
    color,
    drawing,
    element,
    frame,
    horizontal,
    shown,
    titled,
    vertical,
    x_frame,
    y_frame,
)
from asrlab_pytest.report.layout import short
from asrlab_pytest.report.scorecard import Scorecard
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import many

_MOST_WER = 1.5
"""Upper limit of an axis of rates, unless a rate is above it: the interval of a few clips can be very wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A model's WER and RTF."""

    model: str
    wer: float
    rtf: float | None
    """None if its times are not valid."""
    interval: Interval | None
    """Of the WER."""
    number: int
    """Index of its color."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure of a model in one of several runs."""

    run: int
    """Number of the run, from 0."""
    value: float
    interval: Interval | None = None
    incomplete: str = ""
    """What the run leaves out, in words; empty for a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that changed with a run."""

    run: int
    what: str


def pareto_front(points: Sequence[Measured]) -> list[Measured]:
    """The models that no other beats in both WER and RTF, by rising RTF."""
    return [point for _, point in _front_of(points)]


def _front_of(points: Sequence[Measured]) -> list[tuple[float, Measured]]:
    """With their RTF."""
    front: list[tuple[float, Measured]] = []
    for rtf, wer, point in sorted(_timed(points), key=lambda timed: timed[:2]):
        if not front or wer < front[-1][1].wer:
            front.append((rtf, point))
    return front


def _timed(points: Sequence[Measured]) -> list[tuple[float, float, Measured]]:
    return [(point.rtf, point.wer, point) for point in points if point.rtf is not None]


def wer_against_rtf(points: Sequence[Measured]) -> Element:
    """Error against time of the models that have both, with the front that no model beats in both."""
    timed = _timed(points)
    x, y = horizontal([rtf for rtf, *_ in timed], "log"), vertical(_ends([point for *_, point in timed]))
    parts = [*frame(x, y, "RTF (smaller is faster)", "WER"), *_front(_front_of(points), x, y)]
    names, taken = [], []
    for rtf, wer, point in timed:
        at, height = x.place(rtf), y.place(wer)
        taken.append(Box(at - 6, at + 6, height - 6, height + 6))
        if point.interval is not None:
            parts.append(_bar(at, point.interval, y, color(point.number)))
            taken.append(Box(at - 5, at + 5, y.place(point.interval.high) - 1, y.place(point.interval.low) + 1))
        parts.append(_dot(at, height, f"{point.model}: WER {wer:.1%}, RTF {rtf:.3f}", point.number))
        names.append(Name(at, height, point.model, point.number))
    title = "WER against RTF, with 95% intervals and the Pareto front"
    return with_names(title, parts, names, x=x, y=y, taken=taken)


_ROW = 26


def wer_of_models(points: Sequence[Measured]) -> Element:
    """The error of each model, a line each, for a run without valid times."""
    size = (SIZE[0], MARGINS[0] + _ROW * len(points) + MARGINS[2])
    room = min(max(width_of(short(point.model)) for point in points) + 16, 0.6 * size[0])
    x = replace(horizontal(_ends(points), size=size), start=room)
    y = Axis(low=0, high=len(points), start=size[1] - MARGINS[2], end=MARGINS[0])
    parts = [*x_frame(x, y, "WER", "percent")]
    for place, point in enumerate(reversed(points)):
        height, tone = y.place(place + 0.5), color(point.number)
        label = short(point.model)
        parts.append(element("text", label, x=room - 10, y=height + 4, text_anchor="end", class_=f"name {tone}"))
        if point.interval is not None:
            parts.append(_bar(height, point.interval, x, tone, is_flat=True))
        parts.append(_dot(x.place(point.wer), height, f"{point.model}: WER {point.wer:.1%}", point.number))
    return drawing("WER of each model, with 95% intervals", parts, size)


def _ends(points: Iterable[Measured | Moment]) -> list[float]:
    """The rates that an axis covers."""
    values = [point.wer if isinstance(point, Measured) else point.value for point in points]
    return [*values, *(min(point.interval.high, _MOST_WER) for point in points if point.interval)]


def _front(front: Sequence[tuple[float, Measured]], x: Axis, y: Axis) -> Iterator[Element]:
    if len(front) > 1:
        (rtf, first), *others = front
        steps = [f"M {x.place(rtf):.1f} {y.place(first.wer):.1f}"]
        steps += [f"H {x.place(rtf):.1f} V {y.place(point.wer):.1f}" for rtf, point in others]
        yield element("path", d=" ".join(steps), class_="front")


def _dot(at: float, height: float, title: str, number: int) -> Element:
    return titled(element("circle", cx=at, cy=height, r=5, class_=f"dot {color(number)}"), title)


def _bar(at: float, interval: Interval, axis: Axis, tone: str, *, is_flat: bool = False) -> Element:
    """An interval along an axis, upright or flat: its ends are lines, or an arrow where it leaves the axis."""
    low, high = axis.place(interval.low), axis.place(interval.high)
    back = 5 if axis.end < axis.start else -5
    end = [(high + back, at - 4), (high, at), (high + back, at + 4)] if interval.high > axis.high else []
    strokes = [[(low, at), (high, at)], [(low, at - 4), (low, at + 4)], end or [(high, at - 4), (high, at + 4)]]
    written = ["M " + " L ".join(_pair(*point, is_flat=is_flat) for point in stroke) for stroke in strokes]
    return element("path", d=" ".join(written), class_=f"bar {tone}")


def _pair(along: float, across: float, *, is_flat: bool) -> str:
    return f"{along:.1f} {across:.1f}" if is_flat else f"{across:.1f} {along:.1f}"


def shares(values: Mapping[str, Sequence[float]], name: str, numbers: Mapping[str, int], noun: str = "clip") -> Element:
    """For each model, the share of its clips that took no longer than a time (the empirical distribution).

    Args:
        values: Seconds by model; above 0.
        name: Name of the values.
        numbers: Color index by model.
        noun: What has a value, such as clip.
    """
    times = [value for sample in values.values() for value in sample]
    x, y = horizontal(times, "log"), vertical([1 / 1.08])
    parts = [*frame(x, y, name, f"share of the {noun}s")]
    names: list[Name] = []
    taken: list[Box] = []
    for model, sample in values.items():
        ordered = sorted(sample)
        steps = [f"M {x.place(ordered[0]):.1f} {y.place(0):.1f}"]
        steps += [
            f"V {y.place(number / len(ordered)):.1f} H {x.place(after):.1f}"
            for number, after in enumerate([*ordered[1:], ordered[-1]], start=1)
        ]
        line = element("path", d=" ".join(_thinned(steps)), class_=f"line {color(numbers[model])}")
        parts.append(titled(line, model))
        names.append(Name(x.place(ordered[len(ordered) // 2]), y.place(0.5), model, numbers[model]))
        taken += _curve(ordered, x, y)
    return with_names(f"{name}: share of the {noun}s up to each value", parts, names, x=x, y=y, taken=taken)


def _curve(ordered: Sequence[float], x: Axis, y: Axis) -> Iterator[Box]:
    """What the line of a distribution covers, part by part."""
    count = len(ordered)
    ends = sorted({count * part // _PARTS for part in range(_PARTS + 1)})
    for first, after in pairwise(ends):
        left, right = x.place(ordered[first]), x.place(ordered[min(after, count - 1)])
        yield Box(left - 1, right + 1, y.place(after / count) - 1, y.place(first / count) + 1)


_PARTS = 40


_STEPS = 400


def _thinned(steps: Sequence[str]) -> Sequence[str]:
    """No more steps than are visible, including the first and the last."""
    stride = len(steps) // _STEPS + 1
    return [*steps[:-1:stride], steps[-1]]


BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Lower limits of the WER classes above 0; the last class is open."""
BIN_NAMES = ("0", "0–5", "5–10", "10–20", "20–30", "30–50", "50–75", "75–100", "> 100")
"""In percent."""


def in_bins(rates: Sequence[float]) -> list[int]:
    """How many clips have no error, up to 5 %, 10 % and so on."""
    counts = [0] * len(BIN_NAMES)
    for rate in rates:
        counts[0 if rate == 0 else bisect_right(BINS, rate - 1e-12)] += 1
    return counts


def error_histogram(rates: Mapping[str, Sequence[float]], numbers: Mapping[str, int], noun: str = "clip") -> Element:
    """For each model, the number of clips by WER."""
    counted = {model: in_bins(sample) for model, sample in rates.items()}
    y = vertical([max(counts) for counts in counted.values()], "count")
    x = Axis(low=0, high=len(BIN_NAMES), start=60, end=540)
    parts = [*y_frame(y, (x.start, x.end), f"{noun}s", "number")]
    parts += [element("line", x1=x.start, x2=x.end, y1=y.start, y2=y.start, class_="axis")]
    for place, name in enumerate(BIN_NAMES):
        at = x.place(place + 0.5)
        parts.append(element("text", name, x=at, y=y.start + 16, text_anchor="middle", class_="tick"))
    parts.append(
        element("text", f"WER of a {noun} in percent", x=(x.start + x.end) / 2, y=y.start + 36, text_anchor="middle")
    )
    for order, (model, counts) in enumerate(counted.items()):
        parts += _bars(counts, model, (order, len(counted)), color(numbers[model]), x, y)
    return drawing(f"Number of {noun}s by WER", parts)


def _bars(  # noqa: PLR0913, PLR0917 - a place in the group, a color, and both axes
    counts: Sequence[int], model: str, place: tuple[int, int], tone: str, x: Axis, y: Axis
) -> Iterator[Element]:
    order, models = place
    width = 0.84 * (x.place(1) - x.place(0)) / models
    for group, count in enumerate(counts):
        if count:
            left = x.place(group + 0.08) + order * width
            top = y.place(count)
            block = element(
                "rect", x=left, y=top, width=max(width - 1, 0.5), height=y.start - top, class_=f"block {tone}"
            )
            yield titled(block, f"{model}: {count}, WER {BIN_NAMES[group]}%")


def over_runs(  # noqa: PLR0913 - keywords
    lines: Mapping[str, Sequence[Moment]],
    *,
    runs: Sequence[str],
    name: str,
    written: str,
    numbers: Mapping[str, int],
    events: Sequence[Event] = (),
) -> Element:
    """A figure of every model over several runs, with what changed between them.

    Args:
        lines: By model.
        runs: Names of the runs, from the oldest.
        name: Name of the figure.
        written: "percent" or "number".
        numbers: Color index by model.
        events: Changes that may explain a step.
    """
    size = (560, 260)
    ends = _ends([moment for moments in lines.values() for moment in moments])
    # Names are to the right of the lines.
    room = min(max((width_of(short(model)) for model in lines), default=0) + 10, size[0] / 3)
    x = Axis(low=-0.5, high=max(len(runs) - 0.5, 0.5), start=60, end=size[0] - 10 - room)
    labels = _event_labels(events, x, size[0])
    rows = max((label.row + 1 for label in labels), default=0)
    y = replace(vertical(ends, size=size), end=MARGINS[0] + max(rows - 1, 0) * LINE)
    parts = [*y_frame(y, (x.start, x.end), name, written), *_run_names(runs, x, y), *_events(labels, y)]
    names = []
    gap = min(_ASIDE, _GROUP * (x.place(1) - x.place(0)) / len(lines)) if lines else 0
    for order, (model, moments) in enumerate(lines.items()):
        tone = color(numbers[model])
        # Side by side, so that no interval covers another.
        aside = gap * (order - (len(lines) - 1) / 2)
        parts.append(element("path", d=" ".join(_steps(moments, x, y, aside)), class_=f"line {tone}"))
        for moment in moments:
            at = x.place(moment.run) + aside
            parts += [_bar(at, moment.interval, y, tone)] if moment.interval else []
            kind = "hollow" if moment.incomplete else "dot"
            dot = element("circle", cx=at, cy=y.place(moment.value), r=3.5, class_=f"{kind} {tone}")
            sentence = f"{model}, {runs[moment.run]}: {shown(moment.value, written)}"
            parts.append(titled(dot, "; ".join(filter(None, [sentence, moment.incomplete]))))
        names.append(Name(x.end - 10, y.place(moments[-1].value), model, numbers[model]))
    beside = replace(x, start=x.end, end=size[0])
    return with_names(f"{name} over {many(len(runs), 'run')}", parts, names, x=beside, y=y, size=size)


def _steps(moments: Sequence[Moment], x: Axis, y: Axis, aside: float) -> Iterator[str]:
    """A line through the measured values, broken at runs without one."""
    before = None
    for moment in moments:
        move = "L" if moment.run - 1 == before else "M"
        yield f"{move} {x.place(moment.run) + aside:.1f} {y.place(moment.value):.1f}"
        before = moment.run


_ASIDE = 4
"""Most pixels between the models of a run."""
_GROUP = 0.7
"""The share of the way to the next run that they take up, so that each point stands at its own run."""


def _run_names(runs: Sequence[str], x: Axis, y: Axis) -> Iterator[Element]:
    yield element("line", x1=x.start, x2=x.end, y1=y.start, y2=y.start, class_="axis")
    longest = max(map(width_of, runs), default=0) + _GAP
    stride = math.ceil(longest / (x.place(1) - x.place(0)))
    for place in range(0, len(runs), max(stride, 1)):
        yield element("text", runs[place], x=x.place(place), y=y.start + 16, text_anchor="middle", class_="tick")


_GAP = 6


class _EventLabel(NamedTuple):
    """Labels of what changed with a run, at the line that marks it."""

    at: float
    whats: Sequence[str]
    kinds: str
    left: float
    row: int
    """Above the chart, from below."""


def _event_labels(events: Sequence[Event], x: Axis, width: float) -> list[_EventLabel]:
    """Labels from left to right, each in the lowest row in which it covers no other."""
    by_run = grouped((event.run, event.what) for event in sorted(events, key=lambda event: event.run))
    labels: list[_EventLabel] = []
    ends: list[float] = []
    for run, whats in by_run.items():
        kinds = ", ".join(dict.fromkeys(what.split(":")[0] for what in whats))
        at, length = x.place(run - 0.5), width_of(kinds)
        left = max(min(at + 3, width - length), 0)
        row = next((row for row, end in enumerate(ends) if end + _GAP < left), len(ends))
        ends[row : row + 1] = [left + length]
        labels.append(_EventLabel(at, whats, kinds, left, row))
    return labels


def _events(labels: Sequence[_EventLabel], y: Axis) -> Iterator[Element]:
    for label in labels:
        height = y.end - 4 - label.row * LINE
        line = element("line", x1=label.at, x2=label.at, y1=y.start, y2=height + 3, class_="event")
        yield titled(line, "; ".join(label.whats))
        yield element("text", label.kinds, x=label.left, y=height, class_="events")


def measured(card: Scorecard, numbers: Mapping[str, int]) -> list[Measured]:
    """The models that have a WER, with the numbers by which they are colored."""
    return [
        Measured(
            model=visible(row.model),
            wer=row.figures.score.wer,
            rtf=row.figures.rtf or None,
            interval=row.figures.wer_interval,
            number=numbers.get(row.model, 0),
        )
        for row in card.rows
        if row.figures is not None and row.figures.score.wer is not None
    ]
