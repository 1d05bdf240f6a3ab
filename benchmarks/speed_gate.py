"""How often the speed gate is wrong on a real engine, with a neighbour process burning a core.

A model is next to itself (never to fail), and beside itself with every transcription a fifth longer (to be caught).

PYTHONPATH=src python benchmarks/speed_gate.py [--model pocketsphinx-en-us] [--same 30] [--slower 10]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import soundfile

from asrlab_pytest.cases.speed_gate import Question, ask
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import Finding
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.side_by_side import SideBySide
from asrlab_pytest.models.engine import Recognizer, Transcript
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.options import project_table
from asrlab_pytest.settings import GateSettings, validated
from asrlab_pytest.suite.suite import registry_of
from asrlab_pytest.waveform import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BURN = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"
"""It ends with its parent, however that ends."""
ROOT = Path(__file__).resolve().parent.parent


class Slowed:
    """A recognizer that takes a share longer, in processor time."""

    def __init__(self, recognizer: Recognizer, share: float) -> None:
        self._recognizer = recognizer
        self._share = share

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recognizer, name)

    def transcribe(self, samples: NDArray[np.float32], language: str | None) -> Transcript:
        start = time.process_time()
        transcript = self._recognizer.transcribe(samples, language)
        end = time.process_time() + self._share * (time.process_time() - start)
        while time.process_time() < end:
            pass
        return transcript


class Slower(SideBySide):
    """The model under test takes a share longer than it would."""

    def __init__(self, *arguments: Any, share: float, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.share = share

    def _load_alone(self, spec: ModelSpec) -> None:
        super()._load_alone(spec)
        if self.share and spec is self.specs[0]:
            slowed = Slowed(cast("Recognizer", self._loaded[spec.id]), self.share)
            self._loaded[spec.id] = cast("Recognizer", slowed)


@contextmanager
def neighbour() -> Iterator[None]:
    """A process that burns a core."""
    burning = subprocess.Popen([sys.executable, "-c", BURN])
    try:
        yield
    finally:
        burning.kill()
        burning.wait()


def short_clips(spec: ModelSpec, folder: Path, count: int, seconds: float) -> tuple[Clip, ...]:
    """The beginnings of the first clips that the model is meant for, so that a run is short."""
    found = []
    corpus = read_manifest(ROOT / "fixtures/audio")
    for clip in [clip for clip in corpus.samples if spec.is_meant_for(clip) and clip.text][:count]:
        path = folder / f"{clip.id}.wav"
        soundfile.write(path, load_audio(clip).samples[: int(seconds * SAMPLE_RATE)], SAMPLE_RATE)
        found.append(replace(clip, audio=path, sha256=None, pcm_sha256=None))
    return tuple(found)


def run(question: Question, gates: GateSettings, seed: int, share: float) -> tuple[tuple[Finding, ...], bool]:
    """One run of the gate: its outcome by finding, and whether it was retried."""
    pair = Slower(
        question.model, question.reference, question.clips, RunConditions(corpus="short"), seed=seed, share=share
    )
    with pair:
        return ask(pair, question, gates)


def trials(title: str, question: Question, gates: GateSettings, count: int, share: float) -> None:
    """So many runs of the gate, and a line of what they came to."""
    outcomes: Counter[str] = Counter()
    by_clock: Counter[str] = Counter()
    retried, start = 0, time.perf_counter()
    for seed in range(count):
        findings, again = run(question, gates, seed, share)
        told = {one.outcome for one in findings}
        order = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS)
        outcomes[next(outcome.value for outcome in order if outcome in told)] += 1
        by_clock.update(f"{one.metric} {one.outcome.value}" for one in findings)
        retried += again
        if "--verbose" in sys.argv:
            print("\n".join(f"    {one.outcome.value}: {one.sentence}" for one in findings), flush=True)
    print(f"{title}: {dict(outcomes)} of {count}, {retried} retried; {dict(sorted(by_clock.items()))}", flush=True)
    print(f"  {(time.perf_counter() - start) / max(count, 1):.1f} s a run")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="pocketsphinx-en-us")
    parser.add_argument("--same", type=int, default=30, help="runs of the model beside itself")
    parser.add_argument("--slower", type=int, default=10, help="runs of the model slowed down by a fifth")
    parser.add_argument("--clips", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a clip")
    parser.add_argument("--verbose", action="store_true", help="print every verdict")
    options = parser.parse_args()
    table, root = project_table(ROOT)
    settings = validated(table, source="pyproject.toml")
    spec = registry_of(settings, root)[options.model]
    gates = GateSettings()
    with tempfile.TemporaryDirectory() as folder, neighbour():
        clips = short_clips(spec, Path(folder), options.clips, options.seconds)
        question = Question(
            model=replace(spec, id="again", max_rtf_ratio=1 + gates.speed),
            reference=spec,
            clips=clips,
            meant=len(clips),
            before=None,
            remarks=(),
        )
        print(f"{spec.id}: {len(clips)} clips of {options.seconds:g} s, {gates.speed_rounds} rounds, 1.10 allowed")
        trials("the same model", question, gates, options.same, 0.0)
        trials("20 % slower", question, gates, options.slower, 0.2)


if __name__ == "__main__":
    main()
