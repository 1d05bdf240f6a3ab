"""Names of files and utterances, which systems write in different Unicode forms: é in one code or in two."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from asrlab_pytest.grouping import grouped

Value = TypeVar("Value")


class ByName(dict[str, Value]):
    """Values by name, of which each is found under its name in any Unicode form. Not to be changed once it is used."""

    def key(self, name: str) -> str | None:
        """A name as it is written here; None if it is not here, or only in several other forms, so that none is meant.

        Args:
            name: In any form; the same one comes first.
        """
        if name in self:
            return name
        same = self.forms(name)
        return same[0] if len(same) == 1 else None

    def forms(self, name: str) -> Sequence[str]:
        """The names here that are this one in some Unicode form."""
        return () if name.isascii() else self._by_form.get(composed(name), ())

    def find(self, name: str) -> Value | None:
        """The value of a name in any Unicode form; None if there is none."""
        key = self.key(name)
        return None if key is None else self[key]

    @cached_property
    def _by_form(self) -> dict[str, list[str]]:
        return grouped((composed(name), name) for name in self)


def composed(name: str) -> str:
    """A name in the form that is the same for all forms of it (NFC)."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def if_other_form(name: str, other: str) -> str:
    """What to say of two forms of one name, which look the same, after the place of the other; empty for one form."""
    return "" if name == other else ", in another Unicode form"


def path_in(folder: Path, name: str) -> Path:
    """The path of a file by its name in a listing: as the file system writes it, where it differs in Unicode form.

    Args:
        folder: Where relative names start; it is taken as it is.
        name: Of a file, which may be missing, with its folders.
    """
    path = folder / name
    return path if name.isascii() else as_stored(path)


def is_ambiguous(path: Path) -> bool:
    """Whether a file is missing, and there are several whose names differ from its own in their Unicode form only."""
    return len(_names(path.parent).forms(path.name)) > 1


def as_stored(path: Path) -> Path:
    """A path as the file system writes it, where only that is there; else unchanged."""
    if str(path).isascii() or os.path.lexists(path):
        return path
    folder = as_stored(path.parent)
    return folder / (_names(folder).key(path.name) or path.name)


def _names(folder: Path) -> ByName[None]:
    try:
        return _names_at(folder, folder.stat().st_mtime_ns)
    except (OSError, ValueError):
        return ByName()


@lru_cache(maxsize=16)
def _names_at(folder: Path, mtime_ns: int) -> ByName[None]:  # noqa: ARG001 - a changed folder is another key
    return ByName((file.name, None) for file in folder.iterdir())
