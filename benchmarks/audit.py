"""How many planted faults the audit finds, how many good clips it flags, and its cost per clip.

python benchmarks/audit.py [--corpus fixtures/audio] [--seeds 10] [--wer 0.2] [--model ID ...]

Each seed plants every kind of fault in a copy of the corpus, on clips drawn at random. A fault counts as found where
its clip is flagged by a check that is meant for it; "alone" is without a model. With `--model` (repeatable) these
models of the project transcribe each planted copy, one by one and together; without it, the transcripts of one model
are simulated: the true text with a share of its words replaced. A hash in the manifest would reveal every edited file,
so the manifest of the copy has none, except for the faults that are about hashes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
import soxr

from asrlab_pytest.audit.auditing import audit
from asrlab_pytest.audit.findings import Audit
from asrlab_pytest.audit.hypotheses import LONG_ENOUGH, distance
from asrlab_pytest.audit.swaps import NEAR
from asrlab_pytest.cli.project import settings_and_root
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.errors import AsrlabError, CorpusError
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.witness import hear, witnesses
from asrlab_pytest.records.observation import UNMEASURED, Observation
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.suite.suite import registry_of

EXPECTED = {
    "swap": {"swapped"},
    "cycle of 3": {"swapped"},
    "unrelated text": {"own-distance", "speaking-rate"},
    "half the audio": {"partial", "speaking-rate"},
    "half the text": {"partial", "speaking-rate"},
    "short swap": {"swapped"},
    "rate doubled": {"speaking-rate", "own-distance"},
    "upsampled": {"upsampled"},
    "silence": {"silence"},
    "same audio": {"same-audio"},
    "mojibake": {"mojibake"},
    "wrong language": {"language"},
    "edited file": {"changed"},
    "wrong duration": {"duration"},
}
UNRELATED = "quarterly revenue rose by eleven percent, the chairman told investors"
GERMAN = "der Hund ist mit dem Ball nicht auf die Straße gelaufen, und das war auch gut"
_WORDS = "river morning garden winter letter market doctor island kitchen forest travel yellow quiet seven"
VOCABULARY = _WORDS.split()

Sound = tuple[np.ndarray, int]
CHANGES: dict[str, Callable[[Sound], Sound]] = {
    "half the audio": lambda sound: (sound[0][: len(sound[0]) // 2], sound[1]),
    "rate doubled": lambda sound: (sound[0], sound[1] * 2),
    "upsampled": lambda sound: (
        soxr.resample(soxr.resample(sound[0], sound[1], 8000, quality="VHQ"), 8000, 16_000, quality="VHQ"),
        16_000,
    ),
    "silence": lambda sound: (np.zeros_like(sound[0]), sound[1]),
    "edited file": lambda sound: (sound[0] * 0.9, sound[1]),
}


class Planted:
    """A copy of a corpus with one fault of every kind.

    Args:
        corpus: The corpus.
        folder: Where changed audio is written.
        rng: Draws the clips.
        short: Whether two short texts are exchanged as well, which only two families of models can tell.
    """

    def __init__(self, corpus: Corpus, folder: Path, rng: random.Random, *, short: bool = False) -> None:
        self._corpus, self._folder, self._rng = corpus, folder, rng
        self.clips = {clip.id: replace(clip, sha256=None, pcm_sha256=None, duration=None) for clip in corpus.samples}
        self.faults: dict[str, set[str]] = {}
        # Faults are written into whole files.
        whole = [clip for clip in corpus.samples if not clip.is_segment and clip.channel is None]
        texts = {clip.id: _normalized(clip) for clip in whole if clip.language == "en"}
        english = [corpus.by_id[one] for one, text in texts.items() if _is_told_apart(text, texts.values())]
        self._free = list({clip.text: clip.id for clip in english if load_audio(clip).seconds > 1.5}.values())
        rng.shuffle(self._free)
        self._short = list({clip.text: clip.id for clip in corpus.samples if short and _is_short(clip)}.values())
        rng.shuffle(self._short)
        self._plant()

    def _take(self, kind: str, count: int = 1) -> list[str]:
        if len(self._free) < count:
            raise _too_few(self._corpus)
        taken, self._free = self._free[:count], self._free[count:]
        self.faults.setdefault(kind, set()).update(taken)
        return taken

    def _take_longer(self, kind: str) -> str:
        """A clip half of whose text is still long enough for the checks by hypotheses."""
        longer = next((one for one in self._free if len(_normalized(self.clips[one])) >= 2 * (LONG_ENOUGH + 5)), None)
        if longer is None:
            raise _too_few(self._corpus)
        self._free.remove(longer)
        self.faults[kind] = {longer}
        return longer

    def _plant(self) -> None:
        for kind, count in (("swap", 2), ("cycle of 3", 3)):
            ids = self._take(kind, count)
            texts = [self.clips[one].text for one in ids]
            for one, text in zip(ids, [*texts[1:], texts[0]], strict=True):
                self._set(one, text=text)
        if len(self._short) > 1:
            one, other = self._short[:2]
            self.faults["short swap"] = {one, other}
            first, second = self.clips[one].text, self.clips[other].text
            self._set(one, text=second)
            self._set(other, text=first)
        self._set(*self._take("unrelated text"), text=UNRELATED)
        halved = self._take_longer("half the text")
        words = self.clips[halved].text.split()
        self._set(halved, text=" ".join(words[: len(words) // 2]))
        (garbled,) = self._take("mojibake")
        self._set(garbled, text=f"{self.clips[garbled].text} caf\u00c3\u00a9")
        self._set(*self._take("wrong language"), text=GERMAN)
        (timed,) = self._take("wrong duration")
        self._set(timed, duration=load_audio(self.clips[timed]).seconds + 0.5)
        for kind, change in CHANGES.items():
            self._rewrite(kind, change)
        (copied,) = self._take("same audio")
        self.clips["copy"] = replace(self.clips[copied], id="copy", text=UNRELATED)
        self.faults["same audio"].add("copy")

    def _rewrite(self, kind: str, change: Callable[[Sound], Sound]) -> None:
        (clip_id,) = self._take(kind)
        clip = self.clips[clip_id]
        samples, rate = change(soundfile.read(clip.audio, dtype="float32"))
        path = self._folder / f"{clip_id}.wav"
        soundfile.write(path, samples, rate)
        pinned = self._corpus.by_id[clip_id].sha256 if kind == "edited file" else None
        self._set(clip_id, audio=path, sha256=pinned)

    def _set(self, clip_id: str, **keys: object) -> None:
        self.clips[clip_id] = replace(self.clips[clip_id], **keys)  # type: ignore[arg-type]

    def rows(self, wer: float) -> list[Observation]:
        """What a model with this share of wrong words hears, by the texts before anything was planted."""
        heard = {clip.id: self._corpus.by_id.get(clip.id, clip).text for clip in self.clips.values()}
        for clip_id in self.faults["silence"]:
            heard[clip_id] = ""
        for clip_id in self.faults["half the audio"]:
            heard[clip_id] = heard[clip_id][: len(heard[clip_id]) // 2]
        for clip_id in self.faults["rate doubled"]:
            heard[clip_id] = " ".join(self._rng.choices(VOCABULARY, k=3))
        return [_simulated(clip_id, " ".join(self._misheard(text, wer))) for clip_id, text in heard.items()]

    def _misheard(self, text: str, wer: float) -> list[str]:
        return [self._rng.choice(VOCABULARY) if self._rng.random() < wer else word for word in text.split()]


def _too_few(corpus: Corpus) -> CorpusError:
    return CorpusError(
        f"{corpus.manifest} has too few clips for a fault of each kind",
        hint="choose a corpus with some twenty English clips of more than 1.5 s, a file each, whose texts are unlike",
    )


def _simulated(clip_id: str, hypothesis: str) -> Observation:
    return Observation(
        **{**UNMEASURED, "engine": "simulated"},
        model="simulated",
        task="asr",
        clip=clip_id,
        corpus="planted",
        group=None,
        tags=(),
        language=None,
        audio_s=None,
        audio_sha256=None,
        reference="",
        reference_entities=None,
        keywords=(),
        clip_normalization=None,
        hypothesis=hypothesis,
        transcript=None,
        spoken=None,
    )


def _normalized(clip: Clip) -> str:
    return Rules().normalizations.choose(clip.language).apply(clip.text)


def _is_told_apart(text: str, texts: Iterable[str]) -> bool:
    """Whether a text is long enough for the checks by hypotheses, and not similar to the text of another clip."""
    return len(text) >= LONG_ENOUGH + 5 and all(one == text or distance(one, text) > NEAR for one in texts)


def _is_short(clip: Clip) -> bool:
    return clip.language == "en" and 0 < len(_normalized(clip)) < LONG_ENOUGH


class Listeners:
    """Real models, each of which transcribes a file once."""

    def __init__(self, ids: Sequence[str]) -> None:
        settings, root = settings_and_root()
        registry = registry_of(settings, root)
        self._specs = witnesses(registry, settings.model, ids) if ids else []
        self._heard: dict[tuple[object, ...], Observation] = {}

    @property
    def models(self) -> list[str]:
        return [spec.id for spec in self._specs]

    def rows(self, clips: Sequence[Clip], models: Sequence[str]) -> list[Observation]:
        """What these models write for the clips."""
        found = []
        conditions = RunConditions(corpus="planted", warmup=0)
        for spec in self._specs:
            if spec.id not in models:
                continue
            new = [clip for clip in clips if _sound_for(spec.id, clip) not in self._heard]
            told = {row.clip: row for row in hear(spec, new, conditions, recall=None, keep=lambda _: None).rows}
            self._heard |= {_sound_for(spec.id, clip): told[clip.id] for clip in new if clip.id in told}
            known = ((clip, self._heard.get(_sound_for(spec.id, clip))) for clip in clips)
            found += [replace(row, clip=clip.id) for clip, row in known if row is not None]
        return found


def _sound_for(model: str, clip: Clip) -> tuple[object, ...]:
    """A model and what it transcribes: a file, or a part or channel of one."""
    return model, clip.audio, clip.start, clip.end, clip.channel


def counted(planted: Planted, found: Audit, hits: Counter[str]) -> int:
    """Count the faults that were found; gives the number of good clips that were flagged."""
    for kind, ids in planted.faults.items():
        for clip_id in ids:
            checks = {one.check for one in found.by_clip.get(clip_id, ())}
            hits[kind] += bool(checks & EXPECTED[kind])
    bad = set().union(*planted.faults.values())
    return len((found.errors | found.suspects) - bad)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("fixtures/audio"))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--wer", type=float, default=0.2)
    parser.add_argument("--model", action="append", default=[], help="id of a model that listens (repeatable)")
    options = parser.parse_args()
    if options.seeds < 1 or not 0 <= options.wer <= 1:
        parser.error("--seeds must be 1 or more, and --wer between 0 and 1")
    try:
        measure(options)
    except AsrlabError as error:
        raise SystemExit(f"audit.py: {error}") from None


def measure(options: argparse.Namespace) -> None:
    """Plant, audit, and print the table."""
    corpus = open_corpus(str(options.corpus), {}, Path.cwd())
    listeners = Listeners(options.model)
    ways = {model: [model] for model in listeners.models}
    if len(ways) > 1:
        ways["together"] = listeners.models
    names = ["alone", *(ways or ["simulated"])]
    planted_count: Counter[str] = Counter()
    hits: dict[str, Counter[str]] = {name: Counter() for name in names}
    false: Counter[str] = Counter()
    seconds: defaultdict[str, float] = defaultdict(float)
    good = clips = 0
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            planted = Planted(corpus, Path(folder), random.Random(seed), short=bool(ways))
            chosen: tuple[Clip, ...] = tuple(planted.clips.values())
            for name in names:
                rows = [] if name == "alone" else planted.rows(options.wer) if not ways else None
                rows = listeners.rows(chosen, ways[name]) if rows is None else rows
                begin = time.perf_counter()
                found = audit(replace(corpus, samples=chosen), chosen, Rules(), rows)
                seconds[name] += time.perf_counter() - begin
                false[name] += counted(planted, found, hits[name])
        planted_count.update({kind: len(ids) for kind, ids in planted.faults.items()})
        good += len(chosen) - sum(map(len, planted.faults.values()))
        clips += len(chosen)
    heard = ", ".join(listeners.models) or f"simulated WER {options.wer:.0%}"
    print(f"{corpus.name}: {len(corpus.samples)} clips, {options.seeds} seeds, {heard}")
    print(f"{'fault':<16} {'planted':>7} " + " ".join(f"{name:>{_width(name)}}" for name in names))
    for kind, count in planted_count.items():
        shares = (f"{hits[name][kind] / count:>{_width(name)}.0%}" for name in names)
        print(f"{kind:<16} {count:>7} {' '.join(shares)}")
    if good:
        print(f"{'good flagged':<24} " + " ".join(f"{false[name] / good:>{_width(name)}.1%}" for name in names))
    print(f"{'ms a clip':<24} " + " ".join(f"{1000 * seconds[name] / clips:>{_width(name)}.1f}" for name in names))


def _width(name: str) -> int:
    return max(len(name), 7)


if __name__ == "__main__":
    main()
