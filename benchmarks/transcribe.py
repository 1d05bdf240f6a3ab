"""What `asrlab transcribe` costs beside the engine: processor time per clip and peak memory of one shard.

python benchmarks/transcribe.py [--clips 1000000] [--shards 8] [--run 1]

A synthetic corpus whose clips are one audio file of a tenth of a second, and an engine that costs nothing. Each shard
is a process of its own, as it is on a cluster. `reading` is a loop that only decodes the same audio with this package;
`overhead` is the rest. When all shards are run, `merge`, `report`, `score` and `compare` follow on their records.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from many_cases import _write_engine, _write_suite
from pairs import run

READING = """
import sys
from pathlib import Path
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
clip = Clip(id="one", audio=Path(sys.argv[1]), text="")
for _ in range(int(sys.argv[2])):
    load_audio(clip)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=1_000_000)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--run", type=int, default=1, help="how many of the shards to run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {"PYTHONPATH": str(_write_engine(folder / "engine"))}
        project = _write_corpus(folder / "project", options.clips)
        few = _write_suite(folder / "few", 8)
        start = run(_command(few, folder / "few.jsonl"), env=env, cwd=str(few)).cpu
        share = options.clips // options.shards
        reading = run([sys.executable, "-c", READING, str(project / "one.wav"), str(share)], env=env).cpu
        alone = 1000 * reading / share
        print(f"{options.clips:,} clips in {options.shards} shards; reading alone: {alone:.3f} ms a clip")
        for shard in range(1, options.run + 1):
            record = folder / f"{shard}.jsonl"
            cost = run(_command(project, record, shard, options.shards), env=env, cwd=str(project))
            clips = sum(1 for _ in record.open("rb")) - 2
            each = 1000 * (cost.cpu - start) / clips
            print(
                f"  shard {shard}: {clips:,} clips, {each:.3f} ms of processor time a clip, "
                f"{each - alone:.3f} beside reading; peak {cost.peak_bytes / 1e6:.0f} MB",
                flush=True,
            )
        if options.run == options.shards:
            _judge(folder, options.shards, options.clips)


def _judge(folder: Path, shards: int, clips: int) -> None:
    """Merge the records of the shards, and make every figure of the result."""
    asrlab = [sys.executable, "-m", "asrlab_pytest.cli"]
    records = [f"{shard}.jsonl" for shard in range(1, shards + 1)]
    steps = {
        "merge": ["merge", *records, "-o", "merged.jsonl"],
        "report": ["report", "merged.jsonl"],
        "score": ["score", "texts.jsonl"],
        "compare": ["compare", "merged.jsonl", "newer.jsonl", "--fail-on", "never"],
    }
    for name, step in steps.items():
        cost = run([*asrlab, *step], cwd=str(folder))
        print(
            f"  {name}: {1000 * cost.cpu / clips:.3f} ms of processor time a clip; peak {cost.peak_bytes / 1e6:.0f} MB",
            flush=True,
        )
        if name == "merge":
            _write_others(folder)


def _write_others(folder: Path) -> None:
    """The texts of a record by themselves, and a newer record in which some clips have other texts."""
    with (
        (folder / "merged.jsonl").open(encoding="utf-8") as merged,
        (folder / "texts.jsonl").open("w", encoding="utf-8") as texts,
        (folder / "newer.jsonl").open("w", encoding="utf-8") as newer,
    ):
        for number, line in enumerate(merged):
            row = json.loads(line)
            if row["kind"] == "observation":
                text = {"id": row["clip"], "reference": row["reference"], "hypothesis": row["hypothesis"]}
                texts.write(f"{json.dumps(text)}\n")
            newer.write(line if number % 13 else line.replace("forward", "for word"))


def _write_corpus(folder: Path, clips: int) -> Path:
    """A corpus, line by line: a process that is started counts the memory of the one that starts it as its own."""
    _write_suite(folder, 1)
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for number in range(clips):
            text = f"Go forward {number % 977} meters, and stop at gate {number}."
            line = {"id": f"clip-{number}", "audio": "one.wav", "text": text, "language": "en", "duration": 0.1}
            manifest.write(f"{json.dumps(line)}\n")
    return folder


def _command(project: Path, record: Path, shard: int = 1, shards: int = 1) -> list[str]:
    command = [sys.executable, "-m", "asrlab_pytest.cli", "transcribe", "--model", "model-0", "-o", str(record)]
    return [*command, "--corpus", str(project), "--shard", f"{shard}/{shards}"]


if __name__ == "__main__":
    main()
