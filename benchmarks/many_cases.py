"""A run of 10,000 cases with an engine that costs nothing, beside tests of the same engine written by hand.

python benchmarks/many_cases.py [--cases 10000] [--pairs 3]

suite: a project with a manifest and `asr_case.check()`. Each clip is read, transcribed, timed by pytest-benchmark,
    written to the store, scored, and pooled in the scorecard.
by hand: as many parametrized tests that read the same file with soundfile and time the same engine by pytest-benchmark.
    Nothing is scored, kept or judged.
bare: as many parametrized tests that do nothing.

References and transcripts are all different, as they are in a corpus. Memory per case is that of a run less that of one
with a tenth of the cases, over the cases between them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

from pairs import compare, run

MODELS = 4

ENGINE = """
from pathlib import Path
from asrlab_pytest.engines import Engine, Recognizer, Transcript, Weights


class Null(Engine):
    name = "null"

    def weights(self, spec):
        return Weights(location=Path("here"), sha256="0" * 64)

    def load(self, spec, device):
        return NullRecognizer()


class NullRecognizer(Recognizer):
    is_cyclic = False

    def __init__(self):
        self.calls = 0

    def transcribe(self, samples, language):
        self.calls += 1
        text = f"go forward {self.calls % 977} meters and stop at gate {self.calls}"
        return Transcript(text=text, language="en")
"""

PARAMETERS = """
@pytest.fixture(scope="session")
def model(request):
    return NullRecognizer()

@pytest.mark.parametrize("clip", [f"clip-{{n}}" for n in range({clips})])
@pytest.mark.parametrize("model", [f"model-{{n}}" for n in range({models})], indirect=True)
"""

BY_HAND = f"""
import pathlib, pytest, soundfile
from null_engine import NullRecognizer
FILE = pathlib.Path(__file__).with_name("one.wav")
{PARAMETERS}
def test_accuracy(model, clip, benchmark):
    samples, _ = soundfile.read(FILE, dtype="float32")
    benchmark.pedantic(model.transcribe, (samples, "en"), rounds=1, iterations=1)
"""

BARE = f"""
import pytest
from null_engine import NullRecognizer
{PARAMETERS}
def test_accuracy(model, clip):
    pass
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {"PYTHONPATH": str(_write_engine(folder / "engine"))}
        large, small = (_suites(folder / str(cases), cases) for cases in (options.cases, options.cases // 10))
        print(f"{options.cases} cases with an engine that costs nothing, {options.pairs} pairs, whole processes")
        for other in ("by hand", "bare"):
            found = compare(large["suite"], large[other], options.pairs, env=env)
            print(f"  processor time, suite and {other}: {found.medians('cpu')}; ratio {found.ratio('cpu')}")
        between = options.cases - options.cases // 10
        taken = {kind: (_peak(large[kind], env) - _peak(small[kind], env)) / between for kind in large}
        print("  memory per case: " + ", ".join(f"{kind} {size / 1000:.1f} KB" for kind, size in taken.items()))
        print(f"  suite less by hand: {(taken['suite'] - taken['by hand']) / 1000:.1f} KB")


def _peak(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Bytes: the median of three runs."""
    return statistics.median(run(command, env=env).peak_bytes for _ in range(3))


def _suites(folder: Path, cases: int) -> dict[str, list[str]]:
    """The commands that run the three suites."""
    clips = cases // MODELS
    command = [sys.executable, "-m", "pytest", "-qq", "-p", "no:cacheprovider", "--benchmark-quiet"]
    written = {
        "suite": _write_suite(folder / "suite", clips),
        "by hand": _write_tests(folder / "by-hand", BY_HAND, clips),
        "bare": _write_tests(folder / "bare", BARE, clips),
    }
    return {kind: [*command, "--rootdir", str(where), str(where)] for kind, where in written.items()}


def _write_engine(folder: Path) -> Path:
    folder.mkdir()
    (folder / "null_engine.py").write_text(ENGINE)
    info = folder / "null_engine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: null-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[asrlab.engines]\nnull = null_engine:Null\n")
    return folder


def _write_audio(folder: Path) -> None:
    """A tenth of a second of audio."""
    folder.mkdir(parents=True)
    with wave.open(str(folder / "one.wav"), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(16_000)
        audio.writeframes(b"\1\0" * 1_600)


def _write_tests(folder: Path, module: str, clips: int) -> Path:
    _write_audio(folder)
    (folder / "pyproject.toml").write_text("[tool.pytest]\n")
    (folder / "test_cases.py").write_text(module.format(clips=clips, models=MODELS))
    return folder


def _write_suite(folder: Path, clips: int) -> Path:
    _write_audio(folder)
    texts = (f"Go forward {n % 977} meters, and stop at gate {n}." for n in range(clips))
    lines = (
        json.dumps({"id": f"clip-{n}", "audio": "one.wav", "text": text, "language": "en"})
        for n, text in enumerate(texts)
    )
    (folder / "manifest.jsonl").write_text("\n".join(lines))
    tables = "".join(f'[tool.asrlab.models.model-{n}]\nengine = "null"\nweights = "here"\n' for n in range(MODELS))
    asked = '[tool.asrlab]\ncorpus = "."\nmodel = ["model-*"]\nthresholds = { wer = 1.0 }\n'
    (folder / "pyproject.toml").write_text(f"[tool.pytest]\n{asked}{tables}")
    (folder / "test_suite.py").write_text("def test_accuracy(asr_case):\n    asr_case.check()\n")
    return folder


if __name__ == "__main__":
    main()
