"""Texts by their ids, stored on disk, so that files of any length can be joined in little memory."""

from __future__ import annotations

import pickle
import sqlite3
import unicodedata
import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from asrlab_pytest.corpus.clip import refuse_long_text
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance

_CACHE_KB = 8_000
"""Memory limit of the database; the rest is in a temporary file."""


Placed = TypeVar("Placed", bound=Utterance | Hypothesis)


class TextsById(Mapping[str, Placed]):
    """Utterances or hypotheses by their ids, in order.

    Args:
        texts: What it holds at first.
        way_out: What to do about a duplicate id besides removing one of the two.

    Raises:
        CorpusError: an id is empty or duplicated, or a text is too long.
    """

    def __init__(self, texts: Iterable[Placed] = (), *, way_out: str = "give each line a unique id") -> None:
        self._way_out = way_out
        # A database without a name is a temporary file, deleted when it is closed.
        self._database = sqlite3.connect("", isolation_level=None)
        weakref.finalize(self, self._database.close)
        self._database.create_function("composed", 1, _composed, deterministic=True)
        self._database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -{_CACHE_KB};"
            "CREATE TABLE texts (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text BLOB NOT NULL); BEGIN"
        )
        for text in texts:
            self.add(text)

    def add(self, text: Placed) -> None:
        """Add a text at the end.

        Raises:
            CorpusError: its id is empty, or another text has it, or it is too long.
        """
        refuse_long_text(text.text, text.where)
        if not text.id.strip():
            raise CorpusError(f"{text.where}: the id is empty", hint="give each line a unique id")
        try:
            self._database.execute("INSERT INTO texts (id, text) VALUES (?, ?)", (_key(text.id), pickle.dumps(text)))
        except sqlite3.IntegrityError:
            raise CorpusError(
                f"{text.where}: the id {text.id!r} is already in {self[text.id].where}",
                hint=f"{self._way_out}, or remove one of the two",
            ) from None

    def rename(self, name: str, new: str) -> None:
        """Move a text to another id, which must be free."""
        self._database.execute("UPDATE texts SET id = ? WHERE id = ?", (_key(new), _key(name)))

    def composed_like(self, name: str) -> str | None:
        """The last id that is equal after Unicode composition; None if there is none."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_composed ON texts (composed(id))")
        row = self._database.execute(
            "SELECT id FROM texts WHERE composed(id) = ? ORDER BY place DESC", (_composed(_key(name)),)
        ).fetchone()
        return None if row is None else _name(row[0])

    def in_order_of_ids(self) -> Iterator[Placed]:
        """The texts, sorted by their ids."""
        return (_text(row[0]) for row in self._database.execute("SELECT text FROM texts ORDER BY id"))

    def __getitem__(self, name: str) -> Placed:
        row = self._database.execute("SELECT text FROM texts WHERE id = ?", (_key(name),)).fetchone()
        if row is None:
            raise KeyError(name)
        text: Placed = _text(row[0])
        return text

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        return self._database.execute("SELECT 1 FROM texts WHERE id = ?", (_key(name),)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        return (_name(row[0]) for row in self._database.execute("SELECT id FROM texts ORDER BY place"))

    def __len__(self) -> int:
        count: int = self._database.execute("SELECT count(*) FROM texts").fetchone()[0]
        return count


def _text(content: bytes) -> Placed:  # type: ignore[type-var]
    text: Placed = pickle.loads(content)  # noqa: S301 - this process wrote it
    return text


def _key(name: str) -> bytes:
    """An id as bytes, in the same sort order. JSON may hold half a surrogate pair."""
    return name.encode("utf-8", "surrogatepass")


def _name(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")


def _composed(key: bytes) -> bytes:
    return _key(unicodedata.normalize("NFC", _name(key)))
