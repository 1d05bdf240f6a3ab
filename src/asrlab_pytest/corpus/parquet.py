"""Parquet files, the tables in which the hub keeps data sets: whether a path has any, and what is wrong with them."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

from asrlab_pytest.corpus.audio_file import pointer
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.languages import NAMES, primary
from asrlab_pytest.wording import first_few, many

_SUFFIX = ".parquet"
_PLACES = ("*.parquet", "*/*.parquet", "*/*/*.parquet")
"""In a folder, in one for each part or configuration in it, or in one for each part of each configuration."""
_COUNTED = re.compile(r"(?P<split>.+)-(?P<number>\d{5})-of-(?P<all>\d{5})\b.*\.parquet$", re.IGNORECASE)
"""The name of one of several tables."""
_SHOWN = 3
_MARK = b"PAR1"
"""The first and the last bytes of a table."""
_HEAD = 64
_LANGUAGE = re.compile("[a-z]{2,3}([-_][A-Za-z]{2,4})?")
"""The name of a folder that may be a language: de, de_DE, zh-Hans."""


def is_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, by its name."""
    return path.suffix.lower() == _SUFFIX and path.is_file()


def has_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, or a folder with the tables of a data set as they are on the hub."""
    return is_parquet(path) or any(any(path.glob(names)) for names in _PLACES)


def refuse_unreadable(path: Path) -> None:
    """Raises CorpusError where one of the Parquet files of a path is none by its first and last bytes."""
    for file in _files(path):
        with file.open("rb") as table:
            head = table.read(_HEAD)
            table.seek(max(0, file.stat().st_size - len(_MARK)))
            tail = table.read()
        tool, command = pointer(head) or (None, "")
        if tool is not None:
            raise CorpusError(f"{file} is a {tool} pointer, not the table itself", hint=command)
        if not head.startswith(_MARK) or tail != _MARK:
            raise CorpusError(f"{file} is {'truncated or damaged' if head else 'empty'}", hint="fetch it again")


def refuse_missing(path: Path, split: str | None, config: str | None) -> None:
    """Raises CorpusError where a folder lacks a table that the names of others count, as after a broken download.

    Args:
        path: The folder.
        split: The part that is read; None for all.
        config: The configuration that is read; None for all.
    """
    counted: dict[tuple[Path, str, int], set[int]] = {}
    for file in _files(path):
        name = _COUNTED.match(file.name)
        if name is not None and config in {None, *file.relative_to(path).parts}:
            counted.setdefault((file.parent, name["split"], int(name["all"])), set()).add(int(name["number"]))
    for (folder, part, count), numbers in counted.items():
        if split in {None, part}:
            # Some writers count from 1.
            first = int(max(numbers) == count)
            missing = sorted({*range(first, first + count)} - numbers)
            if missing:
                names = first_few([f"{part}-{number:05}-of-{count:05}.parquet" for number in missing], _SHOWN)
                raise CorpusError(
                    f"{folder} lacks {many(len(missing), 'table')} of {count}: {', '.join(names)}",
                    hint="run hf download again, or pass the path of the one table that is meant",
                )


def refuse_languages(path: Path) -> None:
    """Raises CorpusError where the Parquet files of a folder lie in folders of several languages.

    Of these, `datasets` makes one data set, which is meant only where a data card says so.
    """
    card = path / "README.md"
    if card.is_file() and "data_files" in card.read_text(encoding="utf-8", errors="replace"):
        return
    folders = {file.parent.name: file.parent for file in _files(path) if file.parent != path}
    languages = [name for name in folders if _LANGUAGE.fullmatch(name) and primary(name) in NAMES]
    if len({primary(name) for name in languages}) > 1:
        raise CorpusError(
            f"{path} has tables of several languages, without a column of it: {', '.join(languages)}",
            hint=f"pass the folder of one: {folders[languages[0]]}",
        )


def _files(path: Path) -> list[Path]:
    return [path] if is_parquet(path) else sorted(chain.from_iterable(path.glob(names) for names in _PLACES))
