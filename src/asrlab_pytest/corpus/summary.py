"""What a corpus is made of: clips, hours, speakers, languages, lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.errors import ClipError

EDGES = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0)
"""Seconds at which the bins of lengths begin; the last has no end."""
_ROUNDING = 0.002
"""Seconds by which times in a manifest may be off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts over the clips of a corpus."""

    corpus: str
    clips: int
    seconds: float
    """Of the clips whose length is known."""
    shortest: float | None
    longest: float | None
    lengths: tuple[int, ...]
    """Clips in each bin of `EDGES`."""
    groups: int
    """Speakers or sessions."""
    without_group: int
    languages: Mapping[str, int]
    tags: Mapping[str, int]
    words: int
    """In all references, as they are written, divided at spaces."""
    empty_texts: int
    locked: int
    """Clips whose file and samples are both pinned."""
    unreadable: tuple[str, ...]
    """Why the length of a clip could not be found, and what to do about it."""

    def as_json(self) -> dict[str, object]:
        """A flat object of plain JSON values."""
        return {**asdict(self), "hours": self.seconds / 3600}


def summarize(corpus: Corpus, clips: Sequence[Clip]) -> Summary:
    """Summarize. The file's header is read for segments and for clips that state no length; no audio is decoded."""
    lengths, unreadable = _lengths(clips)
    bins = Counter(sum(length >= edge for edge in EDGES) - 1 for length in lengths)
    groups = {clip.group for clip in clips if clip.group is not None}
    return Summary(
        corpus=corpus.name,
        clips=len(clips),
        seconds=sum(lengths),
        shortest=min(lengths, default=None),
        longest=max(lengths, default=None),
        lengths=tuple(bins[place] for place in range(len(EDGES))),
        groups=len(groups),
        without_group=sum(clip.group is None for clip in clips),
        languages=_counted(clip.language or "not stated" for clip in clips),
        tags=_counted(tag for clip in clips for tag in clip.tags),
        words=sum(len(clip.text.split()) for clip in clips),
        empty_texts=sum(not clip.text.strip() for clip in clips),
        locked=sum(clip.sha256 is not None and clip.pcm_sha256 is not None for clip in clips),
        unreadable=tuple(unreadable),
    )


def _lengths(clips: Sequence[Clip]) -> tuple[list[float], list[str]]:
    """Seconds of each readable clip, and the problems of the others."""
    ending = _files_ending_early(clips)
    lengths, unreadable = [], []
    for clip in clips:
        try:
            looked_up = clip.seconds is None or (clip.is_segment and clip.audio in ending)
            lengths.append(_seconds(clip) if looked_up else clip.seconds or 0.0)
        except ClipError as error:
            unreadable.append(error.in_one_line)
    return lengths, unreadable


def _files_ending_early(clips: Sequence[Clip]) -> set[Path]:
    """Files that end before their last segment; each file is opened once, no matter how many segments it has."""
    last: dict[Path, Clip] = {}
    for clip in clips:
        if clip.is_segment and (clip.audio not in last or _end(clip) > _end(last[clip.audio])):
            last[clip.audio] = clip
    return {audio for audio, clip in last.items() if not _is_within(clip)}


def _end(clip: Clip) -> float:
    return clip.until if clip.until is not None else clip.start or 0.0


def _is_within(clip: Clip) -> bool:
    """Whether a segment can be read up to where its line says that it ends."""
    try:
        end = (clip.start or 0.0) + _seconds(clip)
    except ClipError:
        return False
    return clip.until is None or abs(end - clip.until) < _ROUNDING


def _seconds(clip: Clip) -> float:
    from asrlab_pytest.corpus.audio import header

    return header(clip)[0]


def _counted(values: Any) -> dict[str, int]:
    """How often each occurs, the most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))
