"""`asrlab init`: a starter that is laid down and runs."""

import re
import shutil
import tomllib
from importlib.resources import files
from pathlib import Path

import parrot_engine
import pytest
import soundfile

import real_voice
from asrlab_pytest.cli import main
from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.prompts import read_prompts
from quick_search import TABLE

CLIPS = Path(__file__).parents[2] / "fixtures" / "audio" / "clips"
LAID_DOWN = (
    "evals/test_accuracy.py",
    "evals/test_corpus.py",
    "evals/test_corpus_audit.py",
    "fixtures/audio/manifest.jsonl",
    "pyproject.toml",
)


@pytest.fixture
def somewhere(project, monkeypatch):
    """An empty folder to work in."""
    (project.path / "pyproject.toml").unlink()
    monkeypatch.chdir(project.path)
    return project


def test_into_an_empty_folder(somewhere, capsys):
    """Every part is written and named, and the configuration is valid."""
    assert main(["init"]) == 0

    output = capsys.readouterr().out
    for name in LAID_DOWN:
        assert (somewhere.path / name).is_file()
        assert name in output
    table = tomllib.loads((somewhere.path / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["asrlab"]
    assert table["corpus"] == "fixtures/audio"
    assert main(["models"]) == 0


def test_nothing_is_overwritten(somewhere, capsys):
    """A second init changes no file, whatever the user made of it."""
    main(["init"])
    contents = {}
    for name in LAID_DOWN:
        path = somewhere.path / name
        path.write_text(path.read_text() + "\n# mine\n")
        contents[path] = path.read_bytes()

    assert main(["init"]) == 0

    assert {path: path.read_bytes() for path in contents} == contents
    assert capsys.readouterr().out.count("kept") == len(LAID_DOWN)


@pytest.mark.parametrize(("line_end", "ending"), [("\n", ""), ("\n", "\n"), ("\r\n", ""), ("\r\n", "\r\n")])
def test_a_project_with_a_pyproject(somewhere, line_end, ending):
    """The table is appended to a pyproject.toml, of which nothing is lost, with the line ends of the file."""
    own = f'[project]{line_end}name = "mine"{line_end}version = "1"{ending}'
    (somewhere.path / "pyproject.toml").write_bytes(own.encode())

    main(["init"])

    text = (somewhere.path / "pyproject.toml").read_bytes().decode()
    assert text.startswith(own)
    assert text.count("\n") == text.count(line_end)
    assert tomllib.loads(text)["project"]["name"] == "mine"
    assert "asrlab" in tomllib.loads(text)["tool"]


def test_other_tasks(somewhere, capsys):
    """The evals of the tasks that are named are laid down, with a list to fill, and those of no other."""
    assert main(["init", "--task", "tts", "--task", "conversation"]) == 0

    laid = {str(path.relative_to(somewhere.path)) for path in somewhere.path.rglob("*.*") if path.is_file()}
    assert laid == {
        "evals/test_tts.py",
        "fixtures/prompts/prompts.jsonl",
        "evals/test_conversation.py",
        "fixtures/dialogues/dialogues.jsonl",
        "pyproject.toml",
    }
    output = capsys.readouterr().out
    assert all(name in output for name in laid)
    assert len(read_prompts(somewhere.path / "fixtures" / "prompts").samples) == 2
    assert len(read_dialogues(somewhere.path / "fixtures" / "dialogues").samples) == 1


def test_synthesis_that_was_laid_down_runs(somewhere):
    """The laid-down evals of TTS run as they are, with a real voice."""
    main(["init", "--task", "tts"])
    with (somewhere.path / "pyproject.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(real_voice.TABLE + TABLE)

    result = somewhere.run("evals/test_tts.py", "--asr-model", "joe", "--asr-judge", "pocketsphinx-en-us")

    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["passed"] == 3
    result.stdout.fnmatch_lines(["2 prompts, *", "joe *%*"])


@pytest.mark.parametrize("task", ["asr", "tts", "conversation"])
@pytest.mark.parametrize("own", ["", "[tool.asrlab]\n", "[tool.asrlab.models]\n"])
def test_every_check_has_a_threshold(somewhere, task, own, capsys):
    """What init adds, also to a project with a table, has a threshold for each eval of the task."""
    somewhere.is_lenient = False
    Path("pyproject.toml").write_text(own, encoding="utf-8")
    main(["init", "--task", task])
    parrot = 'engine = "parrot"\nweights = "here"\ntasks = ["asr", "tts", "conversation"]\n'
    with Path("pyproject.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(f"[tool.asrlab.models.polly]\n{parrot}")
    for listed in Path("fixtures").rglob("*.jsonl"):
        for name in re.findall(r"[\w-]+\.wav", listed.read_text(encoding="utf-8")):
            soundfile.write(listed.with_name(name), parrot_engine.hide("anything", 2.0), 16_000)

    without_audit = ("--ignore", "evals/test_corpus_audit.py")
    result = somewhere.run("evals", "--asr-model", "polly", "--asr-judge", "polly", *without_audit)

    result.stdout.fnmatch_lines(["polly*%*"])
    result.stdout.no_fnmatch_line("*no threshold for*")
    assert "thresholds]" in capsys.readouterr().out or not own


def test_thresholds_that_are_there(somewhere, capsys):
    """Thresholds of the project stay, and only the table that is missing is added."""
    own = "[tool.asrlab]\nthresholds = { wer = 0.1 }\n"
    Path("pyproject.toml").write_text(own, encoding="utf-8")

    main(["init"])

    table = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["asrlab"]
    assert table == {"thresholds": {"wer": 0.1}, "corpus_thresholds": {"wer": 0.3}}
    assert "added [tool.asrlab.corpus_thresholds] to pyproject.toml" in capsys.readouterr().out


def test_a_table_in_one_line(somewhere, capsys):
    """A table that nothing can be appended to is kept, and what to add to it is printed."""
    own = '[tool]\nasrlab = { model = ["whisper-base"] }\n'
    Path("pyproject.toml").write_text(own, encoding="utf-8")

    main(["init", "--task", "tts"])

    assert Path("pyproject.toml").read_text(encoding="utf-8") == own
    assert "[tool.asrlab.tts.thresholds]\nwer = 0.5\n" in capsys.readouterr().out


@pytest.mark.parametrize("task", ["tts", "conversation"])
def test_the_starters_are_the_evals_of_the_repository(task):
    """The evals of speech that are laid down are those that this repository runs itself."""
    starter = files("asrlab_pytest.cli") / "starter" / f"test_{task}.py"
    own = Path(__file__).parents[2] / "evals" / f"test_{task}.py"

    assert starter.read_text(encoding="utf-8") == own.read_text(encoding="utf-8")


def test_into_what_is_no_folder(somewhere, capsys):
    """A file instead of a folder, and a pyproject.toml that is not text, are refused with a message."""
    (somewhere.path / "run.jsonl").write_text("{}", encoding="utf-8")

    for folder in ("run.jsonl", "run.jsonl/below"):
        assert main(["init", folder]) == 2
        assert f"asrlab: {folder}" in (error := capsys.readouterr().err)
        assert "cannot be written: Not a directory" in error
    (somewhere.path / "pyproject.toml").write_bytes("# schön\n".encode("latin-1"))
    assert main(["init"]) == 2
    assert "pyproject.toml is not UTF-8" in capsys.readouterr().err


def test_into_another_folder(somewhere):
    """A folder that is named, and not there yet, is made."""
    assert main(["init", "new/project"]) == 0

    assert all((somewhere.path / "new/project" / name).is_file() for name in LAID_DOWN)


def test_what_was_laid_down_runs(somewhere):
    """With a clip put where the manifest says, the laid-down evals run on the embedded model."""
    main(["init"])
    manifest = somewhere.path / "fixtures" / "audio" / "manifest.jsonl"
    manifest.write_text(
        manifest.read_text().replace("What is really said in the file, as a person would write it.", "Good morning.")
    )
    shutil.copy(CLIPS / "short-rms.wav", manifest.parent / "hello.wav")

    result = somewhere.run("evals", "--asr-download", "never")

    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["passed"] == 3
    result.stdout.fnmatch_lines(["pocketsphinx-en-us *%*"])
