"""Observations that stay in their file: a few numbers of each are in memory, and the rest is read on demand."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter, eq
from typing import Any, NamedTuple, TypeVar, cast, overload

from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.observation import FIRST, Observation, Order, observation_of
from asrlab_pytest.records.packed_names import RepeatedNames, with_number
from asrlab_pytest.records.record_file import FileLine, RecordFile
from asrlab_pytest.records.sorting import order
from asrlab_pytest.records.spoken import Spoken, SpokenTurn
from asrlab_pytest.records.upgrading import VERSION, upgraded
from asrlab_pytest.tasks import WORDS, Task

_WHOLE = 256
"""How many of the most recently used observations of a file stay in memory."""
Test = Callable[[Observation], bool]
Value = TypeVar("Value")
Version = tuple[int, int]


class _OfModel(NamedTuple):
    """What many observations of a model share."""

    model: str
    task: Task
    engine: str
    engine_version: str
    weights_sha256: str | None
    weights_revision: str | None
    device_requested: str
    device: str
    compute_type: str
    profile: str
    configuration: str | None
    load_s: float | None
    warmup_s: float | None
    recorded: bool
    repeat: int
    order: Order
    batch_size: int


class _OfSample(NamedTuple):
    """What many samples share."""

    corpus: str
    tags: tuple[str, ...]
    language: str | None
    clip_normalization: str | None
    quarantined: bool


_of_model = attrgetter(*_OfModel._fields)
_of_sample = attrgetter(*_OfSample._fields)


class RowTable:
    """The position of each observation in a file, and the fields that are needed from all of them.

    Args:
        file: The file.
    """

    def __init__(self, file: RecordFile) -> None:
        self.versions: _Shared[Version] = _Shared()
        """Version of the format of each line."""
        self.numbers = _LineNumbers()
        self.clips = RepeatedNames()
        self.groups: _Shared[str | None] = _Shared()
        self.models: _Shared[_OfModel] = _Shared()
        self.samples: _Shared[_OfSample] = _Shared()
        self.loads: _Shared[float | None] = _Shared()
        self.decodings: _Shared[str] = _Shared()
        """As JSON."""
        self.audio_s, self.latency_s = array("d"), array("d")
        self._last: dict[int, Observation] = {}
        self._file = file
        self._starts, self._sizes = array("I"), array("H")

    def append(self, observation: Observation, line: FileLine, version: Version) -> None:
        """Add the position of an observation, and the version of its line."""
        self.versions.append(version)
        self.numbers.append(line.number)
        self._starts = with_number(self._starts, line.start)
        self._sizes = with_number(self._sizes, line.size)
        self.clips.append(observation.clip)
        self.groups.append(observation.group)
        self.models.append(_OfModel(*_of_model(observation)))
        self.samples.append(_OfSample(*_of_sample(observation)))
        self.audio_s.append(_number(observation.audio_s))
        self.latency_s.append(_number(observation.latency_s))
        self.loads.append(observation.load_per_core)
        self.decodings.append(json.dumps(observation.decoding))

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, place: int) -> Observation:
        """The observation at a place."""
        return cast("Observation", StoredRow(self, place))

    def line(self, place: int) -> bytes:
        """The line at a place as it is in the file, without its end."""
        return self._file.read(self._starts[place], self._sizes[place])

    def whole(self, place: int) -> Observation:
        """The observation at a position, with all fields of its line."""
        observation = self._last.get(place)
        if observation is None:
            observation = self.decoded(place)
            if len(self._last) >= _WHOLE:
                self._last.clear()
            self._last[place] = observation
        return observation

    def decoded(self, place: int) -> Observation:
        """The observation in the line at a position."""
        return observation_of(upgraded(json.loads(self.line(place)), self.versions[place]))


class _Shared(Sequence[Value]):
    """One of a few values per row: 1 byte per row, and 2 or 4 if there are more values."""

    def __init__(self) -> None:
        self._values: list[Value] = []
        self._numbers: dict[Value, int] = {}
        self._of_rows: array[int] = array("B")

    def append(self, value: Value) -> None:
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        self._of_rows = with_number(self._of_rows, number)

    def __len__(self) -> int:
        return len(self._of_rows)

    def __getitem__(self, place: int) -> Value:  # type: ignore[override]
        return self._values[self._of_rows[place]]


class _LineNumbers(Sequence[int]):
    """The number of the line of each row, from 1: its place, and the number of other lines before it."""

    def __init__(self) -> None:
        self._others: _Shared[int] = _Shared()

    def append(self, number: int) -> None:
        self._others.append(number - len(self))

    def __len__(self) -> int:
        return len(self._others)

    def __getitem__(self, place: int) -> int:  # type: ignore[override]
        return place + self._others[place]


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


class StoredRow:
    """A proxy for an observation in a file. Fields that the table does not have are read from there.

    Its class is reported as `Observation`, so that it is compared and copied like one.
    """

    __slots__ = ("place", "table")
    __dataclass_fields__ = Observation.__dataclass_fields__

    def __init__(self, table: RowTable, place: int) -> None:
        self.table = table
        self.place = place

    @property  # type: ignore[misc]
    def __class__(self) -> type[Observation]:  # type: ignore[override]
        return Observation

    @property
    def clip(self) -> str:
        return self.table.clips[self.place]

    @property
    def group(self) -> str | None:
        return self.table.groups[self.place]

    @property
    def audio_s(self) -> float | None:
        return _known(self.table.audio_s[self.place])

    @property
    def latency_s(self) -> float | None:
        return _known(self.table.latency_s[self.place])

    @property
    def load_per_core(self) -> float | None:
        return self.table.loads[self.place]

    @property
    def decoding(self) -> dict[str, object] | None:
        decoding: dict[str, object] | None = json.loads(self.table.decodings[self.place])
        return decoding

    @property
    def is_first_pass(self) -> bool:
        shared = self.table.models[self.place]
        return (shared.repeat, shared.order) == FIRST

    @property
    def spoken(self) -> Spoken | None:
        return self.table.whole(self.place).spoken if WORDS[self.task].speaks else None

    @property
    def turns(self) -> tuple[SpokenTurn, ...]:
        return self.table.whole(self.place).turns if WORDS[self.task].in_turns else ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.table.whole(self.place), name)

    def __eq__(self, other: object) -> bool:
        stored = as_stored(other)
        return self.table.whole(self.place) == (other if stored is None else stored.table.whole(stored.place))

    def __hash__(self) -> int:
        return hash(self.table.whole(self.place))

    def __repr__(self) -> str:
        return repr(self.table.whole(self.place))

    def __reduce__(self) -> tuple[Any, ...]:
        return _same, (self.table.whole(self.place),)


def _shared(part: str, name: str) -> property:
    """An attribute that the table keeps once for many rows."""
    of_row = attrgetter(f"table.{part}")
    value = attrgetter(name)
    return property(lambda row: value(of_row(row)[row.place]))


for _part, _names in (("models", _OfModel._fields), ("samples", _OfSample._fields)):
    for _name in _names:
        setattr(StoredRow, _name, _shared(_part, _name))


def _same(observation: Observation) -> Observation:
    return observation


def in_memory(observations: Iterable[Observation]) -> list[Observation]:
    """Each with all fields of its line, read once, for callers that need many fields of every row."""
    return [
        observation if (stored := as_stored(observation)) is None else stored.table.whole(stored.place)
        for observation in observations
    ]


def as_stored(row: object) -> StoredRow | None:
    """The row, if it is a proxy for an observation in a file."""
    return row if type(row) is StoredRow else None


class StoredRows(Sequence[Observation]):
    """Some or all observations of a file."""

    def __init__(self, table: RowTable, places: Sequence[int] | None = None) -> None:
        self.table = table
        self._places = places

    @property
    def places(self) -> Sequence[int]:
        """Where they are in the table."""
        return range(len(self.table)) if self._places is None else self._places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> Observation: ...
    @overload
    def __getitem__(self, index: slice) -> StoredRows: ...
    def __getitem__(self, index: int | slice) -> Observation | StoredRows:
        if isinstance(index, slice):
            return StoredRows(self.table, self.places[index])
        return self.table.row(self.places[index])

    def __iter__(self) -> Iterator[Observation]:
        return map(self.table.row, self.places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class CompactRows(Sequence[Observation]):
    """Rows that are added one at a time: rows of one file as positions in it, others as objects."""

    def __init__(self) -> None:
        self._rows: list[Observation] = []
        self._table: RowTable | None = None
        self._places: range | array[int] = range(0)
        """A range while they are all rows from the first on, as of two runs on the same clips."""

    @property
    def is_of_file(self) -> bool:
        """Whether there are rows, and all are of one file."""
        return self._table is not None

    def append(self, row: Observation) -> None:
        """Add a row."""
        stored = as_stored(row)
        if stored is not None and not self._rows and self._table in (None, stored.table):
            self._table = stored.table
            if isinstance(self._places, range) and stored.place == len(self._places):
                self._places = range(stored.place + 1)
            else:
                self._places = array("I", self._places) if isinstance(self._places, range) else self._places
                self._places.append(stored.place)
            return
        if self._table is not None:
            self._rows = list(self)
            self._table = None
        self._rows.append(row)

    def __len__(self) -> int:
        return len(self._rows if self._table is None else self._places)

    def __getitem__(self, index: int) -> Observation:  # type: ignore[override]
        return self._rows[index] if self._table is None else self._table.row(self._places[index])


def lines_of(rows: Sequence[Observation]) -> Iterator[Mapping[str, object] | bytes]:
    """The rows as lines of a record: copied from a file of this version, otherwise as plain JSON."""
    for row in rows:
        stored = as_stored(row)
        is_present = stored is not None and stored.table.versions[stored.place] == VERSION
        yield stored.table.line(stored.place).strip() if stored is not None and is_present else row.as_json()


def chosen(rows: Iterable[Observation], test: Test) -> Sequence[Observation]:
    """The rows that pass a test."""
    if not isinstance(rows, StoredRows):
        return [row for row in rows if test(row)]
    return _subset(rows, array("I", (place for place in rows.places if test(rows.table.row(place)))))


def _subset(rows: StoredRows, places: array[int]) -> StoredRows:
    """Some rows of these; no list of places is kept for all of them, for every second, or for a block of them."""
    if len(places) == len(rows):
        return rows
    step = places[1] - places[0] if len(places) > 1 else 1
    even = range(places[0], places[-1] + 1, step) if places else range(0)
    is_even = len(even) == len(places) and all(map(eq, even, places))
    return StoredRows(rows.table, even if is_even else places)


def by_model_id(rows: Iterable[Observation]) -> dict[str, Sequence[Observation]]:
    """The rows of each model, in their order."""
    if not isinstance(rows, StoredRows):
        return {**grouped((row.model, row) for row in rows)}
    places: dict[str, array[int]] = {}
    for place in rows.places:
        places.setdefault(rows.table.models[place].model, array("I")).append(place)
    return {model: _subset(rows, numbers) for model, numbers in places.items()}


def by_clip(rows: Sequence[Observation]) -> Iterator[Observation]:
    """The rows, grouped by clip."""
    if not isinstance(rows, StoredRows):
        return iter(sorted(rows, key=lambda row: (row.clip, row.model)))
    clips = rows.table.clips
    return map(rows.__getitem__, order(array("q", (hash(clips[place]) for place in rows.places))))
