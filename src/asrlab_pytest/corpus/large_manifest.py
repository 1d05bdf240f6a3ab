"""A manifest that is too large to hold as clips: its lines are found once, and a clip is made when its turn comes."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.lines import Form
from asrlab_pytest.corpus.manifest import MANIFEST_NAME, ManifestLine, manifest_form

_UNKNOWN = -1.0
"""Seconds of a clip that states none."""


class Kind(NamedTuple):
    """What decides which models and rules are for a clip."""

    language: str | None
    normalization: str | None
    tags: tuple[str, ...]


class LargeManifest:
    """Where each clip of a manifest is, and how long it is: 36 bytes a clip.

    Args:
        file: The manifest.
        language: Of the clips that state none.
    """

    def __init__(self, file: Path, language: str | None) -> None:
        self.file = file
        self.name = file.resolve().parent.name
        self.sha256 = ""
        self.offsets = array("q")
        self.ids = array("Q"), array("Q")
        """The two halves of the digest of each clip's id, by which shards are made."""
        self.kinds = array("l")
        """Index into `representatives`."""
        self.seconds = array("d")
        self.dropped: set[int] = set()
        """Places of clips that a review leaves out."""
        self.representatives: list[Clip] = []
        """The first clip of each kind."""
        self._form: Form[ManifestLine, Clip] = manifest_form(language)

    def clips(self, places: Iterable[int]) -> Iterator[Clip]:
        """The clips at these places, one at a time.

        Raises:
            CorpusError: a line is wrong.
        """
        with self.file.open("rb") as file:
            for place in places:
                file.seek(self.offsets[place])
                yield self._form.item(file.readline(), self.file, place + 1)

    def lengths(self) -> list[float | None]:
        """Seconds of each clip, as far as they are known."""
        return [None if seconds == _UNKNOWN else seconds for seconds in self.seconds]


def indexed(path: Path, language: str | None) -> LargeManifest | None:
    """A manifest, given as its folder or itself; None if a line of it is odd, which `read_manifest` then names.

    Of each line no more is looked at than is needed to share the clips out: whoever transcribes it reads it whole.
    """
    from pydantic_core import from_json

    manifest = LargeManifest(path / MANIFEST_NAME if path.is_dir() else path, language)
    places: dict[Kind, int] = {}
    sha256, offset = hashlib.sha256(), 0
    with manifest.file.open("rb") as file:
        for line in file:
            sha256.update(line)
            try:
                _add(manifest, from_json(line), places)
            except (ValueError, TypeError, KeyError, AttributeError):
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


def _add(manifest: LargeManifest, row: dict[str, Any], places: dict[Kind, int]) -> None:
    clip_id = row.get("id")
    digest = hashlib.blake2b(
        (Path(row["audio"]).stem if clip_id is None else clip_id).encode(), digest_size=16
    ).digest()
    manifest.ids[0].append(int.from_bytes(digest[:8]))
    manifest.ids[1].append(int.from_bytes(digest[8:]))
    kind = Kind(row.get("language"), row.get("normalization"), tuple(row.get("tags", ())))
    manifest.kinds.append(places.setdefault(kind, len(places)))
    end = row.get("end")
    seconds = row.get("duration") if end is None else end - (row.get("start") or 0.0)
    manifest.seconds.append(_UNKNOWN if seconds is None else seconds)
    if (row.get("review") or {}).get("decision") == "drop":
        manifest.dropped.add(len(manifest.kinds) - 1)


def _has_duplicates(manifest: LargeManifest) -> bool:
    """Whether an id is there twice."""
    import numpy as np

    both = np.rec.fromarrays([np.frombuffer(half, np.uint64) for half in manifest.ids])
    return len(np.unique(both)) < len(both)


def ordered(manifest: LargeManifest, places: Sequence[int]) -> Sequence[int]:
    """Places in the order of the digests of their ids."""
    import numpy as np

    chosen = np.asarray(places)
    high, low = (np.frombuffer(half, np.uint64)[chosen] for half in manifest.ids)
    order: Sequence[int] = chosen[np.lexsort((low, high))].tolist()
    return order
