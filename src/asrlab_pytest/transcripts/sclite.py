"""The files of NIST's sclite: trn, stm and ctm.

Format: the documentation of SCTK, "Input file formats". Lines that begin with ``;;`` are comments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from asrlab_pytest.corpus.json_lines import speaker_of
from asrlab_pytest.corpus.readers.listing import seconds_of, text_lines
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.grouping import grouped
from asrlab_pytest.protocols.normalization.annotations import drop_hesitations
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance

_TRN = re.compile(r"(.*)\(([^()\s]+)\)\s*")
_LABEL = re.compile(r"<(?:[^<>\s]*,[^<>\s]*|[A-Z0-9_]+|o)>(?:\s+|$)")
"""A label of categories, such as ``<o,f0,male>`` or ``<NA>``, but not a word such as ``<unk>``."""
_GROUP = re.compile(r"\{([^{}]*)\}")
_IGNORED = frozenset({"ignore_time_segment_in_scoring", "excluded_region"})
"""Transcripts of segments that are not scored, whatever is written there."""
_CHANNELS = {"a": "1", "b": "2"}
_CONFIDENCE = re.compile(r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?|-|<?na>?", re.IGNORECASE)
_OTHER = frozenset({"<alt_begin>", "<alt>", "<alt_end>"})


class Segment(NamedTuple):
    """A stretch of a recording with what was said in it."""

    where: str
    file: str
    channel: str
    speaker: str
    start: float
    end: float
    text: str
    name: str
    """File, channel and times as the line has them."""

    @property
    def is_ignored(self) -> bool:
        return self.text.strip().lower() in _IGNORED


class TimedWord(NamedTuple):
    """A word of a ctm."""

    where: str
    file: str
    channel: str
    start: float
    seconds: float
    text: str

    @property
    def middle(self) -> float:
        return self.start + self.seconds / 2


def trn_utterances(path: Path) -> Iterator[Utterance]:
    """The references of a trn.

    Raises:
        CorpusError: a line has no id at its end.
    """
    for where, utterance, text in _trn(path):
        yield Utterance(id=utterance, text=alternatives(text, where), where=where)


def trn_hypotheses(path: Path) -> Iterator[Hypothesis]:
    """The hypotheses of a trn.

    Raises:
        CorpusError: a line has no id at its end.
    """
    for where, utterance, text in _trn(path):
        yield Hypothesis(id=utterance, text=_one_text(text, where), where=where)


def _trn(path: Path) -> Iterator[tuple[str, str, str]]:
    for where, line in _lines(path):
        match = _TRN.fullmatch(line)
        if match is None:
            raise CorpusError(f"{where}: no id in parentheses at the end", hint="write it as in: hello there (clip-1)")
        yield where, match[2], match[1].strip()


def stm_segments(path: Path) -> list[Segment]:
    """The segments of an stm, those that are not scored included.

    Raises:
        CorpusError: a line has too few fields, a time is not a number, or two segments of a channel overlap.
    """
    segments = [_segment(where, line) for where, line in _lines(path)]
    _refuse_overlaps(segments)
    return segments


def _segment(where: str, line: str) -> Segment:
    fields = line.split(maxsplit=5)
    if len(fields) < 5:  # noqa: PLR2004
        raise CorpusError(
            f"{where}: not of the form file channel speaker begin end <label> text", hint="complete the line"
        )
    start, end = (_seconds(field, name, where) for field, name in zip(fields[3:5], ("begin", "end"), strict=True))
    if end <= start:
        raise CorpusError(f"{where}: the end ({fields[4]}) must be after the begin ({fields[3]})", hint="correct it")
    text = "".join(fields[5:])
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    name = "-".join([*fields[:2], *fields[3:5]])
    return Segment(where, fields[0], _channel(fields[1]), fields[2], start, end, text, name)


def _refuse_overlaps(segments: Iterable[Segment]) -> None:
    last: Segment | None = None
    for current in sorted(segments, key=lambda segment: (segment.file, segment.channel, segment.start, segment.end)):
        is_near = last is not None and (last.file, last.channel) == (current.file, current.channel)
        if last is not None and is_near and current.start < last.end:
            raise CorpusError(
                f"{current.where}: the segment overlaps that of {last.where}, so words cannot be assigned",
                hint="put the speakers on channels of their own, or split the segments",
            )
        last = current


def stm_utterances(segments: Sequence[Segment]) -> Iterator[Utterance]:
    """The references of an stm, without the segments that are not scored."""
    for segment, name in _scored(segments):
        yield Utterance(
            id=name,
            text=alternatives(segment.text, segment.where),
            where=segment.where,
            group=speaker_of(segment.speaker),
            seconds=segment.end - segment.start,
        )


def stm_hypotheses(path: Path) -> Iterator[Hypothesis]:
    """An stm read as hypotheses."""
    for segment, name in _scored(stm_segments(path)):
        yield Hypothesis(id=name, text=_one_text(segment.text, segment.where), where=segment.where)


def _scored(segments: Sequence[Segment]) -> Iterator[tuple[Segment, str]]:
    named = zip(segments, segment_ids(segments), strict=True)
    return ((segment, name) for segment, name in named if not segment.is_ignored)


def segment_ids(segments: Sequence[Segment]) -> list[str]:
    """An id for each segment: its file where that has one segment alone, else file, channel and times."""
    counts = Counter(segment.file for segment in segments)
    return [segment.file if counts[segment.file] == 1 else segment.name for segment in segments]


def ctm_words(path: Path) -> list[TimedWord]:
    """The words of a ctm.

    Raises:
        CorpusError: a line has too few fields, a time is not a number, or the file holds alternatives.
    """
    return [_word(where, line) for where, line in _lines(path)]


def _word(where: str, line: str) -> TimedWord:
    fields = line.split()
    if len(fields) < 5:  # noqa: PLR2004
        raise CorpusError(
            f"{where}: not of the form file channel start duration word", hint="complete the line, or remove it"
        )
    if fields[4].lower() in _OTHER:
        raise _has_alternatives(where)
    if len(fields) > 5 and not _CONFIDENCE.fullmatch(fields[5]):  # noqa: PLR2004
        raise CorpusError(
            f"{where}: {fields[5]!r} stands where the confidence of the word {fields[4]!r} belongs",
            hint="write one word a line, each with its own start and duration",
        )
    start, seconds = (
        _seconds(field, name, where) for field, name in zip(fields[2:4], ("start", "duration"), strict=True)
    )
    return TimedWord(where, fields[0], _channel(fields[1]), start, seconds, drop_hesitations(fields[4]))


def ctm_hypotheses(words: Sequence[TimedWord]) -> Iterator[Hypothesis]:
    """The words of each recording as one text; of each channel where a recording has several."""
    channels = Counter(file for file, _ in {(word.file, word.channel) for word in words})
    texts = grouped((word.file if channels[word.file] == 1 else f"{word.file}-{word.channel}", word) for word in words)
    for name, entries in texts.items():
        yield Hypothesis(id=name, text=_joined(entries), where=entries[0].where)


def hypotheses_in(segments: Sequence[Segment], words: Sequence[TimedWord]) -> tuple[list[Hypothesis], list[Hypothesis]]:
    """The words of a ctm as the texts of an stm's segments.

    A word belongs to the segment that its middle lies in. A segment without words has an empty text, in a recording
    that the ctm has words of.

    Returns:
        The text of each segment that is scored, and the words that lie in no segment at all.
    """
    names = segment_ids(segments)
    places = grouped(
        ((segment.file, segment.channel), (segment.start, number)) for number, segment in enumerate(segments)
    )
    texts: dict[int, list[TimedWord]] = {number: [] for number in range(len(segments))}
    lost = []
    for starts in places.values():
        starts.sort()
    for word in words:
        starts = places.get((word.file, word.channel), [])
        place = bisect_right(starts, (word.middle, len(segments))) - 1
        if place >= 0 and word.middle <= segments[starts[place][1]].end:
            texts[starts[place][1]].append(word)
        elif word.text:
            lost.append(Hypothesis(id=f"{word.file} at {word.start:g} s", text=word.text, where=word.where))
    files = {word.file for word in words}
    hypotheses = [
        Hypothesis(id=names[number], text=_joined(said), where=said[0].where if said else segments[number].where)
        for number, said in texts.items()
        if segments[number].file in files and not segments[number].is_ignored
    ]
    return hypotheses, lost


def _joined(words: Iterable[TimedWord]) -> str:
    return " ".join(word.text for word in sorted(words, key=lambda word: word.start) if word.text)


def alternatives(text: str, where: str) -> str:
    """A text with sclite's alternatives, ``{ okay / o k / @ }``, written as ours: ``{okay|o k|}``.

    Raises:
        CorpusError: alternatives are nested, or a brace is not closed.
    """
    text = " ".join(drop_hesitations(text).split())
    written = _GROUP.sub(lambda match: f"{{{'|'.join(map(_alternative, match[1].split('/')))}}}", text)
    if re.search(r"[{}]", _GROUP.sub("", written)):
        raise CorpusError(f"{where}: alternatives within alternatives, or a brace that is not closed", hint="unfold it")
    return written


def _one_text(text: str, where: str) -> str:
    """The text of a hypothesis.

    Raises:
        CorpusError: it holds alternatives.
    """
    if _GROUP.search(text):
        raise _has_alternatives(where)
    return " ".join(drop_hesitations(text).split())


def _has_alternatives(where: str) -> CorpusError:
    return CorpusError(f"{where}: a hypothesis with alternatives", hint="keep one of them")


def _alternative(text: str) -> str:
    text = " ".join(text.split())
    return "" if text == "@" else text


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in text_lines(path):
        if not line.lstrip().startswith(";;"):
            yield f"{path}:{number}", line


def _channel(name: str) -> str:
    return _CHANNELS.get(name.lower(), name)


def _seconds(field: str, name: str, where: str) -> float:
    seconds = seconds_of(field, name, where)
    assert seconds is not None
    return seconds
