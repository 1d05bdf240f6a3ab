"""A corpus that is in code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.json_lines import language_of
from asrlab_pytest.corpus.manifest import KEYS, ManifestLine, clip_of
from asrlab_pytest.corpus.names import as_stored, composed, if_other_form
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.validation import adapter_of, faults


def corpus_of(clips: Iterable[Clip | Mapping[str, object]], *, name: str, folder: Path | str = ".") -> Corpus:
    """Make a corpus of clips, or of mappings with the keys of a manifest's line.

    Args:
        clips: Each with `audio` and `text`; no audio is opened.
        name: What the corpus is called in scorecards and records.
        folder: Where relative audio paths start.

    Raises:
        CorpusError: a key is unknown or of the wrong type, an id is duplicated, or there is no clip.
    """
    start = real_path(folder)
    listed = [_clip_of(clip, start, where=f"clip {number} of {name}") for number, clip in enumerate(clips, start=1)]
    if not listed:
        raise CorpusError(f"the corpus {name} has no clips", hint="list some, each with audio and text")
    numbers: dict[str, int] = {}
    for number, clip in enumerate(listed, start=1):
        first = numbers.setdefault(composed(clip.id), number)
        if first != number:
            other = listed[first - 1]
            raise CorpusError(
                f"clip {number} of {name} ({clip.audio}): the id {clip.id!r} is already that of clip {first} "
                f"({other.audio}){if_other_form(clip.id, other.id)}",
                hint="give each clip a unique id",
            )
    content = json.dumps([identity(clip) for clip in listed])
    return Corpus(name, start, hashlib.sha256(content.encode()).hexdigest(), tuple(listed))


def _clip_of(entry: Clip | Mapping[str, object], folder: Path, *, where: str) -> Clip:
    if isinstance(entry, Clip):
        return replace(entry, language=language_of(entry.language, where), audio=as_stored(entry.audio))
    try:
        # By way of JSON, because strict validation of Python values would refuse a list of tags.
        line = adapter_of(ManifestLine).validate_json(json.dumps(dict(entry), default=str))
    except ValidationError as error:
        raise CorpusError(
            f"{where}: {faults(error, known=KEYS, of=ManifestLine)}", hint="use the keys of a manifest"
        ) from None
    return clip_of(line, folder, where)


def identity(clip: Clip) -> list[Any]:
    """What identifies a clip, as plain JSON; the folder of its audio is not part of it."""
    values = [
        clip.id,
        clip.audio.name,
        clip.text,
        clip.language,
        clip.start,
        clip.until,
        clip.sha256,
        sorted(clip.tags),
    ]
    return values if clip.channel is None else [*values, clip.channel]
