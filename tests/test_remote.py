"""Records at a URL: what is read is copied here, and what is written is uploaded."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import copy

import fsspec
import pytest
from fsspec.registry import known_implementations

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest import remote
from asrlab_pytest.cli import main
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.remote import Output

URL = "memory://bucket/run.jsonl"


@pytest.fixture
def store():
    """An empty object store in memory."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


@pytest.fixture
def parrots(project, monkeypatch):
    """A project of a parrot and four clips, in the working directory."""
    project.configure(models=("polly",))
    for number in range(4):
        project.clip(f"clip-{number}", f"word {number}")
    monkeypatch.chdir(project.path)
    return project


@pytest.fixture
def output(tmp_path):
    """A file to write to a folder of the disk by its URL."""
    (tmp_path / "far").mkdir()
    return Output(f"file://{tmp_path}/far/run.jsonl", tmp_path / "here")


def copies(folder):
    """The files that are kept for an upload."""
    return [path for path in (folder / ".asrlab" / "uploads").rglob("*") if path.is_file()]


def test_a_record_at_a_url(parrots, store, capsys):
    """A record is written to a URL, continued and read there, and messages name the URL."""
    assert main(["transcribe", "-o", URL]) == 0
    size = store.size("/bucket/run.jsonl")
    assert capsys.readouterr().out.splitlines()[-1] == f"uploaded to {URL}: {size:,} bytes"
    assert copies(parrots.path) == []

    assert main(["transcribe", "-o", URL]) == 0
    assert capsys.readouterr().out == f"{URL} is complete: 4 observations, 0 failed\n"
    assert main(["merge", URL, "-o", "memory://bucket/all.jsonl"]) == 0
    assert main(["record", "validate", URL, "memory://bucket/all.jsonl"]) == 0
    assert f"{URL}: 4 observations of 1 model, complete" in capsys.readouterr().out
    assert main(["report", URL]) == 0
    assert main(["compare", URL, URL]) == 2
    assert f"{URL} and {URL} are the same file" in capsys.readouterr().err
    assert main(["merge", URL, "-o", URL]) == 2
    assert copies(parrots.path) == []


def test_transcripts_at_a_url(parrots, store, capsys):
    """Hypotheses and references at URLs are scored, and the record of them is written to one."""
    store.pipe("/bucket/mine.trn", b"hello word (a-1)\n")
    store.pipe("/bucket/right.trn", b"hello world (a-1)\n")
    given = ["memory://bucket/mine.trn", "--reference", "memory://bucket/right.trn"]

    assert main(["score", *given, "--record", URL]) == 0
    assert re.search("^mine +50.0%", capsys.readouterr().out, re.MULTILINE)
    assert main(["record", "validate", URL]) == 0
    capsys.readouterr()
    store.rm(URL)
    assert main(["score", "other=memory://bucket/mine.trn", *given, "--json", "--record", URL]) == 0
    rows = map(json.loads, capsys.readouterr().out.splitlines())
    assert [(row["model"], row["wer"]) for row in rows] == [("other", 0.5), ("mine", 0.5)]
    assert main(["score", "memory://bucket/none.trn", *given[1:]]) == 2
    assert "memory://bucket/none.trn cannot be read: there is no such file" in capsys.readouterr().err


def test_it_goes_on(parrots, store):
    """A run goes on with what an earlier one has uploaded, and with what that wrote after its last upload."""
    assert main(["transcribe", "-o", URL]) == 0
    environment, *lines = store.cat(URL).splitlines(keepends=True)
    begun = b"".join([environment, *lines[:2]])
    for there, here in ((begun, None), (environment, begun), (None, begun)):
        store.rm(URL)
        if there is not None:
            store.pipe(URL, there)
        if here is not None:
            copy = parrots.path / ".asrlab" / "uploads" / "memory" / "bucket" / "run.jsonl"
            copy.write_bytes(here)
        assert main(["transcribe", "-o", URL]) == 0
        assert store.cat(URL).startswith(begun)
        assert len(store.cat(URL).splitlines()) == len(lines) + 1


@pytest.mark.parametrize("option", ["", "--force"])
def test_the_file_of_somebody_else(parrots, store, capsys, option):
    """A file at a URL that is not a record is not replaced."""
    store.pipe(URL, b"a letter")

    assert main(["transcribe", "-o", URL, *filter(None, [option])]) == 2
    assert "already exists and is not a record of asrlab" in capsys.readouterr().err
    assert store.cat(URL) == b"a letter"


def test_a_file_that_changed(output, tmp_path):
    """A file that another process wrote in the meantime is not replaced, and the copy is kept."""
    output.path.write_text("mine")
    assert output.upload()
    assert not output.upload()
    (tmp_path / "far" / "run.jsonl").write_text("theirs")
    output.path.write_text("mine, longer")

    with pytest.raises(ConfigError, match="was changed by another process, so it is not replaced"):
        output.upload()
    assert (tmp_path / "far" / "run.jsonl").read_text() == "theirs"
    assert output.path.read_text() == "mine, longer"
    with pytest.raises(ConfigError, match="has other lines"):
        Output(f"file://{tmp_path}/far/run.jsonl", tmp_path / "here")


def test_a_failed_upload(output, tmp_path):
    """If an upload fails, the hint has the command that copies the file."""
    output.path.write_text("mine")
    (tmp_path / "far").rmdir()

    with pytest.raises(ConfigError, match="cannot be written: there is no such file or folder") as caught:
        output.upload()
    (tmp_path / "far").mkdir()
    _, *arguments = shlex.split(caught.value.hint.partition("copy what was written: ")[2])
    subprocess.run([sys.executable, *arguments], check=True)
    assert (tmp_path / "far" / "run.jsonl").read_text() == "mine"


@pytest.mark.parametrize(("period", "uploaded"), [(0.0, "12"), (3600.0, "1")])
def test_now_and_then(output, tmp_path, monkeypatch, period, uploaded):
    """A file that grows is uploaded at once, and again only after the period."""
    monkeypatch.setattr(remote, "PERIOD", period)
    monkeypatch.setattr(remote, "SHARE", 0)
    for text in ("1", "12"):
        output.path.write_text(text)
        output.upload_if_due()
    assert (tmp_path / "far" / "run.jsonl").read_text() == uploaded


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("wandb://bucket/run.jsonl", "Install wandbfs"),
        ("gopher://bucket/run.jsonl", "Protocol not known: gopher"),
        ("memory://bucket/none.jsonl", "there is no such file or folder"),
    ],
)
def test_unreachable(store, capsys, url, problem):
    """A URL that cannot be read ends a command with a sentence and status 2."""
    assert main(["report", url]) == 2
    assert f"asrlab: {url} cannot be read: {problem}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ('HTTPFileSystem requires "requests" and "aiohttp" to be installed', "uv add requests aiohttp"),
        ("Install s3fs to access S3", "uv add s3fs"),
        ("Install the requests package to use the github FS", "uv add requests"),
        ("Install 'morefs[asynclocalfs]' to use AsyncLocalFileSystem", "uv add 'morefs[asynclocalfs]'"),
        ("pyarrow and local java libraries required for HDFS", "uv add nowhere_fs"),
    ],
)
def test_packages_that_are_not_installed(capsys, monkeypatch, words, hint):
    """The hint installs what fsspec says is missing or, where it names no package, what cannot be imported."""
    monkeypatch.setitem(known_implementations, "far", {"class": "nowhere_fs.core.FileSystem", "err": words})

    assert main(["report", "far://host/run.jsonl"]) == 2

    assert capsys.readouterr().err == (f"asrlab: far://host/run.jsonl cannot be read: {words}\n  hint: {hint}\n")


def test_pytest(parrots):
    """Pytest scores and compares with records at a URL, and refuses to write to one."""
    parrots.evals("accuracy")
    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    url = f"file://{parrots.path / 'run.jsonl'}"
    older = copy(parrots.path / "run.jsonl", parrots.path / "older.jsonl")
    assert parrots.run("--asr-rescore", url, "--asr-baseline", f"file://{older}").ret == 0
    refused = parrots.run("--asr-record", url)
    assert refused.ret == 4
    assert f"pytest does not write to a URL: {url}" in refused.stderr.str()
    assert not Path("file:").exists()


SECRET = "https://bob:hunter22hunter@127.0.0.1:9/x"


@pytest.mark.parametrize(
    "command",
    [
        "audit {}",
        "audit --review --answers {}",
        "corpus add clips/clip-0.wav --text x --corpus {}",
        "corpus add {} --text x",
        "corpus entities {}",
        "corpus import clips {}",
        "corpus import {} dest",
        "corpus import --format csv {} dest",
        "corpus import --format csv --audio {} clips dest",
        "corpus info {}",
        "corpus lock {}",
        "corpus sample clips {} -n 1",
        "compare then.jsonl then.jsonl --markdown {}",
        "init {}",
        "plot then.jsonl -o {}",
        "report then.jsonl -o {}",
        "reproduce then.jsonl --corpus {}",
        "reproduce then.jsonl --record {}",
        "score --corpus {} polly=hyp.txt",
        "transcribe -o run.jsonl --corpus {}",
        "transcribe -o run.jsonl --store {}",
    ],
)
def test_a_url_in_place_of_a_path(parrots, capsys, command):
    """Where only a path of this machine is read or written, a URL is refused, without its password or a folder."""
    before = sorted(parrots.path.rglob("*"))

    status = main([SECRET if word == "{}" else word for word in command.split()])

    printed = capsys.readouterr()
    assert status == 2
    assert "is a URL, and not a path" in printed.err
    assert "127.0.0.1" in printed.err
    assert "hunter" not in printed.out + printed.err
    assert sorted(parrots.path.rglob("*")) == before


@pytest.mark.parametrize(
    "option", ["--asr-corpus", "--asr-prompts", "--asr-dialogues", "--asr-store", "--asr-speech", "--asr-record"]
)
def test_a_url_in_place_of_a_path_of_pytest(parrots, option):
    """The same holds for options of pytest."""
    parrots.evals("accuracy")

    result = parrots.run(option, SECRET)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *URL*"])
    assert "hunter" not in result.stdout.str() + result.stderr.str()
    assert not list(parrots.path.glob("https:*"))
