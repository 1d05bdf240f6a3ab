"""When lines of a record reach the disk: the system has each at once, the disk has it within a second."""

import errno
import os
import time

import pytest

from asrlab_pytest.records import writing
from asrlab_pytest.records.writing import RecordWriter


class Disk:
    """Counts the times that it is synced, and refuses while it is full."""

    def __init__(self):
        self.syncs = 0
        self.is_full = False

    def fsync(self, descriptor):
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.syncs += 1


@pytest.fixture
def disk(monkeypatch):
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    return disk


@pytest.fixture
def writer(tmp_path, disk):
    made = RecordWriter(tmp_path / "run.jsonl")
    made.start({"kind": "environment"})
    yield made
    disk.is_full = False
    made.close()


def numbers(writer):
    """The numbers of the lines that any other process can read now."""
    return [int(line) for line in writer.path.read_text().split() if line.isdigit()]


def test_each_line_is_there_at_once(writer, disk, monkeypatch):
    """Another process reads a line as soon as it is written, and many lines share one sync."""
    monkeypatch.setattr(writing, "SYNC_SECONDS", 3600)
    monkeypatch.setattr(writing, "LATEST_SECONDS", 3600)
    begun = disk.syncs

    for number in range(100):
        writer.write(number)
        assert numbers(writer) == list(range(number + 1))

    assert disk.syncs == begun
    writer.close()
    assert disk.syncs == begun + 1


def test_a_line_after_a_while(writer, disk, monkeypatch):
    """A line that comes when the last sync is long ago is synced as it is written."""
    monkeypatch.setattr(writing, "SYNC_SECONDS", 0)
    begun = disk.syncs

    for number in range(3):
        writer.write(number)

    assert disk.syncs == begun + 3


def test_a_line_that_none_follows(writer, disk, monkeypatch):
    """A line is synced although none follows: the next transcription may take minutes."""
    monkeypatch.setattr(writing, "SYNC_SECONDS", 3600)
    monkeypatch.setattr(writing, "LATEST_SECONDS", 0.01)
    begun = disk.syncs

    writer.write(1)

    end = time.monotonic() + 60
    while disk.syncs == begun and time.monotonic() < end:
        time.sleep(0.01)
    assert disk.syncs == begun + 1


def test_less_than_a_second():
    """A power cut loses less than a second of lines."""
    assert max(writing.SYNC_SECONDS, writing.LATEST_SECONDS) < 1


def test_a_sync_that_fails(writer, disk, monkeypatch):
    """Lines that the disk refuses when it is synced wait, and follow when there is room, each once and in order."""
    monkeypatch.setattr(writing, "SYNC_SECONDS", 3600)
    writer.write(1)
    writer.write(2)
    disk.is_full = True

    writer.close()

    assert [writer.problem.strerror, len(writer.waiting), numbers(writer)] == ["No space left on device", 2, []]
    disk.is_full = False
    writer.write(3)
    writer.close()
    assert [writer.problem, writer.waiting, numbers(writer)] == [None, [], [1, 2, 3]]


def test_writing_after_the_end(writer):
    """A line that comes after the end is appended."""
    writer.write(1)
    writer.close()

    writer.write(2)

    assert numbers(writer) == [1, 2]
