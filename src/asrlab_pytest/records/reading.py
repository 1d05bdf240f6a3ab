"""Reads a run from a record, from a pytest-benchmark JSON, or from a store, whatever state the file is in."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.measure.machine import return_large_blocks
from asrlab_pytest.records.case_set import contradictions, repeated
from asrlab_pytest.records.environment import Environment, Plan
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.lines import read_line
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.packed_names import PackedNames
from asrlab_pytest.records.record_file import FileLine, RecordFile
from asrlab_pytest.records.run import Damage, Run
from asrlab_pytest.records.state import EndLine
from asrlab_pytest.records.stored_rows import RowTable, StoredRows, chosen
from asrlab_pytest.records.upgrading import OLDEST, SCHEMA, VERSION, upgraded
from asrlab_pytest.validation import unique_keys


class RecordError(AsrlabError):
    """A record, store or pytest-benchmark JSON cannot be used."""


def read_run(path: Path, *, empty: bool = False, ambiguous: bool = False) -> Run:
    """Read a record or a pytest-benchmark JSON.

    Lines that cannot be used are left out and are in `damages`; those with a case that the file already has, in
    `repeated`.

    Args:
        path: The file.
        empty: Whether a file without an observation will do.
        ambiguous: Whether a file that has other texts for the same case will do. All of them are read.

    Raises:
        RecordError: there is no such file, it is neither of the two, it holds no observation or other texts for the
            same case, or a newer version of this package wrote it.
    """
    with refusing_unreadable(path):
        file = RecordFile(path)
        document = file.document()
    run = _from_record(path, file) if document is None else _from_benchmark(path, document)
    if not (empty or run.observations or run.failures):
        first = f" ({run.damages[0]})" if run.damages else ""
        raise RecordError(
            f"{path} holds no observation{first}", hint="name a file that --asr-record or --benchmark-json wrote"
        )
    if not ambiguous:
        _leave_out_repeated(run)
    return run


def _leave_out_repeated(run: Run) -> None:
    """Keep the first observation of each case, so that no figure counts a case twice.

    Raises:
        RecordError: a case has different texts.
    """
    problems = dict(repeated(run.observations, run.places, run.unit))
    if problems and (contradiction := next(contradictions(run.observations, run.places, run.unit), None)):
        raise RecordError(f"{run.path}: {contradiction}", hint="keep the correct one, or record the run again")
    if problems:
        places, numbers = run.places, count()
        run.repeated = [Damage(places[number], problem, unit=run.unit) for number, problem in problems.items()]
        run.observations = chosen(run.observations, lambda _: next(numbers) not in problems)
        run.places = [place for number, place in enumerate(places) if number not in problems]


@contextmanager
def refusing_unreadable(path: Path) -> Iterator[None]:
    """Raises RecordError where the system cannot read a file within."""
    try:
        yield
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror}", hint="name a file that --asr-record or --benchmark-json wrote"
        ) from None


def read_observed(path: Path) -> Run:
    """Read a record or a pytest-benchmark JSON of which figures can be made.

    Raises:
        RecordError: as in `read_run`, or it holds failures alone.
    """
    run = read_run(path)
    if not run.first_pass:
        raise RecordError(
            f"{path} holds no observation that could be scored: its cases failed",
            hint=f"see what the run came to: asrlab report {shlex.quote(str(path))}",
        )
    return run


def parsed(line: bytes) -> dict[str, Any]:
    """One line as an object.

    Raises:
        ValueError: it is none; the message says why.
    """
    try:
        text = line.decode("utf-8")
        del line
        row = _DECODER.decode(text)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON (column {error.colno}: {error.msg.removesuffix(' starting at')})") from None
    except RecursionError:
        raise ValueError("not JSON that can be read (nested too deeply)") from None
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one kind of error for all that a line can be
    return row


def _no_number(name: str) -> None:
    """Python's reader takes NaN and Infinity; JSON has no such numbers."""
    raise ValueError(f"not JSON ({name} is not a number)")


_DECODER = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=unique_keys)


def version_of(schema: Any, path: Path) -> tuple[int, int]:
    """The version that a schema's name states.

    Raises:
        RecordError: it is unknown, or newer than this package.
    """
    match = re.fullmatch(r"asrlab-record/(\d+)\.(\d+)", schema) if isinstance(schema, str) else None
    if match is None:
        raise RecordError(f"{path}: its schema {schema!r} is not one of asrlab-record", hint="record the run again")
    version = (int(match[1]), int(match[2]))
    if version > VERSION:
        raise RecordError(
            f"{path}: a newer asrlab-pytest wrote it ({schema}; this one reads up to {SCHEMA})",
            hint="upgrade asrlab-pytest: python -m pip install -U asrlab-pytest",
        )
    return version


def _from_record(path: Path, file: RecordFile) -> Run:
    if file.is_large:
        return_large_blocks()
    run, table = Run(path=path), RowTable(file)
    for line, version, observation in lines_of_record(run, file):
        if observation is not None:
            table.append(observation, line, version)
    run.observations, run.places = StoredRows(table), table.numbers
    _share_clips(run.environment, table.clips.different)
    return run


def _share_clips(environment: Environment | None, clips: PackedNames) -> None:
    """Keep the ids once if the plan has the same, as of models whose clips were all transcribed in order."""
    if environment and (plan := environment.plan):
        environment.plan = {model: clips if planned == clips else planned for model, planned in plan.items()}


class Start(NamedTuple):
    """Where reading a record continues."""

    byte: int = 0
    lines: int = 0
    """Number of lines before it."""
    # Without an environment line nothing says the version: then keys that later ones added may be missing.
    version: tuple[int, int] = OLDEST


_BEGINNING = Start()


def lines_of_record(
    run: Run, file: RecordFile, start: Start = _BEGINNING
) -> Iterator[tuple[FileLine, tuple[int, int], Observation | None]]:
    """The lines of a record, each with its version and observation; other contents are added to the run.

    Raises:
        RecordError: a newer version of this package wrote the record.
    """
    version = start.version
    for line in file.lines(start.byte, start.lines):
        observation = None
        try:
            row = parsed(line.take())
        except ValueError as error:
            problem = f"{error}; unfinished" if line.is_tail else str(error)
            run.damages.append(Damage(line.number, problem, line.is_tail))
        else:
            if row.get("kind") == "environment":
                version = run.version = version_of(row.get("schema"), run.path)
            observation = _take(run, upgraded(row, version), line.number)
        yield line, version, observation


def _take(run: Run, row: dict[str, Any], place: int, unit: str = "line") -> Observation | None:
    """The observation of a line; other contents and problems are added to the run."""
    try:
        line = read_line(row)
    except ValueError as error:
        run.damages.append(Damage(place, str(error), unit=unit))
        return None
    match line:
        case Observation():
            return line
        case Environment():
            _take_environment(run, line, place, unit)
        case Failure():
            run.failures.append(line)
        case EndLine():
            run.models, run.verdict, run.is_ended = line.models, line.verdict, True
    return None


def _take_environment(run: Run, environment: Environment, place: int, unit: str) -> None:
    if run.environment is not None:
        joined = "a second environment, as files were concatenated; merge them with: asrlab merge"
        run.damages.append(Damage(place, joined, unit=unit))
        return
    run.environment = environment
    if environment.plan:
        environment.plan = _packed(environment.plan)


def _packed(plan: Plan) -> Plan:
    """The plan with equal lists stored once: usually all models transcribe the same clips."""
    packed: list[tuple[Sequence[str], PackedNames]] = []
    names_of: dict[str, PackedNames] = {}
    for model, clips in plan.items():
        names = next((names for known, names in packed if known == clips), None)
        if names is None:
            packed.append((clips, names := PackedNames(clips)))
        names_of[model] = names
    return names_of


def _from_benchmark(path: Path, document: dict[str, Any]) -> Run:
    """The cases that were timed, and those that were not, from the file's own key."""
    head = _dict(document.get("asrlab"))
    run = Run(path=path, is_ended=True, unit="case")
    version = OLDEST
    environment = _dict(head.get("environment"))
    if environment:
        version = run.version = version_of(environment.get("schema", "asrlab-record/0.1"), path)
        # An older file has only the cases that were timed.
        plan = environment.get("plan") if "observations" in head else None
        _take(run, upgraded({**environment, "plan": plan, "kind": "environment"}, version), 0, "environment")
    end = {"kind": "end", "time": "", "models": head.get("models", {}), "verdict": head.get("verdict")}
    _take(run, upgraded(end, version), 0, "end")
    timed = (_dict(_dict(benchmark).get("extra_info")).get("asr") for benchmark in document["benchmarks"])
    observations = []
    for number, row in enumerate(_dicts([*timed, *_list(head.get("observations"))]), start=1):
        case = upgraded({"transcript": None, **row, "kind": "observation"}, version)
        observations.append((_take(run, case, number, "case"), number))
    usable = [(row, number) for row, number in observations if row is not None]
    run.observations, run.places = [row for row, _ in usable], [number for _, number in usable]
    for number, row in enumerate(_dicts(_list(head.get("failures"))), start=1):
        _take(run, upgraded({**row, "kind": "failure"}, version), number, "failure")
    return run


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))
