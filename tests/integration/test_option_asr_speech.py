"""--asr-speech: where what models said is kept."""

import json
import os
import re

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
    """Such a project after a run whose speech is in the store; to be looked at."""
    with fresh_project("kept") as project:
        parrot_that_speaks(project).run("--asr-repeat", "2", "--asr-report", "report.html")
        return project


@pytest.fixture
def spoken(fresh_project, kept):
    """A copy of the project after the run."""
    with fresh_project("spoken", like=kept) as project:
        yield project


def files(folder):
    """The speech in a folder, with the time of each file."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*.wav")}


def shown(project):
    """What the HTML report knows of each prompt and dialogue, by id."""
    page = (project.path / "report.html").read_text(encoding="utf-8")
    return {item["id"]: item for item in json.loads(re.search(r'id="data">(.*?)</script>', page)[1])["items"]}


def test_in_the_store(spoken):
    """Speech is in the store, in a folder of its model, and speech that is the same is there once.

    What a record of the store tells of stays when old speech is deleted, however old its files are.
    """
    folder = spoken.path / ".asrlab" / "speech"
    for path in folder.rglob("*.wav"):
        os.utime(path, (0, 0))
    before = files(folder)

    spoken.run()

    assert files(folder) == before
    names = sorted(name.rsplit("-", 1)[0] for name in before)
    assert names == ["coco/one", "coco_conversation/who-1", "coco_conversation/who-2"]
    assert all(soundfile.info(folder / name).duration >= 1.3 for name in before)
    assert main(["store", "prune", "--older-than", "30"]) == 0
    assert files(folder) == before


def test_the_report_plays_it(kept):
    """The HTML report plays the questions and all that the run said."""
    items = shown(kept)

    (prompt,) = items["one"]["answers"]
    (answered,) = items["who"]["answers"]
    played = [prompt["wrote"][0]["audio"], *(part["audio"] for part in items["who"]["parts"])]
    played += [wrote["audio"] for wrote in answered["wrote"]]
    assert sorted(played) == [f"#audio-{number}" for number in range(5)]


def test_the_report_plays_recordings(speaking):
    """The recording of a prompt's text is played beside the speech of every model, with what the judge heard in it."""
    speaking.configure(models=("coco", "kea"), tasks=["tts"])
    speaking.prompt("two", "good morning", recorded="good evening")

    speaking.run("-k", "two", "--asr-report", "report.html")

    item = shown(speaking)["two"]
    assert item["audio"].startswith("#audio-")
    assert [answer["recording"] for answer in item["answers"]] == ["good evening", "good evening"]
    assert {answer["figures"][0] for answer in item["answers"]} == {"WER -50.0% compared with the recording"}


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
