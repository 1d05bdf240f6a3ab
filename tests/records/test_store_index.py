"""The index of a store agrees with the records, and reads each of them once."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

import stored_runs
from asrlab_pytest.records.observation import FIRST
from asrlab_pytest.records.record_file import RecordFile
from asrlab_pytest.records.store import Store
from peak_memory import peak_into

BYTES = 500
"""Bytes per row, including the peak while the index is built."""


def key(number):
    return f"{number:064x}"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / ".asrlab"


@pytest.fixture
def fill(folder, environment, observation):
    """Writes a record with an observation under each of these keys; their text is stated."""

    def write(*numbers, text="hello"):
        writer = Store(folder).new_record()
        writer.start(environment)
        for number in numbers:
            writer.write(observation(key=key(number), hypothesis=text))
        return writer

    return write


@pytest.fixture
def texts(folder):
    """What a process that starts now finds under some keys."""

    def look(*numbers):
        store = Store(folder)
        rows = [store.recall(key(number), FIRST) for number in numbers]
        return [row and row.hypothesis for row in rows]

    return look


@pytest.fixture
def starts(monkeypatch):
    """The position where reading began, one entry per record that was read."""
    began = []
    lines = RecordFile.lines

    def watched(self, start=0, before=0):
        began.append(start)
        return lines(self, start, before)

    monkeypatch.setattr(RecordFile, "lines", watched)
    return began


def test_only_what_is_new_is_read(fill, texts, starts, observation):
    """Unchanged records are not read again, and only the new lines of a record that has grown."""
    writer = fill(1, 2)
    assert texts(1, 2, 3) == ["hello", "hello", None]
    assert starts == [0]

    assert texts(2) == ["hello"]
    assert starts == [0]

    size = writer.path.stat().st_size
    writer.write(observation(key=key(3), hypothesis="grown"))
    fill(1, text="newer")
    assert texts(1, 2, 3) == ["newer", "hello", "grown"]
    assert starts == [0, size, 0]


def test_an_unfinished_line_that_is_finished_later(fill, texts, observation):
    """A line that was half written when the index was made is found once it is whole, and never reported."""
    writer = fill(1)
    line = json.dumps(observation(key=key(2), hypothesis="late")).encode() + b"\n"
    with writer.path.open("ab") as file:
        file.write(line[:100])
    assert texts(1, 2) == ["hello", None]
    with writer.path.open("ab") as file:
        file.write(line[100:-1])
    assert texts(1, 2) == ["hello", "late"]
    with writer.path.open("ab") as file:
        file.write(b"\n")

    assert texts(1, 2) == ["hello", "late"]


def test_records_that_were_changed_or_deleted(fill, texts):
    """A rewritten record is read again, and deleted rows are not found."""
    first, second = fill(1, 2), fill(3)
    assert texts(1, 3) == ["hello", "hello"]
    content = first.path.read_text().replace("hello", "other")
    first.path.write_text(content)
    second.path.unlink()

    assert texts(1, 2, 3) == ["other", "other", None]


def test_a_record_deleted_by_another_process(folder, fill):
    """What is deleted while a run resumes is transcribed again."""
    writer = fill(1)
    store = Store(folder)
    assert store.recall(key(2), FIRST) is None
    writer.path.unlink()

    assert store.recall(key(1), FIRST) is None


def test_damages_are_remembered(folder, fill, texts):
    """A line that cannot be used is reported by each run that looks into the store, not only by the first."""
    path = fill(1).path
    path.write_bytes(path.read_bytes() + b"{nonsense\n")
    fill(2)
    for _ in range(2):
        store = Store(folder)
        assert store.recall(key(1), FIRST) is not None
        assert [(file, damage.line) for file, damage in store.damages] == [(path, 3)]


@pytest.mark.parametrize("content", [b"nonsense " * 1000, b""], ids=["damaged", "empty"])
def test_an_index_that_cannot_be_used(folder, fill, texts, content):
    """A damaged index is ignored and rebuilt."""
    fill(1)
    assert texts(1) == ["hello"]
    index = folder / "index" / "records.sqlite3"
    index.write_bytes(content)

    assert texts(1) == ["hello"]
    assert texts(1) == ["hello"]
    assert index.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("table", ["rows", "by_key", "damages"])
def test_a_damaged_page_of_an_index(folder, fill, texts, table):
    """Damage that only shows when a page is read is ignored like that of the whole file, and the index is rebuilt."""
    fill(1)
    assert texts(1) == ["hello"]
    index = folder / "index" / "records.sqlite3"
    with closing(sqlite3.connect(index)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    content = bytearray(index.read_bytes())
    content[(page - 1) * size : page * size] = b"\xaa" * size
    index.write_bytes(content)

    assert [texts(1, 2), texts(1)] == [["hello", None], ["hello"]]

    with closing(sqlite3.connect(index)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_folder_that_takes_no_index(folder, fill, texts):
    """If the index cannot be written, the store is read without one."""
    fill(1)
    (folder / "index").write_text("in the way")

    assert texts(1) == ["hello"]


def test_only_records_since_a_moment(folder, fill, texts):
    """An index of all records can answer from those of a single run."""
    fill(1)
    assert texts(1) == ["hello"]

    assert Store(folder, since=datetime.now(UTC) - timedelta(hours=1)).recall(key(1), FIRST) is not None
    assert Store(folder, since=datetime.now(UTC) + timedelta(hours=1)).recall(key(1), FIRST) is None


def test_git_ignores_the_index(folder, fill, texts):
    """The index is ignored by git, even in a folder with other files."""
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    fill(1)
    texts(1)

    assert (folder / "index" / ".gitignore").read_text() == "*\n"
    assert not (folder / ".gitignore").exists()


def test_an_index_that_was_being_made(fill, texts, monkeypatch):
    """If the process dies during an update, the index is unchanged, and the next process completes it."""
    fill(1, 2)
    assert texts(1) == ["hello"]
    fill(3)
    fill(1, text="newer")
    lines, files = RecordFile.lines, []

    def ends(self, start=0, before=0):
        files.append(start)
        for number, line in enumerate(lines(self, start, before)):
            if (len(files), number) == (2, 1):
                raise KeyboardInterrupt
            yield line

    with monkeypatch.context() as patch:
        patch.setattr(RecordFile, "lines", ends)
        with pytest.raises(KeyboardInterrupt):
            texts(1)

    assert texts(1, 2, 3) == ["newer", "hello", "hello"]


LOOK = """
import sys
from pathlib import Path
from asrlab_pytest.records.observation import FIRST
from asrlab_pytest.records.store import Store
print(sum(Store(Path(sys.argv[1])).recall(f"{number:064x}", FIRST) is not None for number in range(int(sys.argv[2]))))
"""


def test_processes_that_look_at_once(folder, fill, forked):
    """Processes that start together on a store without an index find all of it."""
    for start in (0, 100):
        fill(*range(start, start + 100))
    command = [sys.executable, "-c", LOOK, str(folder), "200"]
    looking = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    assert [process.communicate(timeout=60)[0].strip() for process in looking] == ["200"] * 3


def test_memory_of_a_resumed_run(folder, fill):
    """The memory of a lookup does not grow with the rows of the store."""
    peaks = []
    for first, last in ((0, 100), (100, 600), (600, 2_600)):
        fill(*range(first, last))
        with peak_into(peaks):
            store = Store(folder)
            assert store.recall(key(last - 1), FIRST).corpus == stored_runs.row()["corpus"]

    assert peaks[2] - peaks[1] < 1_500 * BYTES / 5
