"""Where a run was made."""

import json
import subprocess
from importlib.metadata import version

from asrlab_pytest.measure.environment import environment, git_state


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_the_state_of_the_checkout(tmp_path):
    """The commit is named, and whether the tree differs from it."""
    git(tmp_path, "init")
    (tmp_path / "a").write_text("a")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-m", "a")

    clean = git_state(tmp_path)
    (tmp_path / "a").write_text("b")
    dirty = git_state(tmp_path)

    assert len(clean["commit"]) == 40
    assert clean["dirty"] is False
    assert dirty == {**clean, "dirty": True}


def test_no_checkout(tmp_path):
    """Outside a checkout there is no state, and no error."""
    assert git_state(tmp_path) is None


def test_plain_json(tmp_path):
    """The environment is plain JSON, with the versions of what took part."""
    found = environment(tmp_path)

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["packages"]["pytest"] == version("pytest")
    assert found["cores"]["logical"] >= 1
    assert found["cpu"]


def test_threads_that_were_set(tmp_path, monkeypatch):
    """Variables that limit threads are recorded, because they change every time."""
    monkeypatch.setenv("OMP_NUM_THREADS", "3")

    assert environment(tmp_path)["thread_variables"]["OMP_NUM_THREADS"] == "3"
