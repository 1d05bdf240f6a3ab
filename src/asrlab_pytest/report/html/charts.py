"""Charts as inline SVG.

Drawn here, because each takes a few hundred bytes and the page colors it for light and dark. vl-convert, the
only library that draws such charts without a browser, is a wheel of 84 MB, as large as all other dependencies together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.report.html.svg import (
    Axis,
    Element,
    color,
    drawing,
    element,
    frame,
    horizontal,
    vertical,
    y_frame,
)
from asrlab_pytest.report.layout import short
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.wording import many

_LETTER = 6.5
"""Approximate width of a letter in pixels."""
_LINE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A model's WER and RTF."""

    model: str
    wer: float
    rtf: float
    interval: Interval | None
    """Of the WER."""
    number: int
    """Index of its color."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    front: list[Measured] = []
    for point in sorted(points, key=lambda point: (point.rtf, point.wer)):
        if not front or point.wer < front[-1].wer:
            front.append(point)
    return front


def wer_against_rtf(points: Sequence[Measured]) -> Element:
    """Error against time, with the front that no model beats in both."""
    ends = [bound for point in points for bound in (point.wer, point.interval.high if point.interval else point.wer)]
    x, y = horizontal([point.rtf for point in points], "log"), vertical(ends)
    parts = [*frame(x, y, "RTF (smaller is faster)", "WER"), *_front(pareto_front(points), x, y)]
    for point in points:
        parts += _point(point, x, y)
    names = [(x.place(point.rtf), y.place(point.wer), point.model, point.number) for point in points]
    return drawing("WER against RTF, with 95% intervals and the Pareto front", [*parts, *_names(names, x)])


def _front(front: Sequence[Measured], x: Axis, y: Axis) -> Iterator[Element]:
    if len(front) > 1:
        steps = [f"M {x.place(front[0].rtf):.1f} {y.place(front[0].wer):.1f}"]
        steps += [f"H {x.place(point.rtf):.1f} V {y.place(point.wer):.1f}" for point in front[1:]]
        yield element("path", d=" ".join(steps), class_="front")


def _point(point: Measured, x: Axis, y: Axis) -> Iterator[Element]:
    at, tone = x.place(point.rtf), color(point.number)
    if point.interval is not None:
        yield from _bar(at, point.interval, y, tone)
    dot = element("circle", cx=at, cy=y.place(point.wer), r=5, class_=f"dot {tone}")
    dot.append(element("title", f"{point.model}: WER {point.wer:.1%}, RTF {point.rtf:.3f}"))
    yield dot


def _bar(at: float, interval: Interval, y: Axis, tone: str) -> Iterator[Element]:
    low, high = y.place(interval.low), y.place(interval.high)
    path = f"M {at:.1f} {low:.1f} V {high:.1f} M {at - 4:.1f} {low:.1f} h 8 M {at - 4:.1f} {high:.1f} h 8"
    yield element("path", d=path, class_=f"bar {tone}")


def _names(places: Sequence[tuple[float, float, str, int]], x: Axis) -> Iterator[Element]:
    """Names next to their points, moved up where two would cover each other."""
    taken: list[tuple[float, float, float]] = []
    for at, height, name, number in sorted(places, key=lambda place: -place[1]):
        label = short(name)
        width = _LETTER * len(label)
        left = at + 10 if at + 10 + width <= x.end else max(at - 10 - width, 0)
        line = height - 6
        while any(abs(line - other) < _LINE and left < end and start < left + width for start, end, other in taken):
            line -= _LINE
        taken.append((left, left + width, line))
        yield element("text", label, x=left, y=max(line, 10), class_=f"name {color(number)}")


def shares(values: Mapping[str, Sequence[float]], name: str, numbers: Mapping[str, int], noun: str = "clip") -> Element:
    """For each model, the share of its clips that took no longer than a time (the empirical distribution).

    Args:
        values: Seconds by model; above 0.
        name: Name of the values.
        numbers: Color index by model.
        noun: What has a value, such as clip.
    """
    times = [value for sample in values.values() for value in sample]
    x, y = horizontal(times, "log"), vertical([0.93])
    parts = [*frame(x, y, name, f"share of the {noun}s")]
    names = []
    for model, sample in values.items():
        ordered = sorted(sample)
        steps = [f"M {x.place(ordered[0]):.1f} {y.place(0):.1f}"]
        steps += [
            f"V {y.place(number / len(ordered)):.1f} H {x.place(after):.1f}"
            for number, after in enumerate([*ordered[1:], ordered[-1]], start=1)
        ]
        line = element("path", d=" ".join(_thinned(steps)), class_=f"line {color(numbers[model])}")
        line.append(element("title", model))
        parts.append(line)
        names.append((x.place(ordered[len(ordered) // 2]), y.place(0.5), model, numbers[model]))
    return drawing(f"{name}: share of the {noun}s up to each value", [*parts, *_names(names, x)])


_STEPS = 400


def _thinned(steps: Sequence[str]) -> Sequence[str]:
    """No more steps than are visible, including the first and the last."""
    stride = len(steps) // _STEPS + 1
    return [*steps[:-1:stride], steps[-1]]


BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Lower limits of the WER classes above 0; the last class is open."""
BIN_NAMES = ("0", "to 5%", "10%", "20%", "30%", "50%", "75%", "100%", "more")


def in_bins(rates: Sequence[float]) -> list[int]:
    """How many clips have no error, up to 5 %, 10 % and so on."""
    counts = [0] * len(BIN_NAMES)
    for rate in rates:
        counts[0 if rate == 0 else bisect_right(BINS, rate - 1e-12)] += 1
    return counts


def error_histogram(rates: Mapping[str, Sequence[float]], numbers: Mapping[str, int], noun: str = "clip") -> Element:
    """For each model, the number of clips by WER."""
    counted = {model: in_bins(sample) for model, sample in rates.items()}
    y = vertical([max(counts) for counts in counted.values()])
    x = Axis(low=0, high=len(BIN_NAMES), start=60, end=540)
    parts = [*y_frame(y, (x.start, x.end), f"{noun}s", "number")]
    parts += [element("line", x1=x.start, x2=x.end, y1=y.start, y2=y.start, class_="axis")]
    for place, name in enumerate(BIN_NAMES):
        at = x.place(place + 0.5)
        parts.append(element("text", name, x=at, y=y.start + 16, text_anchor="middle", class_="tick"))
    parts.append(element("text", f"WER of a {noun}", x=(x.start + x.end) / 2, y=y.start + 36, text_anchor="middle"))
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
            block.append(element("title", f"{model}: {count}, WER {BIN_NAMES[group]}"))
            yield block


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
    bounds = [m.interval.high if m.interval else m.value for moments in lines.values() for m in moments]
    y = vertical(bounds, size=size)
    # Names stand to the right of the lines.
    room = min(_LETTER * max((len(short(model)) for model in lines), default=0) + 10, size[0] / 3)
    x = Axis(low=-0.5, high=max(len(runs) - 0.5, 0.5), start=60, end=size[0] - 10 - room)
    parts = [*y_frame(y, (x.start, x.end), name, written), *_run_names(runs, x, y), *_events(events, x, y)]
    names = []
    for order, (model, moments) in enumerate(lines.items()):
        tone = color(numbers[model])
        # Side by side, so that no interval covers another.
        aside = _ASIDE * (order - (len(lines) - 1) / 2)
        path = " L ".join(f"{x.place(moment.run) + aside:.1f} {y.place(moment.value):.1f}" for moment in moments)
        parts.append(element("path", d=f"M {path}", class_=f"line {tone}"))
        for moment in moments:
            at = x.place(moment.run) + aside
            parts += _bar(at, moment.interval, y, tone) if moment.interval else []
            kind = "hollow" if moment.incomplete else "dot"
            dot = element("circle", cx=at, cy=y.place(moment.value), r=3.5, class_=f"{kind} {tone}")
            sentence = f"{model}, {runs[moment.run]}: {moment.value:.4g}"
            dot.append(element("title", "; ".join(filter(None, [sentence, moment.incomplete]))))
            parts.append(dot)
        names.append((x.place(moments[-1].run), y.place(moments[-1].value), model, numbers[model]))
    whole = Axis(low=0, high=1, start=0, end=size[0] + room)
    return drawing(f"{name} over {many(len(runs), 'run')}", [*parts, *_names(names, whole)], size)


_RUN_NAMES = 6
_ASIDE = 4
"""Pixels between the models of a run."""


def _run_names(runs: Sequence[str], x: Axis, y: Axis) -> Iterator[Element]:
    yield element("line", x1=x.start, x2=x.end, y1=y.start, y2=y.start, class_="axis")
    stride = -(-len(runs) // _RUN_NAMES)
    for place in range(0, len(runs), max(stride, 1)):
        yield element("text", runs[place], x=x.place(place), y=y.start + 16, text_anchor="middle", class_="tick")


def _events(events: Sequence[Event], x: Axis, y: Axis) -> Iterator[Element]:
    by_run: dict[int, list[str]] = {}
    for event in events:
        by_run.setdefault(event.run, []).append(event.what)
    for run, whats in by_run.items():
        at = x.place(run - 0.5)
        line = element("line", x1=at, x2=at, y1=y.start, y2=y.end, class_="event")
        line.append(element("title", "; ".join(whats)))
        yield line
        kinds = ", ".join(dict.fromkeys(what.split(":")[0] for what in whats))
        yield element("text", kinds, x=at + 3, y=y.end + 4, class_="events")
