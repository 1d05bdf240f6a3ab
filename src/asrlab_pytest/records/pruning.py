"""What the store holds, and how it is kept from growing for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.speech import is_kept
from asrlab_pytest.records.store import Store, begun, writer_of

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
    old = tuple(
        path for path in records if (moment := begun(path)) and moment < before and not _is_needed(path, moment)
    )
    needed = set(_told_of(path for path in records if path not in old))
    files = (path for path in _speech_files(speech) if _written(path) < before)
    return Stock(old, tuple(path for path in files if speech and path.relative_to(speech).as_posix() not in needed))


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


def _told_of(records: Iterable[Path]) -> Iterator[str]:
    """The speech files that records refer to, relative to the speech folder."""
    for path in records:
        for observation in read_run(path, empty=True, ambiguous=True).observations:
            spoken = observation.spoken.utterances if observation.spoken else ()
            yield from (utterance.file for utterance in spoken if utterance.file is not None)


def _is_needed(record: Path, moment: datetime) -> bool:
    """Whether a run that began then goes on: its process may also be in a container or on another machine."""
    is_new = datetime.now(UTC) - _written(record) < _LATELY
    return is_at_work(record, moment) or (is_new and not _is_ended(record))


def _is_ended(record: Path) -> bool:
    return read_run(record, empty=True, ambiguous=True).is_ended


def is_at_work(record: Path, moment: datetime) -> bool:
    """Whether the process that began a record at a moment still writes to it."""
    import psutil

    try:
        started = psutil.Process(writer_of(record)).create_time()
    except (psutil.Error, ValueError, OverflowError):
        return False
    # A process that started later only has the number of the one that wrote.
    return started <= moment.timestamp() and not _is_ended(record)


def _speech_files(speech: Path | None) -> list[Path]:
    """The files that were kept there: the folder may be one of the user's, with recordings of their own."""
    files = speech.glob("*/*.wav") if speech else ()
    return sorted(path for path in files if is_kept(path))


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _size(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())
