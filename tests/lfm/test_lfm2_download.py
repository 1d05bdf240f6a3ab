"""The weights of LFM2-Audio come from a hub with the licence that was accepted, which can be read before."""

import os
import subprocess
import sys

import pytest

from asrlab_pytest.models.engines.lfm2.engine import Lfm2Audio
from local_hub import COMMIT, running

REPOSITORY = "LiquidAI/LFM2.5-Audio-1.5B"
PAGE = f"{REPOSITORY}/blob/main/LICENSE"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub that has a repository of small files."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors", "LICENSE", "README.md"):
        (folder / name).write_text(f"content of {name}", encoding="utf-8")
    with running(monkeypatch, REPOSITORY, folder) as server:
        yield server


@pytest.fixture
def asrlab(hub, tmp_path):
    """Runs a command of this environment in an empty project, for a user that has accepted nothing."""
    home = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hub"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    environment = {**os.environ, **home}
    environment.pop("HF_HUB_OFFLINE", None)

    def run(*command):
        command = (sys.executable, "-m", "asrlab_pytest.cli", *command)
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


def test_where_the_licence_can_be_read(spec, monkeypatch, tmp_path):
    """The licence is read on the hub in use, at the pinned revision; a folder's licence is asked for by nobody."""
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert Lfm2Audio().license_url(spec(REPOSITORY)) == f"https://huggingface.co/{PAGE}"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    assert Lfm2Audio().license_url(spec(REPOSITORY)) == f"https://mirror.example/{PAGE}"
    assert Lfm2Audio().license_url(spec(tmp_path)) is None


def test_pull(asrlab, hub, tmp_path):
    """`asrlab pull` says where the licence can be read, and once it is accepted brings it with the weights."""
    pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')
    refused = asrlab("pull", "lfm2.5-audio-1.5b")
    accepted = asrlab("pull", "--accept-license", "lfm2.5-audio-1.5b")

    assert refused.returncode == 1
    assert f"below 10 million US dollars; its text: {hub.url}/{PAGE})" in refused.stderr
    assert accepted.returncode == 0, accepted.stderr
    (folder,) = (tmp_path / "hub").rglob(COMMIT)
    assert sorted(path.name for path in folder.iterdir()) == [
        "LICENSE",
        "config.json",
        "model.safetensors",
        "tokenizer.json",
    ]
    assert str(folder) in accepted.stdout
