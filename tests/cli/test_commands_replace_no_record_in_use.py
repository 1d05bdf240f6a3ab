"""No command replaces a record of the store, or one that another process is writing, whatever name it is given."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.outputs import held

COMMANDS = {
    "merge": ["merge", "run.jsonl", "--force", "-o"],
    "score": ["score", "texts.jsonl", "--record"],
    "reproduce": ["reproduce", "run.jsonl", "--record"],
    "transcribe": ["transcribe", "-o"],
    "transcribe --force": ["transcribe", "--force", "-o"],
}


@pytest.fixture(scope="module")
def ran(fresh_project):
    """A project with a run of one clip, in a record and in the store."""
    with fresh_project("ran") as project:
        project.clip("one", "hello there")
        project.evals("accuracy")
        project.run("-p", "no:cacheprovider", "--asr-record", "run.jsonl")
    pair = {"id": "one", "reference": "hello there", "hypothesis": "hello bear", "language": "en"}
    (project.path / "texts.jsonl").write_text(json.dumps(pair) + "\n", encoding="utf-8")
    return project


@pytest.fixture
def folder(fresh_project, ran, monkeypatch):
    """The folder of a copy of the project, which is the working directory."""
    with fresh_project("recorded", like=ran) as project:
        monkeypatch.chdir(project.path)
        yield project.path


def stored(folder):
    return next((folder / ".asrlab" / "runs").glob("*.jsonl"))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_record_of_the_store(folder, capsys, command):
    """A record of the store is refused as output, also through a link, and so is a new name beside it."""
    record = stored(folder)
    before = record.read_bytes()
    (folder / "soft.jsonl").symlink_to(record)

    for name in (record, "soft.jsonl", record.with_name("new.jsonl")):
        assert main([*command, str(name)]) == 2
        assert f"{command[-1]} {name}: the file is a record of the store, and would" in capsys.readouterr().err
    assert record.read_bytes() == before
    assert not record.with_name("new.jsonl").exists()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_hard_link_to_a_record_of_the_store(folder, command):
    """Another name of a record of the store is replaced alone: the store keeps what it has."""
    record = stored(folder)
    before = record.read_bytes()
    (folder / "hard.jsonl").hardlink_to(record)

    main([*command, "hard.jsonl"])

    assert record.read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_record_that_is_being_written(folder, capsys, command):
    """A record that another process is writing is refused as output, under whatever name."""
    live = folder / "live.jsonl"
    live.write_bytes(stored(folder).read_bytes())
    (folder / "soft.jsonl").symlink_to(live)
    (folder / "hard.jsonl").hardlink_to(live)
    before = live.read_bytes()

    with held(live, option="--asr-record"):
        for name in ("live.jsonl", "soft.jsonl", "hard.jsonl"):
            assert main([*command, name]) == 2
            error = capsys.readouterr().err
            assert f"{name} is being written by another run" in error
            assert f"choose another file with {command[-1]}" in error
    assert live.read_bytes() == before


def test_the_upload_of_another_process(folder, capsys):
    """What a process is still uploading is neither uploaded nor deleted by another."""
    url = f"file://{folder}/far/run.jsonl"
    (folder / "far").mkdir()
    copy = (folder / ".asrlab" / "uploads" / "file").joinpath(*folder.parts[1:], "far", "run.jsonl")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(stored(folder).read_bytes())

    with held(copy, option="-o"):
        assert main(["merge", "run.jsonl", "--force", "-o", url]) == 2
    assert "is being written by another run" in capsys.readouterr().err
    assert copy.exists()
    assert not (folder / "far" / "run.jsonl").exists()


def test_a_store_of_another_place(folder, capsys):
    """A folder named runs without a record that a store named is nobody's store."""
    (folder / "runs").mkdir()

    assert main(["merge", "run.jsonl", "-o", "runs/merged.jsonl"]) == 0
    assert "1 observations" in capsys.readouterr().out
