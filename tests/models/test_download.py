"""The engines' own download code fetches weights from a hub on this machine."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.cli.project import settings_and_root
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.catalog import catalog
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.hub import no_answer
from asrlab_pytest.models.support import openai_whisper_files
from asrlab_pytest.suite.suite import registry_of
from local_hub import running

REPOSITORY = "Systran/faster-whisper-tiny"
PINNED = catalog()["faster-whisper-tiny"]["revision"]


@pytest.fixture(scope="module")
def hub(pair):
    """A running hub that has the scripted checkpoint as faster-whisper's tiny model."""
    with pytest.MonkeyPatch.context() as patch, running(patch, REPOSITORY, pair("scripted").folder) as server:
        yield server


@pytest.fixture(scope="module")
def run_in(hub, forks):
    """Runs a command of this environment in a project whose hub is the one on this machine."""

    def run(folder, *command):
        cache = {"HF_HOME": str(folder / "hub"), "XDG_CACHE_HOME": str(folder / "cache")}
        environment = {**os.environ, "HF_ENDPOINT": hub.url, **cache}
        environment.pop("HF_HUB_OFFLINE", None)
        command = [sys.executable, "-m", *command]
        with forks():
            return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def asrlab(run_in, tmp_path):
    """Runs a command of this environment in an empty project."""
    return partial(run_in, tmp_path)


@pytest.fixture(scope="module")
def pulled(run_in, tmp_path_factory):
    """A project that has pulled the model, and what the command printed."""
    folder = tmp_path_factory.mktemp("pulled")
    return folder, run_in(folder, "asrlab_pytest.cli", "pull", "faster-whisper-tiny")


def test_pull_from_a_hub(run_in, pulled):
    """`asrlab pull` fetches a model from a hub and prints where it is; a second pull fetches nothing."""
    folder, first = pulled
    second = run_in(folder, "asrlab_pytest.cli", "pull", "faster-whisper-tiny")

    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith(f"faster-whisper-tiny: downloaded to {folder}")
    assert PINNED in first.stdout
    assert second.stdout.startswith("faster-whisper-tiny: already at")


def test_pull_again(asrlab, pulled, tmp_path, monkeypatch):
    """Damaged weights in the cache are detected by their hash; the error names the command that fetches them again."""
    shutil.copytree(pulled[0] / "hub", tmp_path / "hub", symlinks=True)
    [model] = (tmp_path / "hub").rglob("snapshots/*/model.bin")
    whole = model.read_bytes()
    model.resolve().write_bytes(whole[:-9] + b"123456789")

    monkeypatch.chdir(tmp_path)
    assert main(["pull", "--again", "no-such-model"]) == 2
    (tmp_path / "test_it.py").write_text("def test_it(asr_case):\n    asr_case.transcribe()\n", encoding="utf-8")
    corpus = Path(__file__).parents[2] / "fixtures" / "audio"
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.asrlab]\ncorpus = "{corpus.as_posix()}"\nclip = ["short-rms"]\nmodel = ["faster-whisper-tiny"]\n',
        encoding="utf-8",
    )
    run = asrlab("pytest", "-p", "no:cacheprovider")
    assert "model.bin is damaged" in run.stdout
    assert "asrlab pull --again faster-whisper-tiny" in run.stdout

    again = asrlab("asrlab_pytest.cli", "pull", "--again", "faster-whisper-tiny")

    assert again.returncode == 0, again.stderr
    assert model.read_bytes() == whole


def test_convert_again(pair, monkeypatch, tmp_path):
    """The command that the error names repeats a damaged conversion."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    checkpoint = pair("scripted").checkpoint.as_posix()
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.asrlab.models.own]\nengine = "faster-whisper"\nweights = "{checkpoint}"\n', encoding="utf-8"
    )
    assert main(["pull", "own"]) == 0
    [model] = (tmp_path / "cache").rglob("model.bin")
    whole = model.read_bytes()
    model.write_bytes(whole[:100])
    spec = registry_of(*settings_and_root())["own"]
    with pytest.raises(ModelError) as caught:
        engine("faster-whisper").load(spec, "cpu")
    assert caught.value.hint == "asrlab pull --again own"

    assert main(caught.value.hint.split()[1:]) == 0

    assert model.read_bytes() == whole


@pytest.fixture(scope="module")
def fetched(run_in, tmp_path_factory):
    """The models of a project that lacks the weights of all three, and what a run of it did and recorded."""
    folder = tmp_path_factory.mktemp("fetched")
    (folder / "test_it.py").write_text("def test_it(asr_case):\n    asr_case.transcribe()\n", encoding="utf-8")
    corpus = Path(__file__).parents[2] / "fixtures" / "audio"
    tables = "".join(
        f'[tool.asrlab.models.{name}]\nengine = "{name}"\nweights = "{REPOSITORY}"\n'
        for name in ("openai-whisper", "faster-whisper")
    )
    (folder / "pyproject.toml").write_text(
        f'[tool.asrlab]\ncorpus = "{corpus.as_posix()}"\nclip = ["short-rms"]\n'
        f'model = ["openai-whisper", "faster-whisper", "faster-whisper-tiny"]\n{tables}',
        encoding="utf-8",
    )
    before = run_in(folder, "asrlab_pytest.cli", "models", "--json")
    done = run_in(folder, "pytest", "-p", "no:cacheprovider", "--asr-record", "run.jsonl")
    lines = [json.loads(line) for line in (folder / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = {line["model"]: line for line in lines if line["kind"] == "observation"}
    return {line["id"]: line["status"] for line in json.loads(before.stdout)}, done, rows


def test_run_fetches_what_is_missing(fetched):
    """A run downloads missing weights, evaluates the model, and records its revision and hash."""
    statuses, done, rows = fetched

    assert statuses["faster-whisper-tiny"] == "weights missing"
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows["faster-whisper-tiny"]["weights_revision"] == PINNED
    assert len(rows["faster-whisper-tiny"]["weights_sha256"]) == 64


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the package leaves a file open
def test_whisper_download_is_whole_or_absent(hub, pair, tmp_path):
    """openai-whisper's own code downloads its weights, and a failed download leaves no file behind."""
    content = pair("scripted").checkpoint.read_bytes()
    right = f"/models/{hashlib.sha256(content).hexdigest()}/tiny.pt"
    wrong = f"/models/{'0' * 64}/tiny.pt"
    hub.files.update({right: content, wrong: content})
    target = tmp_path / "cache" / "tiny.pt"

    with pytest.raises(RuntimeError, match="SHA256"):
        openai_whisper_files.fetch(hub.url + wrong, target)
    assert not target.exists()

    assert openai_whisper_files.fetch(hub.url + right, target).read_bytes() == content
    assert sorted(path.name for path in target.parent.iterdir()) == ["tiny.lock", "tiny.pt"]


def test_hub_that_lacks_the_model_does_not_answer(hub):
    """A hub without the model is no hub that cannot be reached: what it answers is said, without the path."""
    missing = no_answer(f"{hub.url}/owner/none/resolve/main/config.json")

    assert missing is not None
    assert missing.problem == f"{hub.url.removeprefix('http://')} does not have the weights (HTTP 404)"
    assert missing.is_wrong


def test_a_file_as_the_address(tmp_path):
    """An address may be a file, and says which one is not there."""
    (tmp_path / "weights.bin").touch()

    assert no_answer((tmp_path / "weights.bin").as_uri()) is None
    missing = no_answer((tmp_path / "other.bin").as_uri())
    assert missing is not None
    assert missing.problem == f"there is no {tmp_path / 'other.bin'}, the file of download_url"


@pytest.mark.parametrize("url", ["s3://bucket/weights.bin", "weights.bin"])
def test_an_unknown_scheme(url):
    """An address that cannot be asked is refused with the schemes that can."""
    missing = no_answer(url)

    assert missing is not None
    assert missing.problem.endswith("none of http, https, file")


def test_one_repository_for_both_engines(fetched):
    """openai-whisper also runs a CTranslate2 repository of the hub: same weights, same text."""
    statuses, done, rows = fetched

    assert statuses["openai-whisper"] == "weights missing"
    assert done.returncode == 0, done.stdout + done.stderr
    same = ("weights_revision", "weights_sha256", "hypothesis")
    assert [rows["openai-whisper"][key] for key in same] == [rows["faster-whisper"][key] for key in same]
