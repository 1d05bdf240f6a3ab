"""``asrlab transcribe --on ray``: a real cluster on this machine, which loses a node and gets another."""

import json
import sys
import time
from importlib.util import find_spec
from subprocess import PIPE, Popen

import pytest

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest.cli import main
from asrlab_pytest.records.checking import check
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.suite import ray_pool
from asrlab_pytest.suite.on_ray import ray_module

if find_spec("ray") is None:
    pytest.skip('Ray is not installed: run "uv sync --extra ray"', allow_module_level=True)
ray = ray_module()

CLIPS = 120


@pytest.fixture
def cluster(project, monkeypatch):
    """A head that runs no model, and a node of one core; processes find the parrots, and pauses are short."""
    from ray.cluster_utils import Cluster

    # A node gives its agents 15 s to start, which is too short if each compiles what it imports.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("RAY_health_check_period_ms", "300")
    monkeypatch.setenv("RAY_health_check_failure_threshold", "3")
    monkeypatch.setattr(ray_pool, "PAUSE", 0.05)
    monkeypatch.setattr(ray_pool, "TRIES", 2)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    cluster.first = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def texts(path):
    """What a record says of each clip."""
    return {row.clip: row.hypothesis for row in read_run(path).observations}


def test_a_lost_and_a_late_node(project, cluster, monkeypatch):
    """The only node is killed and another joins: each clip is in the record once, with the text of any other run."""
    project.configure(models=("polly",), tables="[tool.asrlab.models.polly.options]\nsleeps = 0.02")
    for number in range(CLIPS):
        project.clip(f"clip-{number}", f"word {number}", seconds=0.2)
    monkeypatch.chdir(project.path)
    record = project.path / "run.jsonl"

    options = ["-o", record, "--on", "ray", "--address", cluster.address, "--cores", "1"]

    with Popen([sys.executable, "-m", "asrlab_pytest.cli", "transcribe", *options], stdout=PIPE) as run:
        while not record.exists() or len(record.read_bytes().splitlines()) < CLIPS // 3:
            time.sleep(0.02)
        cluster.remove_node(cluster.first, allow_graceful=False)
        cluster.add_node(num_cpus=1)
        output = run.communicate()[0].decode()
    assert run.returncode == 0
    assert "polly: 120 observations, on 2 nodes" in output

    assert texts(record) == {f"clip-{number}": f"word {number}" for number in range(CLIPS)}
    assert check(record).faults == ()
    assert str(check(record)) == f"{CLIPS} observations of 1 model, complete"
    environment, *_, last = map(json.loads, record.read_text().splitlines())
    assert environment["cluster"]["nodes"] == 2
    assert last["models"]["polly"]["nodes"] == 2
    assert last["models"]["polly"]["untimed"] == "tests ran in parallel"


def test_a_clip_that_ends_the_process(project, cluster, monkeypatch, capsys):
    """A clip on which the engine ends its process costs itself and no other clip, unless that happens in a row."""
    table = '[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\noptions = { does = "kill", on = "word 3" }\n'
    project.configure('model = ["m"]', models=(), tables=table)
    for number in range(6):
        project.clip(f"clip-{number}", f"word {number}", seconds=0.2)
    monkeypatch.chdir(project.path)

    assert main(["transcribe", "-o", "run.jsonl", "--on", "ray", "--address", cluster.address]) == 1
    assert texts(project.path / "run.jsonl") == {f"clip-{n}": f"word {n}" for n in range(6) if n != 3}
    assert "model m on clip clip-3: its process ended 2 times" in capsys.readouterr().err

    monkeypatch.setattr(ray_pool, "LOST_IN_A_ROW", 1)
    again = ["transcribe", "-o", "run.jsonl", "--retry", "--on", "ray", "--address", cluster.address]
    assert main(again) == 1
    assert "model m: its process ended on each of the last 1 clips" in capsys.readouterr().err


def test_pauses():
    """The pause before a lost batch is tried again grows with each loss, up to a limit."""
    pauses = [ray_pool.pause_after(losses) for losses in range(1, 100)]
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1] < pauses[-1] == ray_pool.LONGEST_PAUSE


def test_no_cluster(project, monkeypatch, capsys):
    """An address at which no cluster answers ends the command with a sentence and status 2."""
    project.clip("one", "hello")
    monkeypatch.chdir(project.path)

    assert main(["transcribe", "-o", "run.jsonl", "--on", "ray", "--address", "127.0.0.1:1"]) == 2
    assert "no Ray cluster answers at 127.0.0.1:1" in capsys.readouterr().err
    assert not (project.path / "run.jsonl").exists()
