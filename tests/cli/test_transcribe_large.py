"""``asrlab transcribe`` on a manifest that is large enough to be read one clip at a time."""

import json

from asrlab_pytest.cli import main
from asrlab_pytest.suite.workload import LARGE

CLIPS = 120_000


def test_one_shard_of_a_large_manifest(project, monkeypatch):
    """A shard is a 512th of the clips, and its record states how many there are in all."""
    project.configure()
    project.clip("clip-0", "word")
    manifest = project.path / "clips" / "manifest.jsonl"
    line = json.loads(manifest.read_text())
    with manifest.open("w") as file:
        for number in range(CLIPS):
            text = f"Go forward, and stop at gate number {number}, which is at the far end of the field."
            row = {**line, "id": f"clip-{number}", "text": text}
            file.write(f"{json.dumps(row)}\n")
    assert manifest.stat().st_size >= LARGE
    monkeypatch.chdir(project.path)
    monkeypatch.delattr("asrlab_pytest.suite.workload.Workload.clips_for")

    assert main(["transcribe", "--shard", "5/512", "-o", "run.jsonl"]) == 0
    first, rows = project.record("run.jsonl")
    plan = first["plan"]["polly"]
    clips = [row["clip"] for row in rows]
    assert clips == plan
    assert 0.7 * CLIPS / 512 < len(clips) < 1.1 * CLIPS / 512
    assert clips == sorted(clips, key=lambda clip: int(clip.removeprefix("clip-")))
    assert (first["corpus"]["listed"], first["corpus"]["chosen"]) == (CLIPS, CLIPS)
