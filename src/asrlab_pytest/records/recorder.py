"""Keeps what a run observes: in the record that was asked for, and in the project's store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from asrlab_pytest.records.earlier import Earlier, read_earlier, without_failures
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.outputs import held, is_record, refuse_foreign, refusing_unwritable, separate
from asrlab_pytest.records.state import EndLine, ModelState, RunVerdict
from asrlab_pytest.records.store import Store
from asrlab_pytest.records.writing import RecordWriter
from asrlab_pytest.wording import many


@dataclass(eq=False, repr=False)
class Recorder:
    """Writes each line to all places as it is made."""

    environment: Callable[[], Environment]
    """Makes the first line, when the first place needs it."""
    store: Store | None
    is_ended: bool = False
    _store_problem: OSError | None = None
    _record: RecordWriter | None = None
    _held: BinaryIO | None = None
    _in_store: RecordWriter | None = None

    def start_record(self, path: Path, *, option: str = "--asr-record") -> None:
        """Start the record requested with an option; an older file of this name is replaced.

        Raises:
            ConfigError: the file cannot be written, is somebody else's, or another run is writing it.
        """
        if self._record is not None:
            return
        refuse_foreign(path, is_record, what="record", option=option)
        writer = RecordWriter(path)
        first, is_new = self._first_line(), not path.exists()
        with refusing_unwritable(path, option=option, what="the record"):
            path.parent.mkdir(parents=True, exist_ok=True)
            separate(path)
            self._held = held(path, option=option)
            try:
                writer.start(first)
            except OSError:
                self._held.close()
                if is_new:
                    path.unlink()
                raise
        self._record = writer

    def continue_record(self, path: Path, *, retry: bool) -> Earlier:
        """Continue the record of an earlier call of the same run, or start it.

        Args:
            path: The record.
            retry: Whether to try failed cases again. Those of a model that did not load are always tried.

        Returns:
            What it already has.

        Raises:
            ConfigError: the file cannot be written, is not a record of this run, or another process is writing it.
        """
        if not path.exists() or not path.stat().st_size:
            self.start_record(path, option="-o")
            return Earlier()
        refuse_foreign(path, is_record, what="record", option="-o")
        first = self._first_line()
        with refusing_unwritable(path, option="-o", what="the record"):
            self._held = held(path, option="-o")
            earlier = read_earlier(path)
            earlier.refuse_other(path, first)
            if (retry and earlier.failures) or earlier.is_broken:
                self._held.close()
                earlier = without_failures(path)
                self._held = held(path, option="-o")
            if not earlier.is_ended:
                self._record = RecordWriter(path)
                self._record.go_on(earlier.size)
        return earlier

    def to_record(self, line: Observation | Failure) -> None:
        """Write a line to the record, if there is one."""
        if self._record is not None:
            self._record.write(line.as_json())

    def to_store(self, line: Observation | Failure) -> None:
        """Write a line to the store, unless it came from there."""
        came_from_there = isinstance(line, Observation) and line.recorded
        if self.store is None or self._store_problem is not None or came_from_there:
            return
        if self._in_store is None:
            try:
                writer = self.store.new_record()
                writer.start(self._first_line())
            except OSError as error:
                self._store_problem = error
                return
            self._in_store = writer
        self._in_store.write(line.as_json())

    def end(self, models: Mapping[str, ModelState] | None, verdict: RunVerdict | None = None) -> None:
        """Write what still waits, and the last line.

        Args:
            models: Status and load times by model id; None if the run was broken off, which has no last line.
            verdict: For the record: the rows of a store are read for what they say, and not for their run.
        """
        self.is_ended = True
        for writer, judged in ((self._record, verdict), (self._in_store, None)):
            if writer is not None:
                if models is not None:
                    writer.write(EndLine.now(models, judged).as_json())
                writer.close()
        if self._held is not None:
            self._held.close()

    @property
    def losses(self) -> list[str]:
        """What of the record that was asked for is not on the disk, in words."""
        record = self._record
        if record is None or (record.problem is None and record.is_whole):
            return []
        if record.problem is None:
            return [f"the record {record.path} was deleted or changed by another"]
        lacking, why = len(record.waiting), record.problem.strerror
        return [f"the record {record.path} is missing its last {many(lacking, 'line')}: {why}"]

    @property
    def remarks(self) -> list[str]:
        """What of the store is not on the disk, in words: a later run cannot resume from it."""
        problem = self._store_problem or (self._in_store.problem if self._in_store else None)
        if problem is None or self.store is None:
            return []
        sentence = f"the store {self.store.folder} cannot be written ({problem.strerror}): this run cannot be resumed"
        return [sentence + '\n  hint: choose another folder with --asr-store, or disable it: --asr-store ""']

    def _first_line(self) -> dict[str, object]:
        return self.environment().as_json()
