"""--asr-speech: where what models said is kept."""

import os
import re
from urllib.parse import unquote

import pytest
import soundfile

from asrlab_pytest.cli import main


def parrot_that_speaks(project):
    """A project of a parrot that speaks and converses."""
    project.configure(models=("coco",), tasks=["tts", "conversation"])
    project.prompt("one", "hello there")
    project.dialogue("who", "who are you", "where is it")
    project.evals("tts", "conversation")
    return project


@pytest.fixture
def speaking(project):
    """A project of a parrot that speaks and converses."""
    return parrot_that_speaks(project)


@pytest.fixture(scope="module")
def kept(fresh_project):
    """Such a project after a run whose speech is in the store, and the run's result; to be looked at."""
    with fresh_project("kept") as project:
        return project, parrot_that_speaks(project).run("--asr-repeat", "2")


@pytest.fixture
def spoken(fresh_project, kept):
    """A copy of the project after the run."""
    with fresh_project("spoken", like=kept[0]) as project:
        yield project


def files(folder):
    """The speech in a folder, with the time of each file."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*.wav")}


def said(folder):
    """The same of what models said, without the questions."""
    return {name: time for name, time in files(folder).items() if not name.startswith("questions")}


def played(folder):
    """The files that the page plays."""
    content = (folder / "index.html").read_text(encoding="utf-8")
    return {(folder / unquote(found)).resolve() for found in re.findall(r'<audio[^>]* src="([^"]*)"', content)}


def test_in_the_store(spoken):
    """Speech is in the store, in a folder of its model, and speech that is the same is there once.

    What the page of the last run plays stays when old speech is deleted, however old its files are.
    """
    folder = spoken.path / ".asrlab" / "speech"
    for path in folder.rglob("*.wav"):
        os.utime(path, (0, 0))
    before = said(folder)

    spoken.run()

    assert said(folder) == before
    names = sorted(name.rsplit("-", 1)[0] for name in before)
    assert names == ["coco/one", "coco_conversation/who-1", "coco_conversation/who-2"]
    assert all(soundfile.info(folder / name).duration >= 1.3 for name in before)
    assert main(["store", "prune", "--older-than", "30"]) == 0
    assert len(played(folder)) == 5
    assert all(path.is_file() for path in played(folder))


def test_a_page_to_listen(kept):
    """The page plays the questions and all that this run said, from files beside it, and the run says where it is."""
    project, result = kept

    folder = project.path / ".asrlab" / "speech"
    assert played(folder) == {folder / name for name in files(folder)}
    assert len(list((folder / "questions").iterdir())) == 2
    result.stdout.fnmatch_lines(["asrlab: listen to the speech: *index.html"])


def test_a_page_with_recordings(speaking):
    """Beside the speech of a text the page plays the recording of it, for every model the same file."""
    speaking.configure(models=("coco", "kea"), tasks=["tts"])
    speaking.prompt("two", "good morning", recorded="good evening")

    speaking.run("-k", "two")

    folder = speaking.path / ".asrlab" / "speech"
    assert played(folder) == {folder / name for name in files(folder)}
    (recording,) = (folder / "recordings").iterdir()
    content = (folder / "index.html").read_text(encoding="utf-8")
    assert content.count(f"recordings/{recording.name}") == 2
    assert content.count("heard: good <del>morning</del> <ins>evening</ins>") == 2
    assert content.count("-50.0%") == 2


def test_a_folder_that_became_read_only(spoken, monkeypatch):
    """Where all speech already exists and nothing can be written any more, the run says so and ends as it should."""

    def read_only(*arguments, **keys):
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr(os, "utime", read_only)

    result = spoken.run("-k", "who")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*the page *index.html was not written: Read-only file system*"])
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_other_speech(spoken):
    """Other speech of the same prompt is a file beside the first, which stays as it was."""
    folder = spoken.path / ".asrlab" / "speech"
    before = files(folder)
    path = spoken.path / "fixtures" / "prompts" / "prompts.jsonl"
    path.write_text(path.read_text().replace("hello there", "hello dear"))

    spoken.run("-k", "one")

    assert before.items() < files(folder).items()
    assert len(files(folder)) == len(before) + 1


@pytest.mark.parametrize("by", ["option", "key"])
def test_another_folder(speaking, by):
    """The option and the project's key name another folder, and the store then has no speech."""
    if by == "key":
        speaking.configure('speech = "said"', models=("coco",), tasks=["tts", "conversation"])

    speaking.run("-k", "one", *(["--asr-speech", "said"] if by == "option" else []))

    assert len(files(speaking.path / "said")) == 1
    assert not (speaking.path / ".asrlab" / "speech").exists()


@pytest.mark.parametrize("arguments", [["--asr-speech", ""], ["--asr-store", ""]])
def test_none(speaking, arguments):
    """An empty folder, and no store, keep no speech; the record says that there is no file."""
    result = speaking.run("-k", "one", "--asr-record", "run.jsonl", *arguments)

    result.assert_outcomes(passed=1)
    assert list(speaking.path.rglob("one-*.wav")) == []
    assert speaking.record()[1][0]["spoken"]["utterance"]["file"] is None


def test_a_folder_that_cannot_be_written(speaking):
    """A folder that cannot be written is a remark with its hint, and fails nothing."""
    (speaking.path / "said").write_text("a file, and no folder")

    result = speaking.run("--asr-speech", "said", "-k", "one or who")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "asrlab: speech is not kept, *said cannot be written: *",
            '  hint: choose another folder with --asr-speech, or disable it: --asr-speech ""',
        ]
    )
    assert result.stdout.str().count("speech is not kept") == 1


def test_a_remark_of_a_worker(speaking):
    """The remark also comes where workers spoke."""
    (speaking.path / "said").write_text("a file, and no folder")

    result = speaking.run("-n", "1", "--asr-speech", "said", "-k", "one or who")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["asrlab: speech is not kept, *said cannot be written: *"])


def test_a_name_that_no_file_can_have(speaking):
    """A prompt whose id is not a name of a file is kept under one that is."""
    speaking.prompt("../a/b: c", "good morning")

    speaking.run("--asr-prompt", "../a/b: c", "test_tts.py")

    (name,) = files(speaking.path / ".asrlab" / "speech")
    assert name.startswith("coco/_a_b_c-")
