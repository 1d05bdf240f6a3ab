"""Records and baselines of versions in which tasks and hints had other names."""

import json

from asrlab_pytest.cli import main
from asrlab_pytest.records.baseline import read_baseline
from asrlab_pytest.records.reading import read_run
from stored_runs import environment, row, said, write

OLD = {"asr": "recognition", "tts": "synthesis", "hint": "mend"}


def older(line):
    """A line in the words of version 1.2."""
    text = json.dumps(line)
    for now, then in OLD.items():
        text = text.replace(f'"{now}"', f'"{then}"').replace(f":{now}", f":{then}")
    return json.loads(text)


def test_record(tmp_path):
    """A record of version 1.2 is read as one of today: tasks, bounds, ids of models and what would make a model run."""
    settings = {"tts": {"thresholds": {"wer": 0.2}}, "models": {"coco": {"tasks": ["asr", "tts"]}}}
    end = {
        "kind": "end",
        "time": "",
        "models": {"coco:tts": {"status": "weights missing", "reason": "gone", "hint": "asrlab pull coco"}},
    }
    lines = [
        environment(settings=settings, plan={"coco:tts": ["one"]}),
        {**said("hello", "hello"), "model": "coco:tts"},
        row(),
        end,
    ]
    now = write(tmp_path / "now.jsonl", *lines)
    old = write(tmp_path / "old.jsonl", {**older(lines[0]), "schema": "asrlab-record/1.2"}, *map(older, lines[1:]))

    assert b"mend" in old.read_bytes()
    assert b"synthesis" in old.read_bytes()
    then, today = read_run(old), read_run(now)
    assert (then.damages, today.damages) == ([], [])
    assert then.environment == today.environment
    assert then.observations == today.observations
    assert then.models == today.models


def test_baseline(tmp_path, monkeypatch):
    """A baseline of the older words is compared as one of today."""
    monkeypatch.chdir(tmp_path)
    texts = [
        {"kind": "text", "model": "polly", "clip": "one", "reference": "hello", "hypothesis": "hello", "task": task}
        for task in ["recognition"]
    ]
    head = {"kind": "baseline", "schema": "asrlab-baseline/1.0", "texts": 1, "models": {}}
    path = write(tmp_path / "baseline.jsonl", head, *texts)

    assert [text.task for text in read_baseline(path).texts["polly"].values()] == ["asr"]
    write(tmp_path / "run.jsonl", environment(), row("polly", "one", "hello", reference="hello"))
    assert main(["compare", "baseline.jsonl", "run.jsonl"]) in (0, 3)
