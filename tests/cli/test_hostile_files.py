"""Files that no program of ours wrote cost a sentence, and neither a traceback nor an evening."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.content import real_path


@pytest.mark.parametrize("command", [("corpus", "info"), ("audit",), ("corpus", "entities")])
def test_json_that_is_nested_too_deeply(command, tmp_path, monkeypatch, capsys):
    """A list of clips that nobody can parse is refused by its line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep.json").write_text("[" * 100_000)

    assert main([*command, "deep.json"]) == 2
    assert "deep.json" in capsys.readouterr().err


def test_a_pass_of_any_number(project, monkeypatch, capsys):
    """A record that states a billion passes is shown at once."""
    project.clip("eins", "hello there")
    project.evals("accuracy")
    project.run("--asr-record", "run.jsonl")
    lines = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
    more = [{**line, "repeat": 10**18} for line in lines if line["kind"] == "observation"]
    (project.path / "run.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in [lines[0], *lines[1:], *more]))
    monkeypatch.chdir(project.path)

    assert main(["scorecard", "run.jsonl"]) == 0
    assert "polly" in capsys.readouterr().out


def test_a_file_whose_name_is_too_long(capsys):
    """A file that the system does not even look for is named in a line, as one that it does not let be read."""
    name = 300 * "a"

    assert main(["report", name]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"asrlab: {name}: ")
    assert error.count("\n") == 1


LOOP = "Too many levels of symbolic links"


def test_outputs_that_link_to_themselves(project, monkeypatch, capsys):
    """A link to itself is named in a sentence by each command that writes a file or folder there, and stays."""
    project.clip("eins", "hello there")
    project.evals("accuracy")
    project.run("--asr-record", "run.jsonl")
    monkeypatch.chdir(project.path)
    (project.path / "other.jsonl").write_bytes((project.path / "run.jsonl").read_bytes())
    (project.path / "loop").symlink_to("loop")
    commands = {
        "report run.jsonl -o loop": LOOP,
        "merge run.jsonl other.jsonl -o loop": LOOP,
        "compare run.jsonl other.jsonl --markdown loop": LOOP,
        "corpus sample clips loop -n 1": "Not a directory",
        "corpus import clips loop": "Not a directory",
        "corpus add loop --text hello": LOOP,
    }

    for command, problem in commands.items():
        status = main(command.split())
        error = capsys.readouterr().err
        assert (status, problem in error) == (2, True), (command, error)
    assert (project.path / "loop").is_symlink()


@pytest.mark.parametrize(
    ("links", "real"),
    [({"a": "a"}, "a"), ({"a": "b", "b": "a"}, "a"), ({"a": "b", "b": "file"}, "file"), ({"a": "folder"}, "folder")],
)
def test_real_paths(tmp_path, links, real):
    """Links are followed, also within a path, and one that leads to itself stays, on every Python."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)

    assert real_path(tmp_path / "a" / "end") == tmp_path / real / "end"


@pytest.mark.parametrize(
    "command",
    [
        "corpus info ~nobody-here/x",
        "corpus add ~nobody-here/x --text hello",
        "corpus import clips ~nobody-here/x",
        "score ~nobody-here/x",
        "audit x ~nobody-here/x.jsonl",
        "report run.jsonl -o ~nobody-here/x",
        "github comment --results ~nobody-here/x",
    ],
)
def test_home_folders_of_nobody(command, tmp_path, monkeypatch, capsys):
    """A path in the home folder of a user who does not exist is refused in a sentence, and nothing is written."""
    monkeypatch.chdir(tmp_path)

    assert main(command.split()) == 2
    problem = "the home folder ~nobody-here does not exist\n  hint: write the absolute path\n"
    assert problem in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("option", ["--asr-corpus", "--asr-record", "--asr-report", "--asr-store"])
def test_home_folders_of_nobody_in_a_run(project, option):
    """The same in an option of pytest is an error of use."""
    project.clip("eins", "hello there")
    project.evals("accuracy")

    result = project.run(f"{option}=~nobody-here/x")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ~nobody-here/x: the home folder ~nobody-here does not exist"])


def test_weights_in_a_home_folder_of_nobody(tmp_path, monkeypatch, capsys):
    """Weights in such a folder are missing, and other models are listed as ever."""
    monkeypatch.chdir(tmp_path)
    table = '[tool.asrlab.models.m]\nengine = "faster-whisper"\nweights = "~nobody-here/x"\n'
    (tmp_path / "pyproject.toml").write_text(table)

    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if "nobody-here" in line] == ["m"]
