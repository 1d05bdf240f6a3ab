"""`asrlab store`: what the store holds, and what of it is deleted."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.store import Store
from stored_runs import end, environment, row, said, write

GONE = 999_999_999
"""The number of no process."""
DIGEST = "0123456789ab"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A project's store with an old and a new record, each of which tells of a file of speech."""
    (tmp_path / "pyproject.toml").write_text("[tool.asrlab]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / ".asrlab")
    store.runs.mkdir(parents=True)
    for days, name in ((40, "old"), (1, "new")):
        moment = datetime.now(UTC) - timedelta(days=days)
        record = write(
            store.runs / f"{moment:%Y-%m-%dT%H-%M-%S-%f}-{GONE}-{days:04}.jsonl",
            environment(),
            row(task="tts", spoken=spoken(f"polly/{name}-{DIGEST}.wav")),
        )
        os.utime(record, (moment.timestamp(), moment.timestamp()))
        speech(store, f"{name}-{DIGEST}.wav", days)
    speech(store, f"forgotten-{DIGEST}.wav", 40)
    return store


def speech(store, name, days):
    """A file that was written so many days ago."""
    path = store.folder / "speech" / "polly" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF")
    then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def spoken(file):
    """What a row tells of speech in this file."""
    made = said("one", "one")["spoken"]
    return {**made, "utterance": {**made["utterance"], "file": file}}


def left(store):
    """How many records there are, and which files of speech, without the digests of their names."""
    names = (path.name.replace(f"-{DIGEST}", "") for path in (store.folder / "speech").rglob("*.wav"))
    return len(store.paths()), sorted(names)


def test_what_it_holds(store, capsys):
    """Without an action the command says how much is there, since when, and changes nothing."""
    assert main(["store"]) == 0

    told = capsys.readouterr().out
    assert "2 records (0.0 MB), 3 files of speech (0.0 MB)" in told
    assert f"newest of {datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}" in told
    assert left(store) == (2, ["forgotten.wav", "new.wav", "old.wav"])


def test_what_is_old_goes(store, capsys):
    """Records of before that time go, and old speech that no other record tells of."""
    assert main(["store", "prune", "--older-than", "30"]) == 0

    assert "deleted 1 record (0.0 MB), 2 files of speech" in capsys.readouterr().out
    assert left(store) == (1, ["new.wav"])


def test_old_speech_that_is_told_of_stays(store):
    """Speech is not deleted while a record that stays tells of it, however old the file is."""
    newest = store.paths()[-1]
    write(newest, environment(), row(task="tts", spoken=spoken(f"polly/old-{DIGEST}.wav")))

    main(["store", "prune", "--older-than", "30"])

    assert left(store) == (1, ["new.wav", "old.wav"])


def test_dry_run(store, capsys):
    """A dry run says the same and deletes nothing."""
    assert main(["store", "prune", "--older-than", "30", "--dry-run"]) == 0

    assert "would delete 1 record (0.0 MB), 2 files of speech" in capsys.readouterr().out
    assert left(store) == (2, ["forgotten.wav", "new.wav", "old.wav"])


def test_files_of_others_stay(store):
    """A file that the store did not name is never deleted."""
    (store.runs / "mine.jsonl").write_text("", encoding="utf-8")

    main(["store", "prune", "--older-than", "0"])

    assert [path.name for path in store.paths()] == ["mine.jsonl"]


def test_recordings_of_others_stay(store):
    """In the folder for speech, a recording that was not kept there by a run is neither counted nor deleted."""
    speech(store, "mine.wav", 40)

    main(["store", "prune", "--older-than", "30"])

    assert left(store) == (1, ["mine.wav", "new.wav"])


def test_what_links_lead_to_stays(store, tmp_path):
    """Nothing is deleted by way of a link, and a link to nowhere is not an obstacle."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    speech(store, f"moved-{DIGEST}.wav", 40)
    folder = store.folder / "speech"
    precious = (folder / "polly" / f"moved-{DIGEST}.wav").rename(elsewhere / f"moved-{DIGEST}.wav")
    (folder / "linked").symlink_to(elsewhere)
    (folder / "polly" / f"nowhere-{DIGEST}.wav").symlink_to(tmp_path / "nowhere")
    (folder / "polly" / f"folder-{DIGEST}.wav").mkdir()

    assert main(["store", "prune", "--older-than", "30"]) == 0

    assert precious.exists()


@pytest.mark.parametrize(("minutes", "stays"), [(50, True), (70, False)])
def test_a_run_that_is_at_work_elsewhere(store, minutes, stays):
    """A record without an end stays if it was written to lately: its process may be in a container."""
    record = store.paths()[0]
    then = time.time() - 60 * minutes
    os.utime(record, (then, then))

    main(["store", "prune", "--older-than", "0"])

    assert store.paths() == [record] * stays


def record_of(store, run, *lines, minutes=0):
    """A record of a run that was written to so many minutes ago."""
    moment = datetime.now(UTC)
    record = write(store.runs / f"{moment:%Y-%m-%dT%H-%M-%S-%f}-{GONE}-{run}.jsonl", environment(), row(), *lines)
    os.utime(record, (moment.timestamp() - 60 * minutes,) * 2)
    return record


@pytest.mark.parametrize(
    ("lines", "minutes", "stays"),
    [([], 70, True), ([end()], 50, True), ([end()], 70, False)],
    ids=["at work", "a worker that ended", "long ended"],
)
def test_a_run_that_is_at_work(store, lines, minutes, stays):
    """A record stays while the process of its run lives, unless it has long ended."""
    record = record_of(store, f"{os.getpid()}-abcd", *lines, minutes=minutes)

    main(["store", "prune", "--older-than", "0"])

    assert store.paths() == [record] * stays


def test_a_worker_that_ended_while_others_of_its_run_are_at_work(store):
    """The record of a worker that ended stays while another worker of its run writes, and one of another run goes."""
    ended = record_of(store, f"{GONE}-abcd", end(), minutes=90)
    record_of(store, f"{GONE}-cdef", end())
    at_work = record_of(store, f"{GONE}-abcd")

    main(["store", "prune", "--older-than", "0"])

    assert store.paths() == [ended, at_work]


def test_speech_that_is_judged_stays(store):
    """Speech of the last hour stays where no record refers to it yet: its run may be having it judged."""
    speech(store, f"judged-{DIGEST}.wav", 0.02)

    main(["store", "prune", "--older-than", "0"])

    assert left(store) == (0, ["judged.wav"])


@pytest.mark.parametrize("days", ["-1", "soon", "nan", "1e99"])
def test_no_number_of_days(store, capsys, days):
    """What is not a number of days from 0 is refused in words, and nothing is deleted."""
    with pytest.raises(SystemExit):
        main(["store", "prune", f"--older-than={days}"])

    assert repr(days) in capsys.readouterr().err
    assert left(store)[0] == 2


def test_no_store(tmp_path, monkeypatch, capsys):
    """A project that keeps no store is told so, with the key that would."""
    (tmp_path / "pyproject.toml").write_text('[tool.asrlab]\nstore = ""\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert main(["store"]) == 2

    assert "has no store" in capsys.readouterr().err
