"""Elements of SVG and the axes of a chart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

from asrlab_pytest.visible import visible

SIZE = (560, 320)
MARGINS = (16, 20, 44, 60)
"""Above, right, below, left."""
COLORS = 8
"""Colors repeat after this many models; each model is named next to its line or point."""

Element: TypeAlias = ET.Element
Kind = Literal["linear", "log", "count"]
"""Of an axis; a count is linear, and has whole numbers only."""

STYLE = """
.chart { font: 12px system-ui, sans-serif; fill: #1f2328; color: #1f2328; }
.chart .grid { stroke: #d1d9e0; } .chart .axis { stroke: #818b98; } .chart .tick { fill: #59636e; }
.chart .line { fill: none; stroke: currentColor; stroke-width: 2; } .chart .bar { fill: none; stroke: currentColor; }
.chart .dot, .chart .name, .chart .block { fill: currentColor; } .chart .front { stroke: #818b98; fill: none; }
.chart .front { stroke-dasharray: 5 4; } .chart .event { stroke: #bc4c00; stroke-dasharray: 2 3; }
.chart .events { fill: #bc4c00; } .chart .hollow { fill: #ffffff; stroke: currentColor; stroke-width: 2; }
.chart .name { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; } .chart .bar { opacity: 0.6; }
.chart .m0 { color: #0969da; } .chart .m1 { color: #bc4c00; } .chart .m2 { color: #1a7f37; }
.chart .m3 { color: #8250df; } .chart .m4 { color: #bf3989; } .chart .m5 { color: #9a6700; }
.chart .m6 { color: #0c7d9d; } .chart .m7 { color: #6e7781; }
"""
DARK = """
.chart { fill: #e6edf3; color: #e6edf3; } .chart .grid { stroke: #30363d; } .chart .axis { stroke: #6e7681; }
.chart .tick { fill: #9198a1; } .chart .front { stroke: #6e7681; } .chart .event { stroke: #f0883e; }
.chart .events { fill: #f0883e; } .chart .name { stroke: #0d1117; } .chart .hollow { fill: #0d1117; }
.chart .m0 { color: #58a6ff; } .chart .m1 { color: #f0883e; } .chart .m2 { color: #3fb950; }
.chart .m3 { color: #bc8cff; } .chart .m4 { color: #f778ba; } .chart .m5 { color: #d29922; }
.chart .m6 { color: #39c5cf; } .chart .m7 { color: #9198a1; }
"""
"""Colors of a chart, which the page includes and a separate file embeds."""


def element(tag: str, text: str = "", /, **attributes: str | float) -> Element:
    """An element. Underscores in the names of attributes stand for hyphens, and a trailing one is dropped."""
    named = {name.rstrip("_").replace("_", "-"): _written(value) for name, value in attributes.items()}
    node = ET.Element(tag, named)
    if text:
        node.text = visible(text)
    return node


def titled(node: Element, title: str) -> Element:
    """An element with a title, which is shown where somebody points at it."""
    node.append(element("title", title))
    return node


def _written(value: str | float) -> str:
    return visible(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def drawing(title: str, parts: Sequence[Element], size: tuple[float, float] = SIZE) -> Element:
    """An image with a title that a screen reader says."""
    width, height = size
    image = element("svg", viewBox=f"0 0 {width:g} {height:g}", role="img", class_="chart")
    image.set("xmlns", "http://www.w3.org/2000/svg")
    titled(image, title).extend(parts)
    return image


def stacked(images: Sequence[Element], title: str) -> Element:
    """Several images as one, each below the one before."""
    sizes = [[float(end) for end in str(image.get("viewBox")).split()[2:]] for image in images]
    parts, top = [], 0.0
    for image, (_, height) in zip(images, sizes, strict=True):
        group = element("g", transform=f"translate(0 {top:g})")
        group.extend(image)
        parts.append(group)
        top += height
    return drawing(title, parts, (max(width for width, _ in sizes), top))


def inline(image: Element) -> str:
    """As part of a page."""
    return ET.tostring(image, encoding="unicode")


def standalone(image: Element) -> str:
    """As a separate file, with its colors for light and dark."""
    style = element("style")
    style.text = f"{STYLE}@media (prefers-color-scheme: dark) {{{DARK}}}"
    image.insert(1, style)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inline(image)}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A scale from data to pixels."""

    low: float
    high: float
    start: float
    """Pixel of the low end."""
    end: float
    kind: Kind = "linear"

    def place(self, value: float) -> float:
        """The pixel of a value; values beyond an end are clamped to it."""
        value = min(max(value, self.low), self.high)
        share = (self._scaled(value) - self._scaled(self.low)) / (self._scaled(self.high) - self._scaled(self.low))
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round values between the ends."""
        if self.kind == "log":
            return list(_log_ticks(self.low, self.high))
        return list(_linear_ticks(self.low, self.high, is_count=self.kind == "count"))

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.kind == "log" else value


def horizontal(values: Sequence[float], kind: Kind = "linear", size: tuple[float, float] = SIZE) -> Axis:
    """An axis that holds all values, from left to right."""
    low, high = _range(values, kind)
    return Axis(low=low, high=high, start=MARGINS[3], end=size[0] - MARGINS[1], kind=kind)


def vertical(values: Sequence[float], kind: Kind = "linear", size: tuple[float, float] = SIZE) -> Axis:
    """An axis that holds all values, from below."""
    low, high = _range(values, kind)
    return Axis(low=low, high=high, start=size[1] - MARGINS[2], end=MARGINS[0], kind=kind)


def _range(values: Sequence[float], kind: Kind) -> tuple[float, float]:
    """Ends with some room: from 0 on a linear axis, and never both the same."""
    if kind != "log":
        return 0.0, 1.08 * max([0.0, *values]) or 1.0
    positive = [value for value in values if value > 0] or [1.0]
    return min(positive) / 1.4, max(positive) * 1.4


def _linear_ticks(low: float, high: float, *, is_count: bool) -> Iterator[float]:
    step = max(1.0, _round_step((high - low) / 5, (1, 2, 5, 10))) if is_count else _round_step((high - low) / 5)
    number = math.ceil(low / step - 1e-9)
    while number * step <= high * (1 + 1e-9):
        yield number * step
        number += 1


def _round_step(size: float, factors: Sequence[float] = (1, 2, 2.5, 5, 10)) -> float:
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in factors if factor * power >= size * (1 - 1e-9))


_FACTORS = ((10, (1, 1.5, 2, 3, 4, 5, 7)), (1_000, (1, 2, 5)))
"""What of each power of ten is named on an axis that spans less than so many times its beginning."""


def _log_ticks(low: float, high: float) -> Iterator[float]:
    """Powers of ten, with other values between them where few of them fit."""
    factors = next((factors for span, factors in _FACTORS if high / low < span), (1,))
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        yield from (value for factor in factors if low <= (value := factor * 10.0**power) <= high)


def frame(x: Axis, y: Axis, x_name: str, y_name: str) -> Iterator[Element]:
    """Grid, ticks and names of both axes, of which the vertical one shows a rate."""
    yield from y_frame(y, (x.start, x.end), y_name, "percent")
    yield from x_frame(x, y, x_name, "number")


def x_frame(x: Axis, y: Axis, x_name: str, written: str) -> Iterator[Element]:
    """Grid, ticks and name of a horizontal axis."""
    for value in x.ticks():
        yield element("line", x1=x.place(value), x2=x.place(value), y1=y.start, y2=y.end, class_="grid")
        label = shown(value, written)
        yield element("text", label, x=x.place(value), y=y.start + 16, text_anchor="middle", class_="tick")
    yield element("line", x1=x.start, x2=x.end, y1=y.start, y2=y.start, class_="axis")
    yield element("text", x_name, x=(x.start + x.end) / 2, y=y.start + 36, text_anchor="middle")


def y_frame(y: Axis, across: tuple[float, float], name: str, written: str) -> Iterator[Element]:
    """Grid, ticks and name of a vertical axis."""
    for value in y.ticks():
        yield element("line", x1=across[0], x2=across[1], y1=y.place(value), y2=y.place(value), class_="grid")
        label = shown(value, written)
        yield element("text", label, x=across[0] - 6, y=y.place(value) + 4, text_anchor="end", class_="tick")
    middle = (y.start + y.end) / 2
    yield element("text", name, x=14, y=middle, text_anchor="middle", transform=f"rotate(-90 14 {middle:g})")


_MANY = 10
"""A rate from which on it is written in full, not as a power of ten."""


def shown(value: float, written: str) -> str:
    """A value at an axis."""
    if written == "percent":
        return f"{100 * value:,.0f}%" if value >= _MANY else f"{100 * value:.3g}%"
    return f"{value:.3g}"


def color(number: int) -> str:
    """The class that colors a model."""
    return f"m{number % COLORS}"
