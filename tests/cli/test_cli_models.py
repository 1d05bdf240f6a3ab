"""`asrlab models`: the registry as a table."""

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress

import pytest

from asrlab_pytest.cli import main


@pytest.fixture
def registry(project, monkeypatch):
    """A project with a parrot and one without weights."""
    project.configure(
        tables=(
            '[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n'
            'revision = "abc"\nsize_bytes = 75_000_000\n'
        )
    )
    monkeypatch.chdir(project.path)
    return project


def rows(text):
    return {entry["id"]: entry for entry in json.loads(text)}


def test_json(registry, capsys):
    """--json lists every model of catalog and project, with its status and a hint."""
    assert main(["models", "--json", "--device", "cpu"]) == 0

    found = rows(capsys.readouterr().out)
    assert {"pocketsphinx-en-us", "whisper-base", "faster-whisper-large-v3", "polly", "flown"} <= found.keys()
    assert found["polly"]["status"] == "ready"
    assert (found["polly"]["device"], found["polly"]["compute_type"]) == ("cpu", "squawk8")
    flown = found["flown"]
    assert (flown["status"], flown["reason"]) == ("weights missing", "the parrot has flown")
    assert (flown["hint"], flown["revision"], flown["size"]) == ("asrlab pull flown", "abc", "75 MB")
    assert found["pocketsphinx-en-us"]["status"] == "ready"


def test_some_models(registry, capsys):
    """Ids and globs choose models, and one that matches nothing is named."""
    assert main(["models", "--json", "flown", "pol*"]) == 0
    assert {*rows(capsys.readouterr().out)} == {"flown", "polly"}

    assert main(["models", "floun"]) == 2
    assert "no model 'floun'" in capsys.readouterr().err


def test_text(registry, capsys):
    """The table has a line for each model, in columns that stand below their titles."""
    assert main(["models"]) == 0

    title, *lines = capsys.readouterr().out.splitlines()
    assert title.split() == [
        "id",
        "engine",
        "tasks",
        "weights",
        "revision",
        "size",
        "license",
        "device",
        "compute",
        "type",
        "status",
        "reason",
        "hint",
    ]
    assert lines[1].startswith("flown ")
    cells = [lines[1][title.index(name) :].split("  ")[0] for name in ("status", "reason", "hint")]
    assert cells == ["weights missing", "the parrot has flown", "asrlab pull flown"]


def test_a_narrow_terminal(registry, forked):
    """In a terminal of 80 columns no line is longer; the project's models come first, and broken ones say why."""
    registry.configure(
        tables='[tool.asrlab.models.bad]\nengine = "pocketsphinx"\nweights = "en-us"\ncompute_type = "int88"\n'
    )
    screen, terminal = pty.openpty()
    command = [sys.executable, "-m", "asrlab_pytest.cli", "models"]
    with subprocess.Popen(command, stdout=terminal, env={**os.environ, "COLUMNS": "80"}):
        os.close(terminal)
        lines = "".join(_read(screen)).splitlines()

    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines[:2]] == ["id", "polly"]
    place = next(number for number, line in enumerate(lines) if line.startswith("bad "))
    assert place < next(number for number, line in enumerate(lines) if line.startswith("whisper-base "))
    assert lines[place].split() == ["bad", "pocketsphinx", "-", "broken"]
    assert lines[place + 1] == "  pocketsphinx computes in float32 only, not int88"
    assert lines[place + 2].strip() == "hint: correct compute_type in [tool.asrlab.models.bad]"


def _read(screen):
    """What a terminal shows, until the program closes it."""
    with suppress(OSError):
        while content := os.read(screen, 65536):
            yield content.decode()


def test_markdown(registry, capsys):
    """--markdown is a table that a Markdown reader accepts: as many cells in each row."""
    assert main(["models", "--markdown"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[1].replace(" ", "") == "|---" * 12 + "|"
    assert {line.count(" | ") for line in lines} == {11}
    assert any(line.startswith("| polly | parrot | asr | here |") for line in lines)


def test_a_device_without_a_build(registry, capsys):
    """A model whose engine has no build for the device is unsupported here, with a hint."""
    main(["models", "--json", "--device", "mps"])

    assert rows(capsys.readouterr().out)["pocketsphinx-en-us"]["status"] == "unsupported here"


@pytest.mark.parametrize("command", [["models"], ["pull", "polly"]])
def test_a_wrong_configuration(registry, capsys, command):
    """A wrong table is one sentence on standard error, and status 2."""
    registry.configure("rounds = 0")

    assert main(command) == 2

    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("asrlab: ")
    assert "rounds must be 1 or more" in output.err


def test_no_project(registry, capsys, monkeypatch, tmp_path_factory):
    """Outside any project the catalog is listed."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert main(["models", "--json"]) == 0

    assert "polly" not in rows(capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [["modles"], ["models", "--json", "--markdown"]])
def test_wrong_arguments(arguments, capsys):
    """A wrong command line is refused with its usage."""
    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert "usage: asrlab" in capsys.readouterr().err
