"""What the store holds, and how it is kept from growing for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.speech import is_kept
from asrlab_pytest.records.store import Store, begun, process_of, run_of

_LATELY = timedelta(hours=1)
"""How long a run may take for one clip."""


@dataclass(frozen=True, slots=True)
class Stock:
    """Some files of the store."""

    records: tuple[Path, ...]
    """The oldest first."""
    speech: tuple[Path, ...]
    """What models said."""

    @property
    def record_bytes(self) -> int:
        return _size(self.records)

    @property
    def speech_bytes(self) -> int:
        return _size(self.speech)


def stock(store: Store, speech: Path | None) -> Stock:
    """All that is in the store.

    Args:
        store: The project's.
        speech: The folder that speech is kept in; None if none is.
    """
    return Stock(tuple(store.paths()), tuple(_speech_files(speech)))


def outdated(store: Store, speech: Path | None, before: datetime) -> Stock:
    """What may be deleted: records begun before a moment, and older speech that no remaining record refers to.

    Args:
        store: The project's.
        speech: The folder that speech is kept in; None if none is.
        before: With a time zone. Files of a run that is still going are kept.

    Raises:
        RecordError: a newer version of this package wrote a record that stays.
    """
    records = store.paths()
    runs = grouped((run_of(path), path) for path in records if begun(path))
    needed = {path for paths in runs.values() if _goes_on(paths) for path in paths}
    old = tuple(path for path in records if (moment := begun(path)) and moment < before and path not in needed)
    return Stock(old, tuple(_unneeded_speech(speech, before, old, [path for path in records if path not in old])))


def remove(old: Stock) -> None:
    """Delete the files, and folders of speech that are empty then.

    Raises:
        OSError: one cannot be deleted; those before it are.
    """
    for path in (*old.records, *old.speech):
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in old.speech}:
        if not any(folder.iterdir()):
            folder.rmdir()


def _unneeded_speech(
    speech: Path | None, before: datetime, old: Iterable[Path], others: Iterable[Path]
) -> Iterator[Path]:
    """Speech from before a moment that no other record refers to.

    Speech of the last hour is needed unless an old record refers to it: a run saves it, and then has it judged before
    the record refers to it.
    """
    files = [path for path in _speech_files(speech) if _written(path) < before]
    needed = set(_told_of(others))
    known = set(_told_of(old)) if any(map(_is_new, files)) else set()
    for path in files:
        name = path.relative_to(speech).as_posix() if speech else ""
        if name not in needed and (name in known or not _is_new(path)):
            yield path


def _told_of(records: Iterable[Path]) -> Iterator[str]:
    """The speech files that records refer to, relative to the speech folder."""
    for path in records:
        for observation in read_run(path, empty=True, ambiguous=True).observations:
            spoken = observation.spoken.utterances if observation.spoken else ()
            yield from (utterance.file for utterance in spoken if utterance.file is not None)


def _goes_on(records: Sequence[Path]) -> bool:
    """Whether the run of these records goes on: its process may also be in a container or on another machine.

    A record ends with the process that wrote it, and a worker of xdist ends before its run. A process that is alive may
    have another's number, or do something else by now. So each sign alone proves nothing, but two of them do.
    """
    is_new = any(_is_new(record) for record in records)
    is_alive = has_process(records[0])
    return (is_new and is_alive) or ((is_new or is_alive) and not all(map(_is_ended, records)))


def _is_ended(record: Path) -> bool:
    return read_run(record, empty=True, ambiguous=True).is_ended


def has_process(record: Path) -> bool:
    """Whether the process of the run that a record of the store is of is still alive."""
    import psutil

    moment = begun(record)
    try:
        started = psutil.Process(process_of(run_of(record))).create_time()
    except (psutil.Error, ValueError, OverflowError):
        return False
    # A process that started later only has the number of the run's.
    return moment is not None and started <= moment.timestamp()


def _speech_files(speech: Path | None) -> list[Path]:
    """The files that were kept there: the folder may be one of the user's, with recordings of their own."""
    files = speech.glob("*/*.wav") if speech else ()
    return sorted(path for path in files if is_kept(path))


def _is_new(path: Path) -> bool:
    return datetime.now(UTC) - _written(path) < _LATELY


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _size(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())
