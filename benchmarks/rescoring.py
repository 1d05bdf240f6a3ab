"""Scoring a stored night's run again: 4 models × 2,620 clips of some 20 words, entities included, without a model.

python benchmarks/rescoring.py [--clips 2620] [--models 4] [--jobs N] [--rounds 3]

The record is made from a seed. Its texts are also scored in the plainest way, words split at spaces and their edit
distance in one process: the ratio of both processor times, taken in turn in one run, holds on a noisy machine.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pairs import run
from rapidfuzz.distance import Levenshtein

from asrlab_pytest.records.upgrading import SCHEMA

COMMON = (
    "the of and to in that it was he she we they on with for as at by from but not can will would there when who "
    "good morning hello thank you please turn left right back forward house river city water people world between "
    "never school year number order office doctor train station ticket window letter"
)
WORDS = COMMON.split()
SPOKEN = (
    *("five dollars", "twenty two percent", "$3.50", "ten meters", "half past six", "7:45", "March 3rd, 2024"),
    *("the third of May", "anna@example.com", "one hundred and twelve", "3,400", "two kilograms"),
)
LENGTH = 20
ENTITY_SHARE, ERROR_SHARE = 0.3, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=2620)
    parser.add_argument("--models", type=int, default=4)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "run.jsonl")
        rows = list(observations(options.models, options.clips))
        lines = [environment(), *rows, {"kind": "end", "time": "2026-11-22T00:00:00+00:00", "models": {}}]
        record.write_text("".join(json.dumps(line) + "\n" for line in lines))
        command = [sys.executable, "-m", "asrlab_pytest.cli", "rescore", str(record), "--normalization", "en"]
        command += ["--jobs", str(options.jobs)] if options.jobs else []
        whole, plain = [], []
        for _ in range(options.rounds):
            whole.append(run(command, cwd=folder))
            start = time.process_time()
            _plain(rows)
            plain.append(time.process_time() - start)
    wall, cpu = ([getattr(one, figure) for one in whole] for figure in ("wall", "cpu"))
    ratio = statistics.median(one / other for one, other in zip(cpu, plain, strict=True))
    print(f"{len(rows)} observations, {options.rounds} rounds, medians, the start of the process included")
    print(f"  asrlab rescore, wall time: {statistics.median(wall):.2f} s ({min(wall):.2f} to {max(wall):.2f})")
    print(f"  asrlab rescore, processor time: {statistics.median(cpu):.2f} s ({min(cpu):.2f} to {max(cpu):.2f})")
    print(f"  plain word error rate, processor time: {statistics.median(plain):.3f} s; ratio {ratio:.0f}")


def _plain(rows: list[dict[str, Any]]) -> float:
    errors = words = 0
    for row in rows:
        said = row["reference"].lower().split()
        errors += Levenshtein.distance(said, row["hypothesis"].lower().split())
        words += len(said)
    return errors / words


def observations(models: int, clips: int) -> Iterator[dict[str, Any]]:
    """Lines of a record: of some 20 words each, one in ten of them another one."""
    draw = random.Random(0)
    references = [_sentence(draw) for _ in range(clips)]
    for model in range(models):
        for clip, said in enumerate(references):
            heard = [draw.choice(WORDS) if draw.random() < ERROR_SHARE else word for word in said.split()]
            yield _row(f"model-{model}", f"clip-{clip}", said, " ".join(heard))


def _sentence(draw: random.Random) -> str:
    words = [draw.choice(WORDS) for _ in range(LENGTH)]
    if draw.random() < ENTITY_SHARE:
        words[draw.randrange(LENGTH)] = draw.choice(SPOKEN)
    return " ".join(words).capitalize() + "."


def _row(model: str, clip: str, reference: str, hypothesis: str) -> dict[str, Any]:
    segment = {"text": hypothesis, "start": 0.0, "end": 8.0, "words": [], "details": {}}
    return {
        "kind": "observation",
        "model": model,
        "task": "asr",
        "engine": "none",
        "engine_version": "1",
        "weights_sha256": "0" * 64,
        "weights_revision": None,
        "device_requested": "cpu",
        "device": "cpu",
        "compute_type": "float32",
        "settings": {},
        "profile": "fair",
        "decoding": None,
        "load_s": 1.0,
        "warmup_s": 1.0,
        "clip": clip,
        "corpus": "seeded",
        "group": None,
        "tags": [],
        "language": "en",
        "audio_s": 8.0,
        "audio_sha256": "0" * 64,
        "pcm_sha256": None,
        "key": None,
        "repeat": 0,
        "order": "given",
        "recorded": False,
        "reference": reference,
        "reference_entities": None,
        "keywords": [],
        "clip_normalization": None,
        "hypothesis": hypothesis,
        "transcript": {"text": hypothesis, "segments": [segment], "language": "en"},
        "latencies_s": [1.0],
        "cpu_s": [1.0],
        "latency_s": 1.0,
        "rtf": 0.125,
        "cpu_percent": 100.0,
        "peak_rss_bytes": 1,
        "device_memory_bytes": None,
        "spoken": None,
    }


def environment() -> dict[str, Any]:
    """The first line of a record."""
    return {
        "kind": "environment",
        "schema": SCHEMA,
        "time": "2026-11-22T00:00:00+00:00",
        "git": None,
        "python": "",
        "os": "",
        "cpu": "",
        "cores": {},
        "memory_bytes": 1,
        "load_average": None,
        "accelerator": None,
        "packages": {},
        "thread_variables": {},
        "settings": {},
        "corpus": {"name": "seeded", "manifest_sha256": "0" * 64},
        "protocols": None,
        "plan": None,
        "seeds": None,
    }


if __name__ == "__main__":
    main()
