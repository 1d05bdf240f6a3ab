"""Chooses clips by id, glob or tag."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from asrlab_pytest.corpus.clip import Clip, Corpus
from asrlab_pytest.errors import CorpusError


def select_clips(corpus: Corpus, patterns: Sequence[str]) -> tuple[Clip, ...]:
    """The clips that any of the patterns names, in the manifest's order; all where there is no pattern.

    Raises:
        CorpusError: a pattern names nothing.
    """
    for pattern in patterns:
        if not any(_matches(clip, pattern) for clip in corpus.clips):
            tags = sorted({tag for clip in corpus.clips for tag in clip.tags})
            raise CorpusError(
                f"no clip of {corpus.manifest} has the id or tag {pattern!r}; tags: {', '.join(tags) or 'none'}",
                mend="choose an id, a glob or a tag of the manifest by --asr-clip",
            )
    return tuple(clip for clip in corpus.clips if not patterns or any(_matches(clip, p) for p in patterns))


def _matches(clip: Clip, pattern: str) -> bool:
    return pattern == clip.id or pattern in clip.tags or fnmatchcase(clip.id, pattern)
