"""No output of pytest or of another plugin takes the place of what a run reads or writes."""

import os

import pytest

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.models import engine, source
from asrlab_pytest.records.baseline import read_baseline


@pytest.fixture
def two(project):
    """Two clips and a test of accuracy, with a baseline of them."""
    project.clip("eins", "hello there")
    project.clip("zwei", "good morning")
    project.evals("accuracy")
    assert project.run("--asr-baseline", "b.jsonl", "--asr-update-baseline").ret == 0
    return project


@pytest.mark.parametrize("option", ["--benchmark-json", "--junitxml"])
def test_what_is_read(two, option):
    """Another output that is the manifest, the baseline or our own output ends the run before any test."""
    read = {"clips/manifest.jsonl": "the list of clips", "b.jsonl": "the baseline"}
    contents = {path: (two.path / path).read_bytes() for path in read}

    for path, what in read.items():
        result = two.run("--asr-baseline", "b.jsonl", option, path)

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: {option} *{path}: the file is {what}, and would be overwritten"])
        assert (two.path / path).read_bytes() == contents[path]


@pytest.fixture
def reader(project, monkeypatch):
    """A model that reads files which its options name and a folder of weights, with an engine of the project."""
    lib = project.path / "lib"
    info = lib / "ara-1.0.dist-info"
    files = ("lex/w.json", "lex/below/x.json", "words.txt", "model/config.json")
    for name in files:
        (project.path / name).parent.mkdir(parents=True, exist_ok=True)
        (project.path / name).write_text("mine")
    info.mkdir(parents=True)
    (lib / "ara.py").write_text("from parrot_engine import Parrot\n\nclass Ara(Parrot):\n    name = 'ara'\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ara\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[asrlab.engines]\nara = ara:Ara\n")
    monkeypatch.syspath_prepend(lib)
    _forget()
    options = 'options = { lexicon = "./lex", words = "words=./words.txt" }'
    table = f'[tool.asrlab.models.ara]\nengine = "ara"\nweights = "./model"\n{options}\n'
    project.configure('model = ["ara"]', models=(), tables=table)
    project.clip("eins", "hello there")
    project.evals("accuracy")
    yield project
    monkeypatch.undo()
    _forget()


def _forget():
    engine._entry_points.cache_clear()
    source._origins.cache_clear()


READ = {
    "lex/w.json": "part of what the options of ara name",
    "lex/below/x.json": "part of what the options of ara name",
    "words.txt": "what the options of ara name",
    "model/config.json": "part of the weights of ara",
    "lib/ara.py": "the source code of the engine ara",
}


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("option", ["--junitxml", "--log-file"])
def test_what_a_model_reads(reader, option, path):
    """What the options, the weights and the local engine of a model consist of is an input."""
    content = (reader.path / path).read_bytes()

    result = reader.run(option, path)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    what = "a source of the project" if (option, path) == ("--log-file", "lib/ara.py") else READ[path]
    result.stderr.fnmatch_lines([f"ERROR: {option} *{path}: the file is {what}, and would be overwritten"])
    assert (reader.path / path).read_bytes() == content


def test_a_report_beside_what_a_model_reads(reader):
    """A report of an earlier run and a log are no input in any folder, and nothing in a hidden one is."""
    outputs = ("--junitxml", "lex/junit.xml", "--benchmark-json", "lex/.cache/b.json", "--log-file", "lex/run.log")
    (reader.path / "lex" / "junit.xml").touch()
    for _ in range(2):
        assert reader.run(*outputs, "--log-file-level", "DEBUG").ret == 0


@pytest.mark.parametrize("path", ["spoken/one.txt", "rules.py"])
def test_what_lists_clips(project, path):
    """The texts beside the clips of a folder are an input, and so is any source in Python."""
    clip = project.clip("one", "hello there")
    project.evals("accuracy")
    (project.path / "spoken").mkdir()
    clip.rename(project.path / "spoken" / "one.wav")
    (project.path / "spoken" / "one.txt").write_text("hello there")
    (project.path / "rules.py").write_text("# mine")
    content = (project.path / path).read_bytes()
    assert project.run("--asr-corpus", "spoken", "--junitxml", "spoken/junit.xml").ret == 0

    result = project.run("--asr-corpus", "spoken", "--junitxml", path)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    what = "part of the list of clips" if path == "spoken/one.txt" else "a source of the project"
    result.stderr.fnmatch_lines([f"ERROR: --junitxml *{path}: the file is {what}, and would be overwritten"])
    assert (project.path / path).read_bytes() == content


REPORT = """import pytest
from pathlib import Path

def pytest_addoption(parser):
    parser.addoption("--html", dest="htmlpath")

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    Path(session.config.option.htmlpath).write_text("<html>")
"""


def test_a_plugin_that_writes_after_the_refusal(two):
    """What a refused run was to write over stays, also where a plugin writes its report all the same."""
    two.write(conftest=REPORT)
    content = (two.path / "b.jsonl").read_bytes()

    result = two.run("--asr-baseline", "b.jsonl", "--html", "b.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert (two.path / "b.jsonl").read_bytes() == content


def test_what_another_task_reads(two):
    """The list of a task that the project has a model of is an input also in a run without a test of that task."""
    table = '[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\ntasks = ["tts"]\n'
    two.configure('model = ["polly", "kea"]', tables=table)
    two.prompt("p", "we saw the sea")

    result = two.run("--junitxml", "fixtures/prompts/prompts.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --junitxml *: the file is the list of prompts, and would be overwritten"])


def test_what_an_audit_reads(two):
    """The same holds if no test of the run evaluates a model."""
    two.write(test_accuracy="def test_audit(asr_audit): assert asr_audit.audit")

    result = two.run("--junitxml", "clips/manifest.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --junitxml *: the file is the list of clips, and would be overwritten"])


def test_one_output(two):
    """Two outputs of which one is another plugin's are not one file."""
    result = two.run("--asr-record", "x.json", "--benchmark-json", "x.json")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --benchmark-json *x.json: the file is what --asr-record writes, *"])


@pytest.mark.parametrize("option", ["--asr-record", "--junitxml"])
def test_a_record_of_the_store(two, option):
    """A record of the store is not replaced by an output of another run, whatever name it is given."""
    stored = next((two.path / ".asrlab" / "runs").glob("*.jsonl"))
    content = stored.read_bytes()
    (two.path / "soft.jsonl").symlink_to(stored)
    (two.path / "hard.jsonl").hardlink_to(stored)

    for name in (str(stored), "soft.jsonl", "hard.jsonl"):
        result = two.run(option, name)

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: {option} *: the file is a record of the store, and would be *"])
    assert stored.read_bytes() == content


def test_a_store_in_a_folder_of_the_user(two):
    """The store hides itself from git, and nothing else of a folder in which other files lie."""
    (two.path / "shared").mkdir()
    (two.path / "shared" / "notes.txt").write_text("mine")

    assert two.run("--asr-store", "shared").ret == 0
    assert two.run("--asr-store", "own").ret == 0

    assert not (two.path / "shared" / ".gitignore").exists()
    assert (two.path / "shared" / "runs" / ".gitignore").read_text() == "*\n"
    assert (two.path / "own" / ".gitignore").read_text() == "*\n"
    assert (two.path / ".asrlab" / ".gitignore").exists()


def test_a_device(two):
    """A device that has no end is neither a record nor a baseline, and a pipe is no baseline."""
    for option in ("--asr-rescore", "--asr-baseline"):
        result = two.run(f"{option}=/dev/zero")

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: *dev/zero cannot be read: it is a device, not a file"])
    pipe = two.path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(AsrlabError, match="is a pipe, but is read twice"):
        read_baseline(pipe)


def test_tests_that_another_plugin_swallows(two):
    """A run whose tests all end without a report fails, and names them."""
    two.write(conftest="def pytest_runtest_protocol(item, nextitem):\n    return True\n")

    result = two.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: 2 tests lost (no report received): *"])
