"""A record of a million rows through every command that reads one: seconds beside those of `json.loads`, and memory.

python benchmarks/large_records.py [--rows 1000000] [--steps merge validate ...]

The rows are those of two models on clips of 1,000 speakers, written as 8 shards. Each step is a process of its own, and
its processor time is set beside that of a loop that does nothing but `json.loads` each line of the same file. What is
above 300 MB is marked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from asrlab_pytest.measure.environment import environment
from asrlab_pytest.records.observation import UNMEASURED, Observation
from asrlab_pytest.records.upgrading import SCHEMA

SHARDS = 8
MODELS = ("polly", "kakapo")
AIM_MB = 300
HASH = 64 * "0"
SEGMENT = {"start": 0.0, "end": 4.5, "words": [], "details": {"probability": 0.9}}
STEP = """
import os, resource, sys
from asrlab_pytest.cli import main
status = main(sys.argv[1:])
sys.stdout.flush()
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print("USED", max(one.ru_maxrss for one in used), sum(one.ru_utime + one.ru_stime for one in used), file=sys.stderr)
sys.exit(status)
"""
STEPS = {
    "merge": ["merge", *(f"shard{index}.jsonl" for index in range(SHARDS)), "-o", "merged.jsonl", "--force"],
    "validate": ["record", "validate", "merged.jsonl"],
    "rescore": ["rescore", "merged.jsonl"],
    "report": ["report", "merged.jsonl"],
    "compare": ["compare", "merged.jsonl", "head.jsonl"],
    "score": ["score", "texts.jsonl"],
}


class Used(NamedTuple):
    """What a step took."""

    status: int
    megabytes: float
    seconds: float
    """Of processor time."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--steps", nargs="+", choices=[*STEPS], default=[*STEPS])
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        write_shards(path, options.rows)
        used(STEPS["merge"], path)
        bare = loads(path / "merged.jsonl")
        print(f"{options.rows:,} rows, {1e6 * bare / options.rows:.0f} µs a row for json.loads alone")
        for name in options.steps:
            step = used(STEPS[name], path)
            over = "" if step.megabytes <= AIM_MB else f", more than {AIM_MB}"
            print(f"{name:9} {step.seconds / bare:6.1f} times json.loads, {step.megabytes:5.0f} MB{over}", flush=True)
            if step.status:
                print(f"{name} exited with {step.status}")


def write_shards(folder: Path, rows: int) -> None:
    """Write the shards, a newer run of the same clips, and the texts by themselves."""
    ids = [f"calls/2026/clip-{number:07}" for number in range(rows // len(MODELS))]
    for shard in range(SHARDS):
        head = first_line(len(ids), ids[shard::SHARDS], shard=f"{shard + 1}/{SHARDS}")
        _write(
            folder / f"shard{shard}.jsonl", head, (spoken(model, clip) for model in MODELS for clip in ids[shard::8])
        )
    rows_of_head = (spoken(model, clip, newer=1) for model in MODELS for clip in ids)
    _write(folder / "head.jsonl", first_line(len(ids), ids), rows_of_head)
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        for number in range(rows):
            one = spoken("polly", f"clip-{number:07}")
            file.write(json.dumps({"id": one["clip"], "reference": one["reference"], "hypothesis": one["hypothesis"]}))
            file.write("\n")


def first_line(chosen: int, clips: Sequence[str], **settings: str) -> dict[str, Any]:
    """The environment of a run of these clips."""
    return {
        "kind": "environment",
        "schema": SCHEMA,
        **environment(Path.cwd()),
        "settings": settings,
        "corpus": {"name": "calls", "manifest_sha256": HASH, "listed": chosen, "chosen": chosen},
        "protocols": None,
        "plan": dict.fromkeys(MODELS, clips),
        "seeds": None,
    }


def spoken(model: str, clip: str, newer: int = 0) -> dict[str, Any]:
    """An observation with errors in some clips."""
    number = int(clip[-7:])
    said = sentence(number)
    is_wrong = (number * 7 + len(model) + newer) % 13 == 0
    heard = said.replace("harbor", "arbor").replace("night", "nine").replace("the", "a", 1) if is_wrong else said
    return {
        **_ALIKE,
        "model": model,
        "clip": clip,
        "reference": said,
        "hypothesis": heard,
        "group": f"speaker {number % 1000}",
        "latencies_s": [0.1 + number % 100 / 1000],
        "cpu_s": [0.1],
        "latency_s": 0.1 + number % 100 / 1000,
        "rtf": 0.1,
        "audio_s": 5.0 + number % 10,
        "transcript": {"text": heard, "segments": [SEGMENT | {"text": heard}], "language": "en"},
    }


def sentence(number: int) -> str:
    """A text of 5 to 30 words, another one for each number, with a number in it."""
    story = _STORY.split()
    length, step = 3 + number % 26, 1 + number // 26 % (len(story) - 1)
    words = [story[(number + step * place) % len(story)] for place in range(length)]
    return f"{' '.join(words)} gate {number % 9973}"


_STORY = (
    "the boats leave harbor at night and come back in morning when wind has turned while crews of both islands wait "
    "for fog to lift before captain calls them on deck again with a map"
)


_ALIKE = Observation(
    **UNMEASURED,
    model="",
    task="asr",
    clip="",
    corpus="calls",
    group=None,
    tags=("telephone",),
    language="en",
    audio_s=1.0,
    audio_sha256=HASH,
    reference="",
    reference_entities=None,
    keywords=(),
    clip_normalization=None,
    hypothesis="",
    transcript=None,
    spoken=None,
).as_json()
"""What is the same in all observations."""


def _write(path: Path, head: dict[str, Any], rows: Iterator[dict[str, Any]]) -> None:
    states = {model: {"status": "ready", "load_s": 1.0} for model in MODELS}
    end = {"kind": "end", "time": head["time"], "models": states}
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in chain([head], rows, [end]))


def loads(path: Path) -> float:
    """Seconds of processor time to decode each line."""
    start = time.process_time()
    with path.open("rb") as file:
        for line in file:
            json.loads(line)
    return time.process_time() - start


def used(command: Sequence[str], folder: Path) -> Used:
    """Run a command of asrlab in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", STEP, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    _, found, told = done.stderr.rpartition("USED ")
    if not found:
        raise SystemExit(f"{' '.join(command[:2])} failed:\n{done.stderr[-2000:]}")
    kilobytes, seconds = told.split()
    return Used(done.returncode, int(kilobytes) / 1024, float(seconds))


if __name__ == "__main__":
    main()
