"""The baseline: what models wrote at a commit, small enough to be kept in git and read in a diff.

JSON Lines: a line of where it comes from, a line for each text, sorted by model and clip, and a line for the times of
each model beside the reference model, where a speed gate measured them. A record and a pytest-benchmark JSON serve as
baselines too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from asrlab_pytest.content import refuse_device
from asrlab_pytest.records.baseline_lines import HeadLine, read_text, text_line
from asrlab_pytest.records.case_set import contradictions
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.identity import Identities, IdentitiesOf, stated, unstated
from asrlab_pytest.records.measured import PairedTimes, PeakMemory
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.reading import RecordError, parsed, read_run
from asrlab_pytest.records.record_file import BYTE_ORDER_MARK
from asrlab_pytest.records.rows_by_clip import rows_by_clip
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.stored_rows import by_model_id
from asrlab_pytest.records.upgrading import in_present_words
from asrlab_pytest.records.writing import write_record
from asrlab_pytest.validation import faults

SCHEMA = "asrlab-baseline/1.1"
OLDER = "asrlab-baseline/1.0"
"""What is still read: its tasks had other names."""
Texts = Mapping[str, Mapping[str, Observation]]
"""Observations by model id, then clip id. Of a baseline's own they have the text, and no cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a run is compared with."""

    path: Path
    commit: str | None
    texts: Texts
    times: Mapping[str, PairedTimes] = field(default_factory=dict)
    """Times paired with the reference model's, by model id, from a speed gate."""
    memory: Mapping[str, PeakMemory] = field(default_factory=dict)
    """Peak memory by model id."""
    missing: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Clips that the corpus had when it was written and that it has no text of, by model; no key where not known."""
    models: Mapping[str, Identities] = field(default_factory=dict)
    """Engine, weights, device and decoding of each model when it wrote its texts; no key where not known."""
    time: str | None = None
    """When it was made, ISO 8601."""

    @property
    def origin(self) -> str:
        """When and of which commit it was made, in words."""
        commit = f" ({self.commit[:7]})" if self.commit else ""
        return f"the baseline of {self.time[:10]}{commit}" if self.time else f"the baseline{commit}"

    def is_newer(self, model: str, clip: str) -> bool:
        """Whether a clip that it has no text of came into the corpus after it was written."""
        return model in self.missing and clip not in self.missing[model]

    @property
    def tasks(self) -> set[str]:
        """What its models were evaluated in."""
        return {stored.task for texts in self.texts.values() for stored in texts.values()}


def read_baseline(path: Path) -> Baseline:
    """Read a baseline, a record or a pytest-benchmark JSON.

    Raises:
        RecordError: there is no such file, it is none of these, a newer version wrote it, or a line is damaged: what
            is missing from a baseline would be taken for new.
    """
    if _first_line(path).get("kind") == "baseline":
        return _baseline(path)
    run = read_run(path)
    lost = [damage for damage in run.damages if not damage.is_tail]
    if lost:
        raise RecordError(f"the baseline {path} is damaged: {lost[0]}", hint="restore it, or record it again")
    return baseline_of(path, run)


_RESTORE = "restore it, or remove it and write it again with --asr-update-baseline"


def is_baseline(path: Path) -> bool:
    """Whether a file is a baseline of this package's own format, rather than a record or a pytest-benchmark JSON."""
    try:
        return _first_line(path).get("kind") == "baseline"
    except RecordError:
        return False


def refuse_unreadable(path: Path) -> None:
    """Refuse a file that no baseline can be read from, whatever it holds.

    Raises:
        RecordError: it is a pipe, a device or a pointer of Git LFS, or cannot be read.
    """
    _first_line(path)


def write_baseline(  # noqa: PLR0913
    path: Path,
    environment: Environment,
    texts: Texts,
    *,
    times: Mapping[str, PairedTimes] | None = None,
    memory: Mapping[str, PeakMemory] | None = None,
    missing: Mapping[str, Sequence[str]] | None = None,
    models: Mapping[str, Identities] | None = None,
) -> None:
    """Write a baseline whole, or not at all. Its head states how many texts follow, so that a cut file is found out.

    Raises:
        OSError: it cannot be written.
    """
    head = HeadLine(
        kind="baseline",
        schema=SCHEMA,
        time=environment.time,
        git=environment.git,
        corpus=environment.corpus,
        protocols=environment.protocols,
        texts=sum(map(len, texts.values())),
        times=len(times or {}),
        memory=len(memory or {}),
        missing={model: list(clips) for model, clips in (missing or {}).items()},
        clips={model: len(texts[model]) + len(clips) for model, clips in (missing or {}).items()},
        models={model: stated(of_clips) for model, of_clips in sorted((models or {}).items())},
    )
    lines = [head.as_json()]
    lines += [text_line(texts[model][clip]) for model in sorted(texts) for clip in sorted(texts[model])]
    lines += [{"kind": "times", "model": model, **row.as_json()} for model, row in sorted((times or {}).items())]
    lines += [{"kind": "memory", "model": model, **row.as_json()} for model, row in sorted((memory or {}).items())]
    write_record(path, lines)


def by_model(observations: Iterable[Observation]) -> Texts:
    """Observations by model id, then clip id."""
    return {model: rows_by_clip(rows) for model, rows in by_model_id(observations).items()}


def _first_line(path: Path) -> dict[str, Any]:
    if path.is_fifo():
        raise RecordError(f"the baseline {path} is a pipe, but is read twice", hint="write it to a file first")
    try:
        refuse_device(path)
        with path.open("rb") as file:
            line = file.readline().removeprefix(BYTE_ORDER_MARK)
    except OSError as error:
        hint = "correct its permissions, or name another file with --asr-baseline"
        if isinstance(error, FileNotFoundError):
            # Which tests the command runs is not known here: in most projects a plain "pytest" runs others.
            hint = "correct the path, or write it: add --asr-update-baseline to this command"
        raise RecordError(f"the baseline {path} cannot be read: {error.strerror}", hint=hint) from None
    if line.startswith(b"version https://git-lfs.github.com/spec/"):
        raise RecordError(f"the baseline {path} is a pointer of Git LFS", hint="fetch the file: git lfs pull")
    try:
        return parsed(line)
    except ValueError:
        return {}


def baseline_of(path: Path, run: Run) -> Baseline:
    """A run as what another is compared with."""
    texts = by_model(run.first_pass)
    return Baseline(
        path=path,
        commit=run.commit,
        texts=texts,
        missing={model: clips for model, clips in run.plan.items() if model not in texts},
        models={model: IdentitiesOf(rows) for model, rows in texts.items()},
        time=run.started or None,
    )


def _baseline(path: Path) -> Baseline:
    head = HeadLine(schema="")
    observations: list[Observation] = []
    places: list[int] = []
    times: dict[str, PairedTimes] = {}
    memory: dict[str, PeakMemory] = {}
    for number, line in enumerate(path.read_bytes().removeprefix(BYTE_ORDER_MARK).splitlines(), start=1):
        try:
            row = parsed(line)
            if OLDER in (row.get("schema"), head.schema_):
                row = in_present_words(row)
            if number == 1:
                head = _head(path, row)
            elif row.get("kind") == "text":
                observations.append(read_text(row))
                places.append(number)
            elif row["kind"] == "times":
                times[row["model"]] = PairedTimes.model_validate(row)
            elif row["kind"] == "memory":
                memory[row["model"]] = PeakMemory.model_validate(row)
            else:
                raise ValueError(f"unknown kind {row['kind']!r}; there are text, times, memory")  # noqa: TRY301
        except (ValueError, KeyError) as error:
            why = f"no key {error}" if isinstance(error, KeyError) else str(error)
            why = faults(error) if isinstance(error, ValidationError) else why
            raise RecordError(f"the baseline {path} is damaged: line {number}: {why}", hint=_RESTORE) from None
    texts = by_model(observations)
    _refuse_cut(path, head, texts, {"lines of times": len(times), "lines of memory": len(memory)})
    if contradiction := next(contradictions(observations, places, "line"), None):
        raise RecordError(
            f"the baseline {path} is damaged: {contradiction}", hint="keep the correct one, or write the baseline again"
        )
    return Baseline(
        path=path,
        commit=head.git.commit if head.git else None,
        texts=texts,
        missing=head.missing,
        models={model: unstated(identity, texts.get(model, ())) for model, identity in head.models.items()},
        time=head.time,
        times=times,
        memory=memory,
    )


def _refuse_cut(path: Path, head: HeadLine, texts: Texts, measured: Mapping[str, int]) -> None:
    """Refuse a file that lacks what it was written with: it would be taken for new, and not be compared."""
    counts = {"texts": sum(map(len, texts.values())), **measured}
    stated_counts = dict(zip(counts, (head.texts, head.times, head.memory), strict=True))
    known = {model: len(texts.get(model, ())) + len(head.missing.get(model, ())) for model in head.clips}
    cut = next((model for model, clips in head.clips.items() if known[model] < clips), None)
    short = next((noun for noun, count in counts.items() if count < stated_counts[noun]), None)
    if short is not None:
        why = f"its first line states {stated_counts[short]} {short}, and {counts[short]} follow"
    elif cut is not None:
        why = f"it was written with {head.clips[cut]} clips of {cut}, and has {known[cut]}"
    else:
        return
    raise RecordError(f"the baseline {path} is damaged: {why}", hint=_RESTORE)


def _head(path: Path, row: dict[str, Any]) -> HeadLine:
    if row.get("schema") not in (SCHEMA, OLDER):
        raise RecordError(
            f"{path}: its schema is {row.get('schema')!r}, and this asrlab-pytest reads {SCHEMA}",
            hint="upgrade asrlab-pytest: python -m pip install -U asrlab-pytest",
        )
    return HeadLine.model_validate(row)
