"""What the suite costs on top of its engine: the accuracy evals against a bare loop over the same model and clips.

python benchmarks/suite_overhead.py [--pairs 1] [--clip human]

Takes a minute and a half on a quiet machine. The suite costs about as much for few clips as for many, so the seconds
that it spends outside of the engine are printed next to the ratio: they are what it adds to a run of any length.
Parametrized tests by hand, which time the engine with pytest-benchmark and keep nothing, show what pytest itself takes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from pairs import Comparison, Run, run

ROOT = Path(__file__).resolve().parent.parent
MODEL = "pocketsphinx-en-us"
EVALS = ("evals/test_accuracy.py", "evals/test_corpus.py")
"""Evals that transcribe each clip once, without a limit on time, which a busy machine would miss."""

ENGINE = """
import json, time
from pathlib import Path
import numpy, pocketsphinx, soundfile, soxr

FOLDER = Path("fixtures/audio")

def clips(tag):
    lines = map(json.loads, (FOLDER / "manifest.jsonl").read_text().splitlines())
    return [line["audio"] for line in lines if tag in line.get("tags", ())]

class Model:
    def __init__(self):
        self.decoder = pocketsphinx.Decoder(loglevel="FATAL", cmn="batch")
        self.seconds = 0.0

    def read(self, audio):
        samples, rate = soundfile.read(FOLDER / audio, dtype="float32", always_2d=True)
        samples = samples.mean(axis=1)
        return samples if rate == 16000 else soxr.resample(samples, rate, 16000)

    def transcribe(self, samples):
        start = time.process_time()
        self.decoder.reinit_feat()
        self.decoder.start_utt()
        self.decoder.process_raw((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
        self.decoder.end_utt()
        self.decoder.hyp()
        self.seconds += time.process_time() - start
"""

BARE_LOOP = """
model = Model()
for audio in clips({tag!r}):
    model.transcribe(model.read(audio))
Path({told!r}).write_text(str(model.seconds))
"""

BY_HAND = """
import pytest

@pytest.fixture(scope="session")
def model():
    model = Model()
    yield model
    Path({told!r}).write_text(str(model.seconds))

@pytest.mark.parametrize("audio", clips({tag!r}))
def test_accuracy(model, audio, benchmark):
    benchmark.pedantic(model.transcribe, (model.read(audio),), rounds=1, iterations=1)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--clip", default="human", help="tag of the clips")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        turns = [_turn(Path(name, str(number)), options.clip) for number in range(options.pairs)]
    _tell(turns)


class Turn(NamedTuple):
    """Each kind of run once, with the processor time that its engine took."""

    suite: tuple[Run, float]
    by_hand: tuple[Run, float]
    loop: tuple[Run, float]


def _turn(folder: Path, tag: str) -> Turn:
    folder.mkdir()
    record = folder / "run.jsonl"
    suite = run(_suite(tag, record), cwd=str(ROOT))
    return Turn((suite, _engine_seconds(record)), _by_hand(folder, tag), _loop(folder, tag))


def _by_hand(folder: Path, tag: str) -> tuple[Run, float]:
    told, test = folder / "by-hand", folder / "test_by_hand.py"
    test.write_text(ENGINE + BY_HAND.format(tag=tag, told=str(told)))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(test)]
    return run(command, cwd=str(ROOT)), float(told.read_text())


def _loop(folder: Path, tag: str) -> tuple[Run, float]:
    told = folder / "loop"
    command = [sys.executable, "-c", ENGINE + BARE_LOOP.format(tag=tag, told=str(told))]
    return run(command, cwd=str(ROOT)), float(told.read_text())


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


def _tell(turns: list[Turn]) -> None:
    found = Comparison([turn.suite[0] for turn in turns], [turn.loop[0] for turn in turns])
    outside = {
        kind: median(ran.cpu - seconds for ran, seconds in (getattr(turn, kind) for turn in turns))
        for kind in Turn._fields
    }
    print(f"{', '.join(EVALS)} against a bare loop, {len(turns)} pairs, whole processes")
    print(f"  wall time: {found.medians('wall')}; ratio {found.ratio('wall')}")
    print(f"  processor time: {found.medians('cpu')}; ratio {found.ratio('cpu')}")
    print(
        f"  processor time outside of the engine: suite {outside['suite']:.2f} s, tests by hand "
        f"{outside['by_hand']:.2f} s, loop {outside['loop']:.2f} s"
    )
    added = outside["suite"] - outside["loop"]
    print(f"  so the ratio is 1.02 where the engine takes {added / 0.02:.0f} s, and closer to 1 where it takes longer")


if __name__ == "__main__":
    main()
