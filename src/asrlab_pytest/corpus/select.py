"""Chooses clips, prompts and dialogues by id, glob or tag; clips also by filters such as ``lang:de duration<10``."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from asrlab_pytest.corpus.clip import OVERSHOOT, Clip
from asrlab_pytest.corpus.samples import Corpus, Sample
from asrlab_pytest.errors import ClipError, CorpusError
from asrlab_pytest.languages import primary
from asrlab_pytest.wording import first_few

Item = TypeVar("Item", bound=Sample)
Term: TypeAlias = Callable[[Clip], bool]

ALLOWED = (
    "an id, a glob or a tag; tag:, lang:, group: or id: with a value or a glob; duration with <, <=, > or >= and "
    "seconds; several with spaces between them must all hold, as in 'lang:de duration<10'"
)
SHOWN = 20
"""How many values a message lists."""

_SLIP = 2
"""Letters by which the length of a name may differ from what is meant."""
_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_DURATION = re.compile(r"duration\s*(<=|>=|<|>|==?|!=)\s*(.*)", re.DOTALL)
_FIELD = re.compile(r"([a-z_]+):(.+)", re.DOTALL)


def select_clips(corpus: Corpus, patterns: Sequence[str]) -> tuple[Clip, ...]:
    """The clips that any of the patterns names, in the manifest's order; all where there is no pattern.

    A pattern is an id, a glob over ids, a tag, or filters with spaces between them that must all hold.

    Raises:
        CorpusError: a pattern is not a filter, names nothing, or asks for a duration that is not known.
    """
    if not patterns:
        return corpus.samples
    chosen: set[str] = set()
    for pattern in patterns:
        ids = {clip.id for clip in corpus.samples if _is_named(clip, pattern)}
        ids = ids or _filtered(corpus, pattern)
        chosen |= ids
    return tuple(clip for clip in corpus.samples if clip.id in chosen)


def select_items(items: Sequence[Item], patterns: Sequence[str], *, option: str, manifest: Path) -> tuple[Item, ...]:
    """The prompts or dialogues that any of the patterns names, in their order; all where there is no pattern.

    Args:
        items: What is chosen from.
        patterns: Each an id, a glob over ids, or a tag.
        option: Where the patterns were given, for the message.
        manifest: The file that lists the items, for the message.

    Raises:
        CorpusError: a pattern names nothing.
    """
    for pattern in patterns:
        if not any(_is_named(item, pattern) for item in items):
            ids, tags = _listed(item.id for item in items), _listed(tag for item in items for tag in item.tags)
            raise CorpusError(
                f"nothing in {manifest} has the id or tag {pattern!r}; ids: {ids}; tags: {tags}",
                hint=" ".join([*_like(items, pattern), f"choose by an id, a glob or a tag in {option}"]),
            )
    return tuple(item for item in items if not patterns or any(_is_named(item, pattern) for pattern in patterns))


def _is_named(item: Sample, pattern: str) -> bool:
    """Whether a pattern as a whole is the item's id or one of its tags, or a glob over its id."""
    return pattern == item.id or pattern in item.tags or fnmatchcase(item.id, pattern)


def _filtered(corpus: Corpus, pattern: str) -> set[str]:
    words = re.sub(r"\s*(<=|>=|<|>)\s*", r"\1", pattern).split()
    terms = [_term(corpus, word, pattern) for word in words]
    if not any(_FIELD.fullmatch(word) or _DURATION.fullmatch(word) for word in words):
        raise _nothing(corpus, pattern)
    # A clip without a duration matters only where the rest of the filter wants it.
    terms.sort(key=lambda term: getattr(term, "func", None) is _lasts)
    ids = {clip.id for clip in corpus.samples if all(term(clip) for term in terms)}
    if not ids:
        raise _nothing(corpus, pattern)
    return ids


def _term(corpus: Corpus, word: str, pattern: str) -> Term:
    """What one word of a filter asks of a clip.

    Raises:
        CorpusError: there is no such filter.
    """
    duration = _DURATION.fullmatch(word)
    if duration:
        compare, seconds = _COMPARISONS.get(duration[1]), _seconds(duration[2])
        if compare is None or seconds is None:
            raise CorpusError(
                f"the clip filter {pattern!r} does not compare the duration with a number of seconds",
                hint="write it as in duration<10, with <, <=, > or >=",
            )
        return partial(_lasts, compare, seconds, corpus, pattern)
    field = _FIELD.fullmatch(word)
    if field is None:
        return lambda clip: _is_named(clip, word)
    if field[1] not in _FIELDS:
        raise CorpusError(f"the clip filter {pattern!r} has no key {field[1]!r}", hint=f"choose by {ALLOWED}")
    return partial(_has, _FIELDS[field[1]], field[2])


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text.removesuffix("s"))
    except ValueError:
        return None
    return None if math.isnan(seconds) else seconds


def _has(values: Callable[[Clip], Iterable[str | None]], wanted: str, clip: Clip) -> bool:
    return any(value is not None and (value == wanted or fnmatchcase(value, wanted)) for value in values(clip))


def _lasts(compare: Callable[[float, float], bool], seconds: float, corpus: Corpus, pattern: str, clip: Clip) -> bool:
    if clip.seconds is None:
        raise CorpusError(
            f"{corpus.manifest}: clip {clip.id} states no duration, which the filter {pattern!r} needs",
            hint=f"write a manifest with durations: asrlab corpus import {corpus.manifest} FOLDER",
        )
    fits = compare(clip.seconds, seconds)
    if clip.is_segment and compare(clip.seconds - OVERSHOOT, seconds) != fits:
        return compare(seconds_in_file(clip) or 0.0, seconds)
    return fits


def _languages(clip: Clip) -> tuple[str, ...]:
    """A clip's language, also without its region: "pt" of "pt-BR"."""
    return (clip.language, primary(clip.language)) if clip.language else ()


_FIELDS: dict[str, Callable[[Clip], Iterable[str | None]]] = {
    "tag": lambda clip: clip.tags,
    "lang": _languages,
    "language": _languages,
    "group": lambda clip: (clip.group,),
    "id": lambda clip: (clip.id,),
}


def _nothing(corpus: Corpus, pattern: str) -> CorpusError:
    """What to say where no clip is chosen: the values that the named field has."""
    fields = [match[1] for word in pattern.split() if (match := _FIELD.fullmatch(word)) and match[1] in _FIELDS]
    if not fields and not _DURATION.search(pattern):
        known = _listed(tag for clip in corpus.samples for tag in clip.tags)
        return CorpusError(
            f"no clip of {corpus.manifest} has the id or tag {pattern!r}; tags: {known}",
            hint=next(_like(corpus.samples, pattern), f"choose by {ALLOWED}"),
        )
    values = "".join(
        f"; {field}: {_listed(value for clip in corpus.samples for value in _FIELDS[field](clip))}" for field in fields
    )
    return CorpusError(
        f"no clip of {corpus.manifest} matches the filter {pattern!r}{values}", hint=f"choose by {ALLOWED}"
    )


def _like(items: Iterable[Sample], pattern: str) -> Iterator[str]:
    """A question for the ids and tags that may be meant; nothing if none is similar."""
    names = {name.lower(): name for item in items for name in (item.id, *item.tags)}
    alike = [name for name in names if abs(len(name) - len(pattern)) <= _SLIP]
    near = [names[name] for name in get_close_matches(pattern.lower(), alike)]
    if near:
        yield f"did you mean {' or '.join(near)}?"


def _listed(values: Iterable[str | None]) -> str:
    return ", ".join(first_few(sorted({value for value in values if value is not None}), SHOWN)) or "none"


def seconds_in_file(clip: Clip) -> float | None:
    """How long a clip is; that of one that may be a part of its file by the file's header, if it can be read."""
    from asrlab_pytest.corpus.audio import header

    if not clip.may_be_part:
        return clip.seconds
    try:
        return header(clip)[0]
    except ClipError:
        return clip.seconds
