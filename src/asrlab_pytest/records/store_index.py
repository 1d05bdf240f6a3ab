"""An index of a store: the position of the observation under each key. It is built from the records, which count."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from asrlab_pytest.records.observation import Observation, Pass, observation_of
from asrlab_pytest.records.reading import Start, lines_of_record, refusing_unreadable
from asrlab_pytest.records.record_file import RecordFile
from asrlab_pytest.records.run import Damage, Run
from asrlab_pytest.records.upgrading import SCHEMA, upgraded

NAME = "records.sqlite3"
"""The file of an index, in its own folder."""
_MADE_FOR = f"{SCHEMA} 1"
"""An index in a different format is rebuilt."""
_WAIT_S = 60
"""How long to wait for another process that is updating the index."""
_CACHE_KB = 32_000
_TABLES = """
CREATE TABLE made_for (format TEXT);
CREATE TABLE files (
    file INTEGER PRIMARY KEY, name TEXT UNIQUE, inode INTEGER, size INTEGER, changed INTEGER,
    start INTEGER, lines INTEGER, major INTEGER, minor INTEGER);
CREATE TABLE rows (
    file INTEGER, start INTEGER, size INTEGER, key BLOB, repeat INTEGER, sequence TEXT, major INTEGER, minor INTEGER,
    PRIMARY KEY (file, start)) WITHOUT ROWID;
CREATE INDEX by_key ON rows (key);
CREATE TABLE damages (file INTEGER, line INTEGER, problem TEXT);
"""


class _File(NamedTuple):
    """What shows whether a record has grown or changed."""

    inode: int
    size: int
    changed: int
    """When, in nanoseconds."""


def index_of(folder: Path, runs: Path, paths: list[Path], oldest: str) -> StoreIndex:
    """The index in a folder, which is created; a temporary one if the folder cannot be used, such as a read-only one.

    Raises:
        RecordError: a record cannot be read, or a newer version of this package wrote it.
    """
    file = folder / NAME
    try:
        if paths:
            folder.mkdir(exist_ok=True)
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
            return StoreIndex(runs, paths, oldest, file)
    except (OSError, sqlite3.OperationalError):
        pass
    except sqlite3.DatabaseError:
        _discard(file)
    return StoreIndex(runs, paths, oldest)


class StoreIndex:
    """Looks up observations by key and pass. Opening it brings it up to date.

    Each record is read once: a later run reads only what was added. Processes take turns, and one that is killed leaves
    the index as it was.

    Args:
        runs: The folder of the records.
        paths: The records, the oldest first.
        oldest: The first name that counts.
        file: Where the index is kept; None for a temporary one of this process.

    Raises:
        RecordError: a record cannot be read, or a newer version of this package wrote it.
        sqlite3.Error: the file of the index cannot be used.
    """

    def __init__(self, runs: Path, paths: list[Path], oldest: str, file: Path | None = None) -> None:
        self._runs = runs
        self._paths = paths
        self._oldest = oldest
        self._file = file
        self._open(file)

    def _open(self, file: Path | None) -> None:
        self._database = sqlite3.connect(file or "", timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        if not self._is_ready() or self._outdated(self._paths):
            self._refresh(self._paths)

    def find(self, key: str, pass_: Pass) -> Observation | None:
        """The newest observation under a key; None if there is none, or its record was deleted since."""
        rows = self._select(
            "SELECT name, rows.start, rows.size, rows.major, rows.minor FROM rows JOIN files USING (file)"
            " WHERE key = ? AND repeat = ? AND sequence = ? AND name >= ? ORDER BY name DESC, rows.start DESC LIMIT 1",
            (bytes.fromhex(key), pass_.repeat, pass_.order, self._oldest),
        )
        for name, start, size, *version in rows:
            try:
                with (self._runs / name).open("rb") as file:
                    file.seek(start)
                    row = observation_of(upgraded(json.loads(file.read(size)), (version[0], version[1])))
            except (OSError, ValueError):
                return None
            return row if (row.key, row.made_in) == (key, pass_) else None
        return None

    def damages(self) -> Iterator[tuple[Path, Damage]]:
        """The lines that could not be used."""
        rows = self._select(
            "SELECT name, line, problem FROM damages JOIN files USING (file) WHERE name >= ? ORDER BY name, line",
            (self._oldest,),
        )
        return ((self._runs / name, Damage(line, problem)) for name, line, problem in rows)

    def _select(self, statement: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(statement, parameters).fetchall()
        except sqlite3.DatabaseError:
            # A damaged page only shows when it is read.
            if self._file is not None:
                _discard(self._file)
            self._paths = [path for path in self._paths if path.exists()]
            self._open(None)
            return self._database.execute(statement, parameters).fetchall()

    def _is_ready(self) -> bool:
        try:
            return self._database.execute("SELECT format FROM made_for").fetchall() == [(_MADE_FOR,)]
        except sqlite3.OperationalError:
            return False

    def _refresh(self, paths: list[Path]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have done it while this one waited.
            if not self._is_ready():
                self._make()
            for path in self._outdated(paths):
                self._read(path)
            self._forget_deleted()
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _make(self) -> None:
        for (name,) in self._database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            self._database.execute(f'DROP TABLE "{name}"')
        for statement in _TABLES.split(";"):
            self._database.execute(statement)
        self._database.execute("INSERT INTO made_for VALUES (?)", (_MADE_FOR,))

    def _outdated(self, paths: list[Path]) -> list[Path]:
        """The records whose current state is not in the index."""
        rows = self._database.execute("SELECT name, inode, size, changed FROM files")
        known = {name: _File(*state) for name, *state in rows}
        return [path for path in paths if known.get(path.name) != _state(path)]

    def _read(self, path: Path) -> None:
        """Add what is new in a record."""
        state = _state(path)
        file, start = self._place(path, state)
        run = Run(path=path, version=start.version)
        end = start
        with refusing_unreadable(path):
            record = RecordFile(path)
        for line, version, row in lines_of_record(run, record, start):
            if row is not None and row.key is not None and not row.recorded:
                self._database.execute(
                    "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (file, line.start, line.size, bytes.fromhex(row.key), *row.made_in, *version),
                )
            if not line.is_tail:
                end = Start(line.start + line.size + 1, line.number, version)
        self._database.executemany(
            "INSERT INTO damages VALUES (?, ?, ?)",
            [(file, damage.line, damage.problem) for damage in run.damages if not damage.is_tail],
        )
        self._database.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (file, path.name, *state, end.byte, end.lines, *end.version),
        )

    def _place(self, path: Path, state: _File) -> tuple[int, Start]:
        """The number of a record, and where to continue reading: at the start, unless it only grew."""
        known = self._database.execute(
            "SELECT file, inode, size, start, lines, major, minor FROM files WHERE name = ?", (path.name,)
        ).fetchone()
        if known is not None:
            file, inode, size, start, lines, major, minor = known
            if inode == state.inode and size < state.size:
                return file, Start(start, lines, (major, minor))
            self._forget(file)
        last = self._database.execute("SELECT max(file) FROM files").fetchone()[0]
        return (last or 0) + 1, Start()

    def _forget_deleted(self) -> None:
        for file, name in self._database.execute("SELECT file, name FROM files").fetchall():
            if not (self._runs / name).exists():
                self._forget(file)

    def _forget(self, file: int) -> None:
        for table in ("rows", "damages", "files"):
            self._database.execute(f"DELETE FROM {table} WHERE file = ?", (file,))  # noqa: S608 - names of tables


def _discard(file: Path) -> None:
    """Delete a damaged index, which the next process rebuilds."""
    with suppress(OSError):
        file.unlink()


def _state(path: Path) -> _File:
    with refusing_unreadable(path):
        status = path.stat()
    return _File(status.st_ino, status.st_size, status.st_mtime_ns)
