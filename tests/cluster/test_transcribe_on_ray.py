"""``asrlab transcribe --on ray``: a real cluster of two nodes on this machine, one of which is killed."""

import json
import threading
import time
from importlib.util import find_spec

import pytest

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest.cli import main
from asrlab_pytest.records.checking import check
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.suite.on_ray import ray_module

if find_spec("ray") is None:
    pytest.skip('Ray is not installed: run "uv sync --extra ray"', allow_module_level=True)
ray = ray_module()

CLIPS = 120


@pytest.fixture
def cluster(project, monkeypatch):
    """Two nodes of one core each, whose processes find the parrots, beside a head that runs no model."""
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_health_check_period_ms", "300")
    monkeypatch.setenv("RAY_health_check_failure_threshold", "3")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def texts(path):
    """What a record says of each clip."""
    return {row.clip: row.hypothesis for row in read_run(path).observations}


def test_a_lost_node(project, cluster, monkeypatch, capsys):
    """Half-way a node is killed: every clip is in the record once, with the text that a run without a cluster has."""
    project.configure(models=("polly",), tables="[tool.asrlab.models.polly.options]\nsleeps = 0.02")
    for number in range(CLIPS):
        project.clip(f"clip-{number}", f"word {number}", seconds=0.2)
    monkeypatch.chdir(project.path)
    first, _ = (cluster.add_node(num_cpus=1) for _ in range(2))
    cluster.wait_for_nodes()
    record = project.path / "run.jsonl"

    def kill_half_way():
        while not record.exists() or len(record.read_bytes().splitlines()) < CLIPS // 3:
            time.sleep(0.02)
        cluster.remove_node(first, allow_graceful=False)

    killer = threading.Thread(target=kill_half_way, daemon=True)
    killer.start()
    assert main(["transcribe", "-o", "run.jsonl", "--on", "ray", "--address", cluster.address, "--cores", "1"]) == 0
    killer.join()

    assert texts(record) == {f"clip-{number}": f"word {number}" for number in range(CLIPS)}
    assert check(record).faults == ()
    assert str(check(record)) == f"{CLIPS} observations of 1 model, complete"
    environment, *_, last = map(json.loads, record.read_text().splitlines())
    assert environment["cluster"]["nodes"] == 3
    assert last["models"]["polly"]["untimed"] == "tests ran in parallel"
    assert "polly: 120 observations" in capsys.readouterr().out


def test_a_clip_that_ends_the_process(project, cluster, monkeypatch, capsys):
    """A clip on which the engine ends its process costs itself, and no other clip."""
    table = '[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\noptions = { does = "kill", on = "word 3" }\n'
    project.configure('model = ["m"]', models=(), tables=table)
    for number in range(6):
        project.clip(f"clip-{number}", f"word {number}", seconds=0.2)
    monkeypatch.chdir(project.path)
    cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()

    assert main(["transcribe", "-o", "run.jsonl", "--on", "ray", "--address", cluster.address]) == 1
    assert texts(project.path / "run.jsonl") == {f"clip-{n}": f"word {n}" for n in range(6) if n != 3}
    assert "model m on clip clip-3: its process ended 3 times" in capsys.readouterr().err


def test_no_cluster(project, monkeypatch, capsys):
    """An address at which no cluster answers ends the command with a sentence and status 2."""
    project.clip("one", "hello")
    monkeypatch.chdir(project.path)

    assert main(["transcribe", "-o", "run.jsonl", "--on", "ray", "--address", "127.0.0.1:1"]) == 2
    assert "no Ray cluster answers at 127.0.0.1:1" in capsys.readouterr().err
    assert not (project.path / "run.jsonl").exists()
