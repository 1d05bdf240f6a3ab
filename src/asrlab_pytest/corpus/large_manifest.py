"""A manifest too large to hold as clips: its lines are located once, and each clip is read when it is needed."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import Clip, seconds_stated
from asrlab_pytest.corpus.manifest import MANIFEST, MANIFEST_NAME
from asrlab_pytest.corpus.table import fault_of_times
from asrlab_pytest.shards import Room
from asrlab_pytest.validation import adapter_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DIGEST = 16
"""Bytes of the digest of an id."""
_UNKNOWN = -1.0
"""Assumed length in seconds of a clip that states none."""
_AT_ONCE = 10_000
"""Places that are made at once."""


@dataclass(slots=True, kw_only=True)
class _Row:
    """What sharding needs of a line."""

    audio: str
    id: str | None = None
    language: str | None = None
    normalization: str | None = None
    tags: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None
    duration: float | None = None
    review: dict[str, object] | None = None


_Kind = tuple[str | None, str | None, tuple[str, ...]]
"""What determines the models and rules that apply to a clip: its language, normalization and tags."""


class LargeManifest:
    """The position and length of each clip in a manifest: 36 bytes per clip.

    Args:
        file: The manifest.
        language: Language of clips that state none.
    """

    def __init__(self, file: Path, language: str | None) -> None:
        self.file = file
        self.name = real_path(file).parent.name
        self.sha256 = ""
        self.offsets = array("q")
        self.digests = bytearray()
        """The digest of each clip's id, by which shards are made, one after the other."""
        self.kinds = array("l")
        """Index into `representatives`."""
        self.seconds = array("d")
        self.dropped: set[int] = set()
        """Positions of the clips that a review excludes."""
        self.representatives: list[Clip] = []
        """The first clip of each kind."""
        self._language = language

    def clips(self, places: Iterable[int]) -> Iterator[Clip]:
        """The clips at these places, one at a time.

        Raises:
            CorpusError: a line is wrong.
        """
        with self.file.open("rb") as file:
            for place in places:
                file.seek(self.offsets[place])
                yield MANIFEST.item(file.readline(), self.file, place + 1, self._language)

    @property
    def places(self) -> Sequence[int]:
        """The positions of the clips that no review excludes."""
        everywhere = range(len(self.offsets))
        return [place for place in everywhere if place not in self.dropped] if self.dropped else everywhere

    def length(self, place: int) -> float | None:
        """Seconds of a clip, as far as they are known."""
        seconds = self.seconds[place]
        return None if seconds == _UNKNOWN else seconds

    def digest(self, place: int) -> bytes:
        """Digest of the id of a clip."""
        return bytes(self.digests[_DIGEST * place : _DIGEST * (place + 1)])


def indexed(path: Path, language: str | None) -> LargeManifest | None:
    """A manifest, given as a file or folder; None if a line is invalid, which `read_manifest` then reports.

    Lines are parsed only as far as sharding needs; a line is read in full when its clip is transcribed.
    """
    manifest = LargeManifest(path / MANIFEST_NAME if path.is_dir() else path, language)
    places: dict[_Kind, int] = {}
    row_of = adapter_of(_Row).validator.validate_json
    sha256, offset = hashlib.sha256(), 0
    with manifest.file.open("rb") as file:
        for line in file:
            sha256.update(line)
            try:
                _add(manifest, row_of(line), places)
            except ValueError:
                return None
            manifest.offsets.append(offset)
            offset += len(line)
    manifest.sha256 = sha256.hexdigest()
    if not manifest.offsets or _has_duplicates(manifest):
        return None
    firsts: dict[int, int] = {}
    for place, kind in enumerate(manifest.kinds):
        firsts.setdefault(kind, place)
    manifest.representatives = list(manifest.clips(firsts.values()))
    return manifest


def _add(manifest: LargeManifest, row: _Row, places: dict[_Kind, int]) -> None:
    if "://" in row.audio:
        raise ValueError("it may be a URL")
    is_part = row.start is not None or row.end is not None
    if is_part and (fault := fault_of_times(row.start, row.end, row.duration)) is not None:
        raise ValueError(fault)
    name = Path(row.audio).stem if row.id is None else row.id
    manifest.digests += hashlib.blake2b(name.encode(), digest_size=_DIGEST).digest()
    kind = row.language, row.normalization, row.tags
    manifest.kinds.append(places.setdefault(kind, len(places)))
    seconds = seconds_stated(row.start, row.end, row.duration)
    manifest.seconds.append(_UNKNOWN if seconds is None else seconds)
    if (row.review or {}).get("decision") == "drop":
        manifest.dropped.add(len(manifest.kinds) - 1)


def _has_duplicates(manifest: LargeManifest) -> bool:
    """Whether an id is duplicated."""
    import numpy as np

    high, low = _halves(manifest)
    order = np.lexsort((low, high))
    same = np.diff(high[order]) == 0
    return bool((same & (np.diff(low[order]) == 0)).any())


def _halves(manifest: LargeManifest) -> NDArray[np.uint64]:
    """The first and the second half of each digest, as numbers of the same order."""
    import numpy as np

    return np.frombuffer(manifest.digests, ">u8").reshape(-1, 2).T.astype(np.uint64)


def ordered(manifest: LargeManifest, places: Sequence[int]) -> Iterator[int]:
    """Places in the order of the digests of their ids."""
    import numpy as np

    chosen = np.asarray(places, dtype=np.int64)
    high, low = _halves(manifest)
    order = chosen[np.lexsort((low[chosen], high[chosen]))]
    for start in range(0, len(order), _AT_ONCE):
        yield from order[start : start + _AT_ONCE].tolist()


def room(manifest: LargeManifest, places: Sequence[int], count: int) -> Room:
    """The capacity of the shards for these clips."""
    import numpy as np

    seconds = np.frombuffer(manifest.seconds)[np.asarray(places, dtype=np.int64)]
    known = seconds[seconds != _UNKNOWN]
    usual = float(np.median(known)) if len(known) else 1.0
    lengths = np.where(seconds == _UNKNOWN, usual, seconds)
    return Room(total=float(lengths.sum()), longest=float(lengths.max(initial=0.0)), usual=usual, count=count)
