"""How lines get to the disk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.records import private
from asrlab_pytest.records.writing import RecordWriter, write_whole


def lines(path):
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


@pytest.fixture
def writer(tmp_path):
    made = RecordWriter(tmp_path / "runs" / "today" / "run.jsonl")
    made.start({"kind": "environment"})
    return made


def test_the_environment_comes_first(writer):
    """A record begins with its environment, in folders made for it."""
    assert lines(writer.path) == [{"kind": "environment"}]


def test_an_older_record_is_replaced(writer):
    """A new run leaves no line of an older one in its record."""
    writer.write({"clip": "a"})

    RecordWriter(writer.path).start({"run": 2})

    assert lines(writer.path) == [{"run": 2}]


@given(texts=st.lists(st.text(), max_size=5))
def test_any_text_is_one_line(tmp_path_factory, texts):
    """Whatever an engine writes, its row is one line, and is read back as it was."""
    writer = RecordWriter(tmp_path_factory.mktemp("any") / "run.jsonl")
    writer.start({})
    # A lone surrogate, which no engine's text can hold, cannot be UTF-8.
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]

    for text in texts:
        writer.write({"hypothesis": text})

    assert writer.path.read_bytes().count(b"\n") == 1 + len(texts)
    assert [row["hypothesis"] for row in lines(writer.path)[1:]] == texts


def test_half_a_surrogate_pair_in_a_report(tmp_path):
    """A name in a report that has no UTF-8 stands there as an escape."""
    write_whole(tmp_path / "report.html", "<b>\ud800</b>")

    assert (tmp_path / "report.html").read_text(encoding="utf-8") == r"<b>\ud800</b>"


def test_no_nan_in_a_record(writer):
    """A record is plain JSON: NaN never gets into it."""
    with pytest.raises(ValueError, match="JSON"):
        writer.write({"rtf": float("nan")})

    assert len(lines(writer.path)) == 1


FULL_DISK = """
import json, resource, signal, sys
sys.dont_write_bytecode = True  # Half of what is compiled would be kept.
from pathlib import Path
from asrlab_pytest.records.writing import RecordWriter, write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer = RecordWriter(Path(sys.argv[1]))
writer.start({"kind": "environment"})
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (350, limits[1]))
for number in range(5):
    writer.write({"number": number, "text": "x" * 90})
told = [len(writer.waiting), writer.problem.strerror, writer.path.stat().st_size]
whole = writer.path.read_bytes().endswith(b"\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
writer.write({"number": 5, "text": ""})
print(json.dumps([told, whole, len(writer.waiting), str(writer.problem)]))
"""


def test_a_disk_that_is_full(tmp_path, forked):
    """Lines that a full disk does not take are kept, leave no half line behind, and follow when there is room."""
    path = tmp_path / "run.jsonl"
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True)

    (waiting, why, _), whole, still_waiting, problem = json.loads(done.stdout)
    assert (waiting, why, whole) == (3, "File too large", True)
    assert (still_waiting, problem) == (0, "None")
    assert [row.get("number") for row in lines(path)] == [None, 0, 1, 2, 3, 4, 5]


NO_ROOM = """
import json, resource, signal, sys
sys.dont_write_bytecode = True
from pathlib import Path
from asrlab_pytest.records.writing import RecordWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    RecordWriter(Path(sys.argv[1])).start({"kind": "environment", "text": "x" * 200})
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.parametrize("older", [None, b"", b'{"kind": "environment"}\n{"number": 1}\n'])
def test_a_disk_without_room_for_the_first_line(tmp_path, forked, older):
    """A record that cannot begin leaves no file behind, and an older one as it was."""
    path = tmp_path / "run.jsonl"
    if older is not None:
        path.write_bytes(older)

    done = subprocess.run([sys.executable, "-c", NO_ROOM, str(path)], capture_output=True, text=True, check=True)

    assert done.stdout == "File too large\n"
    assert (path.read_bytes() if path.exists() else None) == older


@pytest.fixture
def at_home(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna"))
    private._home.cache_clear()
    yield
    private._home.cache_clear()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("/home/anna/models/tiny.pt", "~/models/tiny.pt"),
        ("no file /home/anna/a.wav, or", "no file ~/a.wav, or"),
        ("/home/anna", "~"),
        ("/home/annabel/a.wav", "/home/annabel/a.wav"),
        ("/mnt/home/anna/a.wav", "/mnt/home/anna/a.wav"),
        ({"a": ["/home/anna/x"]}, {"a": ["~/x"]}),
        ({"hypothesis": "slash home slash /home/anna/x"}, {"hypothesis": "slash home slash /home/anna/x"}),
        (
            {"turns": [{"answer": "/home/anna", "heard": "/home/anna"}]},
            {"turns": [{"answer": "/home/anna", "heard": "/home/anna"}]},
        ),
    ],
)
@pytest.mark.usefixtures("at_home")
def test_no_home_in_a_record(value, kept):
    """Paths within the home folder lose the user's name, and texts that were spoken lose nothing."""
    assert private.without_home(value) == kept


def test_a_link_to_an_older_file(tmp_path):
    """A file that is written whole replaces what a link leads to, with its permissions, and not the link."""
    older, link = tmp_path / "older.md", tmp_path / "link.md"
    older.write_text("older")
    older.chmod(0o640)
    link.symlink_to(older)

    write_whole(link, "newer")

    assert (link.is_symlink(), older.read_text(), older.stat().st_mode & 0o777) == (True, "newer", 0o640)
