"""Names of models in a chart, placed so that they cover nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from asrlab_pytest.report.charts.svg import Axis, Element, color, element
from asrlab_pytest.report.layout import short

LETTER = 6.5
"""Approximate width of a letter in pixels."""
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


def names_beside(names: Sequence[Name], x: Axis, y: Axis, taken: Iterable[Box] = ()) -> Iterator[Element]:
    """Names next to their points, moved up or down to the nearest place where they cover nothing."""
    boxes = [*taken]
    for name in sorted(names, key=lambda name: -name.height):
        label = short(name.model)
        width = LETTER * len(label)
        left = name.at + 10 if name.at + 10 + width <= x.end else max(name.at - 10 - width, 0)
        places = [Box(left, left + width, line - LINE + 3, line + 3) for line in _lines_near(name.height, y)]
        place = next((box for box in places if not any(map(box.covers, boxes))), places[0])
        boxes.append(place)
        yield element("text", label, x=left, y=place.bottom - 3, class_=f"name {color(name.number)}")


def _lines_near(height: float, y: Axis) -> list[float]:
    """Text lines within an axis, starting slightly above a point, the nearest first."""
    first = min(max(height - 6, y.end + 10), y.start - 3)
    lines = (first + side * LINE * step for step in range(_MOST_LINES) for side in (-1, 1))
    return [line for line in lines if y.end + 10 <= line <= y.start - 3] or [first]
