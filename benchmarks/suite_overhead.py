"""What the suite costs on top of its engine: the accuracy evals against a bare loop over the same model and clips.

python benchmarks/suite_overhead.py [--pairs 1] [--clip human]

Takes a minute on a quiet machine. The suite costs about as much for few clips as for many, so the seconds that it
spends outside of the engine are printed beside the ratio: they are what it adds to a run of any length.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from pairs import Comparison, Run, run

ROOT = Path(__file__).resolve().parent.parent
MODEL = "pocketsphinx-en-us"
EVALS = ("evals/test_accuracy.py", "evals/test_corpus.py", "evals/test_latency.py")
"""What transcribes each clip once; the other evals do work of their own."""

BARE_LOOP = """
import json, sys
from pathlib import Path
import pocketsphinx, soundfile, soxr, numpy
folder = Path("fixtures/audio")
decoder = pocketsphinx.Decoder(loglevel="FATAL", cmn="batch")
for line in (folder / "manifest.jsonl").read_text().splitlines():
    clip = json.loads(line)
    if sys.argv[1] not in clip.get("tags", ()):
        continue
    samples, rate = soundfile.read(folder / clip["audio"], dtype="float32", always_2d=True)
    samples = samples.mean(axis=1)
    if rate != 16000:
        samples = soxr.resample(samples, rate, 16000)
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    decoder.hyp()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--clip", default="human", help="tag of the clips")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        suites, engine_seconds = [], []
        loops = []
        for number in range(options.pairs):
            record = Path(folder, f"{number}.jsonl")
            suites.append(run(_suite(options.clip, record), cwd=str(ROOT)))
            loops.append(run([sys.executable, "-c", BARE_LOOP, options.clip], cwd=str(ROOT)))
            engine_seconds.append(_engine_seconds(record))
    _tell(Comparison(suites, loops), suites, engine_seconds)


def _suite(tag: str, record: Path) -> list[str]:
    once = ["--asr-warmup", "0", "--asr-store", str(record.with_suffix("")), "--asr-record", str(record)]
    chosen = ["--asr-model", MODEL, "--asr-clip", f"tag:{tag}"]
    # The chosen clips leave out what some thresholds are for, which is a warning, and an error in this project.
    lenient = ["-W", "default::asrlab_pytest.AsrlabWarning"]
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *lenient, *EVALS, *chosen, *once]


def _engine_seconds(record: Path) -> float:
    """Processor time of the transcriptions of a record."""
    lines = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    return sum(sum(line["cpu_s"]) for line in lines if line["kind"] == "observation")


def _tell(found: Comparison, suites: list[Run], engine_seconds: list[float]) -> None:
    outside = median(suite.cpu - engine for suite, engine in zip(suites, engine_seconds, strict=True))
    print(f"{', '.join(EVALS)} against a bare loop, {len(suites)} pairs, whole processes")
    print(f"  wall time: {found.medians('wall')}; ratio {found.ratio('wall')}")
    print(f"  processor time: {found.medians('cpu')}; ratio {found.ratio('cpu')}")
    print(f"  of the suite's processor time outside of the engine: {outside:.2f} s, at start and end for the most part")


if __name__ == "__main__":
    main()
