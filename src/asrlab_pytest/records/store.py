"""The project's store: a record of every run, written as it is made, and what a resumed run finds in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.records.observation import Observation, Pass
from asrlab_pytest.records.writing import RecordWriter, write_whole

if TYPE_CHECKING:
    from asrlab_pytest.records.run import Damage, Run
    from asrlab_pytest.records.store_index import StoreIndex

_MOMENT = "%Y-%m-%dT%H-%M-%S-%f"
"""Names sort by it."""
_PARTS = frozenset({"runs", "speech", "index", "uploads", ".gitignore"})
"""Names in the folder of a store."""


def begun(record: Path) -> datetime | None:
    """When a record of the store was begun, by its name; None if the store did not name it."""
    moment = "-".join(record.stem.split("-")[:6])
    try:
        return datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def run_of(record: Path) -> str:
    """The run that a record of the store is of, by its name: other processes of the run have records of their own."""
    return "-".join(record.stem.split("-")[-2:])


def process_of(run: str) -> int:
    """The process that lives as long as a run.

    Raises:
        ValueError: the store did not name it.
    """
    return int(run.partition("-")[0])


def _run_of_this_process() -> str:
    return f"{os.getpid()}-{secrets.token_hex(2)}"


def in_store(path: Path) -> bool:
    """Whether a path is that of a record in the folder of a store, or of a link to one."""
    record = Path(os.path.realpath(path))
    is_among = record.suffix == ".jsonl" and record.parent.name == "runs"
    return is_among and any(begun(other) for other in record.parent.glob("*.jsonl"))


@dataclass(eq=False, repr=False)
class Store:
    """A folder of records, one for each process that transcribed, so that any number may write at once.

    Nothing in it is ever overwritten. If it has several observations under one key, the newest counts.
    """

    folder: Path
    """The store; made, with a ``.gitignore`` inside, when the first record is."""
    since: datetime | None = None
    """Only records begun from this moment on are looked into; all where it is None."""
    run: str = field(default_factory=_run_of_this_process)
    """The run that new records are of: the process that lives as long as it, and what no other run of it has."""
    _damages: dict[tuple[Path, Damage], None] = field(default_factory=dict, init=False)

    @property
    def runs(self) -> Path:
        """The folder of the records."""
        return self.folder / "runs"

    def new_record(self) -> RecordWriter:
        """A record of a name that no other process has.

        Raises:
            OSError: the folder cannot be made.
        """
        self.runs.mkdir(parents=True, exist_ok=True)
        ignore = (self.folder if self._is_alone() else self.runs) / ".gitignore"
        if not ignore.exists():
            write_whole(ignore, "*\n")
        moment = datetime.now(UTC).strftime(_MOMENT)
        return RecordWriter(self.runs / f"{moment}-{os.getpid()}-{self.run}.jsonl")

    def _is_alone(self) -> bool:
        """Whether the folder has nothing but what is kept in a store: git is to see what else lies there."""
        return {path.name for path in self.folder.iterdir()} <= _PARTS

    def paths(self) -> list[Path]:
        """The records, the oldest first."""
        return sorted(path for path in self.runs.glob("*.jsonl") if path.name >= self._begin and path.is_file())

    @property
    def damages(self) -> list[tuple[Path, Damage]]:
        """Unusable lines, known after the first lookup."""
        return [*self._damages]

    @property
    def _begin(self) -> str:
        """Name of the first record that is searched."""
        return self.since.astimezone(UTC).strftime(_MOMENT) if self.since else ""

    def recall(self, key: str, pass_: Pass) -> Observation | None:
        """The newest observation under a key; None if there is none.

        Raises:
            RecordError: a newer version of this package wrote a record of the store.
        """
        return self.index.find(key, pass_)

    @cached_property
    def index(self) -> StoreIndex:
        """The position of each observation, as of the first lookup.

        Raises:
            RecordError: a newer version of this package wrote a record of the store.
        """
        # A run that only writes does not need the code that reads and checks records.
        from asrlab_pytest.records.store_index import index_of

        index = index_of(self.folder / "index", self.runs, self.paths(), self._begin)
        self._damages.update(dict.fromkeys(index.damages()))
        return index

    @cached_property
    def observations(self) -> dict[tuple[str, Pass], Observation]:
        """Everything in the store, by key and pass.

        Raises:
            RecordError: a newer version of this package wrote a record of the store.
        """
        return {
            (observation.key, observation.made_in): observation
            for run in self._runs()
            for observation in run.observations
            if observation.key is not None and not observation.recorded
        }

    def _runs(self) -> Iterator[Run]:
        from asrlab_pytest.records.reading import read_run

        for path in self.paths():
            run = read_run(path, empty=True, ambiguous=True)
            self._damages.update(((path, damage), None) for damage in run.damages if not damage.is_tail)
            yield run
