"""What the store keeps, whatever ends the process that writes."""

import json
import subprocess
import sys

import pytest

import stored_runs
from asrlab_pytest.records.observation import FIRST, Pass
from asrlab_pytest.records.reading import RecordError, read_run
from asrlab_pytest.records.store import Store

KEY = stored_runs.HASH


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / ".asrlab")


@pytest.fixture
def fill(store, environment):
    """Writes a record of these observations into the store."""

    def write(*rows, **changed):
        writer = store.new_record()
        writer.start({**environment, **changed})
        for row in rows:
            writer.write(row)
        return writer.path

    return write


def test_git_leaves_it_alone(store):
    """The store keeps itself out of git."""
    store.new_record()

    assert (store.folder / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_what_was_written_is_found(store, fill, observation):
    """An observation is found under its key and pass, and under no other."""
    fill(observation(hypothesis="hello"))

    assert store.recall(KEY, FIRST).hypothesis == "hello"
    assert store.recall(KEY, Pass(1)) is None
    assert store.recall(KEY, Pass(order="shuffled")) is None
    assert store.recall("e" * 64, FIRST) is None


def test_the_newest_counts(store, fill, observation):
    """Of several observations under one key the newest is taken, and the others stay."""
    fill(observation(hypothesis="older"))
    fill(observation(hypothesis="newer"))

    assert store.recall(KEY, FIRST).hypothesis == "newer"
    assert [read_run(path).observations[0].hypothesis for path in store.paths()] == ["older", "newer"]


def test_a_damaged_line(store, fill, observation):
    """A line that cannot be read is told by file and number, and the others are used."""
    path = fill(observation(clip="one"), observation(clip="two", key="e" * 64))
    content = path.read_bytes().split(b"\n")
    content[1] = b"\x00" * 20
    path.write_bytes(b"\n".join(content))

    assert store.recall(KEY, FIRST) is None
    assert store.recall("e" * 64, FIRST).clip == "two"
    assert [(file, damage.line) for file, damage in store.damages] == [(path, 2)]


def test_an_unfinished_last_line(store, fill, observation):
    """The half line that a lost power supply leaves is passed over without a word: nothing finished is in it."""
    path = fill(observation(), observation(key="e" * 64))
    path.write_bytes(path.read_bytes()[:-30])

    assert store.recall(KEY, FIRST) is not None
    assert store.recall("e" * 64, FIRST) is None
    assert store.damages == []


def test_a_newer_store(store, fill, observation):
    """A store that a newer version wrote is refused in words that say how to go on."""
    fill(observation(), schema="asrlab-record/7.0")

    with pytest.raises(RecordError, match="newer asrlab-pytest wrote it") as caught:
        store.recall(KEY, FIRST)

    assert "upgrade" in caught.value.hint


KILLS = """
import json, os, random, signal, sys, time
from pathlib import Path
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.store import Store
folder, environment, row = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
rng, lost, halves, finished = random.Random(7), 0, 0, 0
for trial in range(50):
    store = Store(folder / str(trial))
    reader, writer_end = os.pipe()
    child = os.fork()
    if child == 0:
        writer = store.new_record()
        writer.start(environment)
        number = 0
        while True:
            writer.write({**row, "clip": f"clip-{number}", "hypothesis": "word " * rng.randrange(2000)})
            os.write(writer_end, b".")
            number += 1
    os.close(writer_end)
    os.read(reader, 1)
    time.sleep(rng.uniform(0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = 1
    while chunk := os.read(reader, 65536):
        told += len(chunk)
    os.close(reader)
    (path,) = store.paths()
    run = read_run(path)
    finished += told
    lost += max(0, told - len(run.observations))
    halves += any(not damage.is_tail for damage in run.damages)
    if [one.clip for one in run.observations] != [f"clip-{n}" for n in range(len(run.observations))]:
        halves += 1
print(json.dumps([finished, lost, halves]))
"""


def test_kills(tmp_path, environment, observation):
    """Fifty writers killed at random instants lose no observation that they had finished, and leave no false one."""
    command = [sys.executable, "-c", KILLS, str(tmp_path), json.dumps(environment), json.dumps(observation())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    finished, lost, halves = json.loads(done.stdout)
    assert finished >= 50
    assert (lost, halves) == (0, 0)


WRITE = """
import json, sys
from pathlib import Path
from asrlab_pytest.records.store import Store
row = json.loads(sys.argv[3])
writer = Store(Path(sys.argv[1])).new_record()
writer.start(json.loads(sys.argv[2]))
for number in range(100):
    writer.write({**row, "model": sys.argv[4], "clip": str(number), "hypothesis": sys.argv[4] * 5000})
"""


def test_many_at_once(store, environment, observation, forked):
    """Processes that write at once each keep all of their observations."""
    command = [sys.executable, "-c", WRITE, str(store.folder), json.dumps(environment), json.dumps(observation())]
    writers = [subprocess.Popen([*command, who]) for who in "abc"]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    rows = [row for path in store.paths() for row in read_run(path).observations]
    assert sorted(row.model for row in rows) == ["a"] * 100 + ["b"] * 100 + ["c"] * 100
    assert all(row.hypothesis == row.model * 5000 for row in rows)
