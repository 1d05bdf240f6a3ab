"""Names of models in a chart, placed so that they cover nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from asrlab_pytest.report.charts.svg import SIZE, Axis, Element, color, drawing, element
from asrlab_pytest.report.layout import short

LINE = 14
"""Height of a text line in pixels."""


class Box(NamedTuple):
    """A part of a drawing that a name must not cover."""

    left: float
    right: float
    top: float
    bottom: float

    def covers(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Name(NamedTuple):
    """The name of a model next to a point."""

    at: float
    height: float
    model: str
    number: int
    """Index of its color."""


_MOST_LINES = 12
"""How far a name may move from its point, in lines."""


_THIN, _FAT = "fijlrt.,:;-/()[]|!' ", "mwMW@%"


def width_of(text: str) -> float:
    """Approximate width in pixels, in a wide typeface."""
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if letter in _THIN:
        return 4.5
    return 12 if letter in _FAT or not letter.isascii() else 7.5


def with_names(  # noqa: PLR0913 - keywords
    title: str,
    parts: Iterable[Element],
    names: Sequence[Name],
    *,
    x: Axis,
    y: Axis,
    taken: Iterable[Box] = (),
    size: tuple[float, float] = SIZE,
) -> Element:
    """An image with names next to their points, where they cover nothing; the others are in a legend below it."""
    boxes, shown, others = [*taken], [], []
    for name in sorted(names, key=lambda name: -name.height):
        place = next((box for box in _places(name, x, y) if not any(map(box.covers, boxes))), None)
        if place is None:
            others.append(name)
        else:
            boxes.append(place)
            shown.append(element("text", short(name.model), x=place.left, y=place.bottom - 3, class_=_class(name)))
    legend, height = _legend(sorted(others, key=names.index), size)
    return drawing(title, [*parts, *shown, *legend], (size[0], height))


def _class(name: Name) -> str:
    return f"name {color(name.number)}"


def _places(name: Name, x: Axis, y: Axis) -> Iterator[Box]:
    """Places within the axes, the nearest lines first: on the right of the point, then on its left."""
    width = width_of(short(name.model))
    for line in _lines_near(name.height, y):
        for left in (name.at + 10, name.at - 10 - width):
            if left >= x.start and left + width <= x.end:
                yield Box(left, left + width, line - LINE + 3, line + 3)


def _lines_near(height: float, y: Axis) -> list[float]:
    """Text lines within an axis, starting slightly above a point, the nearest first."""
    first = min(max(height - 6, y.end + 10), y.start - 3)
    lines = (first + side * LINE * step for step in range(_MOST_LINES) for side in ((-1, 1) if step else (1,)))
    return [line for line in lines if y.end + 10 <= line <= y.start - 3]


def _legend(names: Sequence[Name], size: tuple[float, float]) -> tuple[list[Element], float]:
    """The names in lines below an image, and the height of both."""
    parts, left, line = [], size[0], float(size[1])
    for name in names:
        label = f"■ {short(name.model)}"
        if left + width_of(label) > size[0]:
            left, line = 10.0, line + LINE
        parts.append(element("text", label, x=left, y=line, class_=_class(name)))
        left += width_of(label) + 14
    return parts, line + 6 if names else size[1]
