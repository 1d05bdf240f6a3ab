"""The clips of a run without pytest: those of its suite or, for a large manifest, read one at a time."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.large_manifest import LargeManifest, indexed, ordered, room
from asrlab_pytest.corpus.manifest import is_manifest
from asrlab_pytest.corpus.samples import SampleSet
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.remote import local_path
from asrlab_pytest.shards import shard_of
from asrlab_pytest.suite.suite import Suite
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.environment import Environment
    from asrlab_pytest.settings import Settings

LARGE = 16 << 20
"""Size of a manifest, in bytes, from which on its clips are read one at a time."""


@dataclass(eq=False, repr=False)
class Workload:
    """What is to be transcribed: by default all clips of a suite."""

    suite: Suite
    """The models, and clips that stand for all: of each kind of a large manifest, the first."""

    def clips_for(self, spec: ModelSpec) -> Iterable[Clip]:
        """The clips that a model is meant for, in their order."""
        return self.suite.clips_for(spec)

    def plan(self, specs: Sequence[ModelSpec]) -> dict[str, list[str]]:
        """Ids of the clips that each model is meant for, by its id."""
        return {spec.id: [clip.id for clip in self.clips_for(spec)] for spec in specs}

    def complete(self, environment: Environment) -> Environment:
        """An environment with the numbers of all clips."""
        return environment


class OneAtATime(Workload):
    """The clips of a large manifest.

    Args:
        manifest: Where its clips are.
        settings: Those of the run.
        root: The folder of the project.
        named: Model ids given on the command line.
    """

    def __init__(self, manifest: LargeManifest, settings: Settings, root: Path, named: Sequence[str]) -> None:
        self._manifest = manifest
        self._places = _part(manifest, settings)
        self._all = Counter(kind for place, kind in enumerate(manifest.kinds) if place not in manifest.dropped)
        kinds = dict.fromkeys(manifest.kinds[place] for place in self._places)
        first = tuple(manifest.representatives[kind] for kind in kinds)
        super().__init__(Suite(settings, root, named=named))
        self.suite.take("asr", SampleSet(manifest.name, manifest.file, manifest.sha256, first))

    def clips_for(self, spec: ModelSpec) -> Iterable[Clip]:
        return (clip for clip in self._manifest.clips(self._places) if spec.is_meant_for(clip))

    def plan(self, specs: Sequence[ModelSpec]) -> dict[str, list[str]]:
        plan: dict[str, list[str]] = {spec.id: [] for spec in specs}
        for clip in self._manifest.clips(self._places):
            for spec in specs:
                if spec.is_meant_for(clip):
                    plan[spec.id].append(clip.id)
        return plan

    def complete(self, environment: Environment) -> Environment:
        specs, firsts = self.suite.models_of("asr"), self._manifest.representatives
        meant = (kind for kind, clip in enumerate(firsts) if any(spec.is_meant_for(clip) for spec in specs))
        counts = {"listed": len(self._manifest.offsets), "chosen": sum(self._all[kind] for kind in meant)}
        assert environment.corpus is not None
        return environment.model_copy(update={"corpus": environment.corpus.model_copy(update=counts)})


def workload(settings: Settings, root: Path, named: Sequence[str]) -> Workload:
    """The workload of these settings.

    Raises:
        AsrlabError: an option, the corpus or a model is wrong.
    """
    path = local_path(settings.corpus, root)
    is_plain = settings.corpus not in settings.corpora and not settings.clip and is_manifest(path)
    manifest = indexed(path, settings.language) if is_plain and _size(path) >= LARGE else None
    if manifest is None:
        return Workload(Suite(settings, root, named=named))
    return OneAtATime(manifest, settings, root, named)


def _size(path: Path) -> int:
    """Size of a manifest in bytes, given as a file or folder."""
    return (path / "manifest.jsonl" if path.is_dir() else path).stat().st_size


def _part(manifest: LargeManifest, settings: Settings) -> Sequence[int]:
    """The places of the clips of the run's shard, in the order of the manifest.

    Raises:
        CorpusError: there are none.
    """
    places = manifest.places
    if settings.shard is None:
        return places
    shard = shard_of(settings.shard)
    shares = room(manifest, places, shard.count)
    part = array(
        "q",
        sorted(
            place
            for place in ordered(manifest, places)
            if shares.take(manifest.digest(place), manifest.length(place)) == shard.index - 1
        ),
    )
    if not part:
        raise CorpusError(f"shard {shard} of {many(len(places), 'clip')} is empty", hint="use fewer shards")
    return part
