"""Reads a file of JSON lines: one object a line, every fault named with file and line."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Generic, TypeVar

from pydantic import ValidationError

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.names import composed, if_other_form, path_in
from asrlab_pytest.corpus.samples import Sample, SampleSet
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.languages import HINT, language_code
from asrlab_pytest.validation import ONE_OF_BOTH, RepeatedKeyError, adapter_of, faults, refuse_repeated_keys

_ENCODINGS = {
    "UTF-32": re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff"),
    "UTF-16": re.compile(rb"\xff\xfe|\xfe\xff"),
    "UTF-32LE": re.compile(rb"[^\0]\0\0\0"),
    "UTF-32BE": re.compile(rb"\0\0\0[^\0]"),
    "UTF-16LE": re.compile(rb"[^\0]\0"),
    "UTF-16BE": re.compile(rb"\0[^\0]"),
}
"""How a file in each encoding begins, with a byte order mark or with a character of ASCII."""


Line = TypeVar("Line")
Item = TypeVar("Item", bound=Sample)


@dataclass(frozen=True, kw_only=True)
class Form(Generic[Line, Item]):
    """What the lines of a file are, and what to do with them."""

    file_name: str
    """What the file is called in a folder."""
    line: type[Line]
    """The keys of a line, as a dataclass."""
    make: Callable[[Line, Path, str, str | None], Item]
    """Makes the item of a line, given the folder that paths start from, what messages call the line, and the language
    of lines that state none."""
    noun: str
    """What messages call an item."""
    known: tuple[str, ...]
    """Key names to offer where an unknown one looks like a slip."""
    example: str
    """A sample line, for the message that the file is empty."""
    missing: str
    """What is missing without the file, for messages."""
    hint: str = ""
    """What to do then; empty to write the file, of lines such as the sample."""

    def read(self, path: Path, language: str | None = None) -> SampleSet[Item]:
        """Read what a file lists, one sample at least. No audio is opened.

        Args:
            path: The file, or its folder.
            language: Of the samples that state none.

        Raises:
            CorpusError: there is no such file, it is empty, a line is wrong, or an id is duplicated.
        """
        file = path / self.file_name if path.is_dir() else path
        if not file.is_file():
            if file.name == self.file_name:
                refuse_another_list(file.parent, self.noun)
            why = "it does not exist" if file == path else f"it has no {self.file_name}"
            hint = self.hint or f"write a {self.file_name} of lines such as {self.example}"
            raise CorpusError(f"no {self.missing} at {path}: {why}", hint=hint)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CorpusError(f"{file} cannot be read: {error.strerror}", hint="let this user read it") from None
        items = tuple(self._items(file, content, language))
        if not items:
            raise CorpusError(f"{file} lists no {self.noun}s", hint=f"add lines such as {self.example}")
        return SampleSet(real_path(file).parent.name, file, hashlib.sha256(content).hexdigest(), items)

    def _items(self, file: Path, content: bytes, language: str | None) -> Iterator[Item]:
        numbers: dict[str, tuple[str, int]] = {}
        for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
            if not line.strip():
                continue
            item = self.item(line, file, number, language)
            known, first = numbers.setdefault(composed(item.id), (item.id, number))
            if first != number:
                raise CorpusError(
                    f"{file}:{number}: {self.noun} id {item.id!r} is already in line {first}"
                    f"{if_other_form(item.id, known)}",
                    hint='give each line a unique "id"',
                )
            yield item

    def item(self, line: bytes, file: Path, number: int, language: str | None) -> Item:
        """The item of a line.

        Raises:
            CorpusError: the line is wrong.
        """
        where = f"{file}:{number}"
        try:
            refuse_repeated_keys(text_of(line, file, where))
            entry = adapter_of(self.line).validate_json(line)
        except RepeatedKeyError as error:
            raise CorpusError(f"{where}: {error}", hint=ONE_OF_BOTH) from None
        except ValidationError as error:
            refuse_layout(line.decode("utf-8", "replace"), file, where)
            is_incomplete = any(fault["type"] in _INCOMPLETE for fault in error.errors(include_url=False))
            example = f"write each line as one JSON object, such as {self.example}" if is_incomplete else ""
            hint = _hint_of_another(file.name, self.noun) or example
            raise CorpusError(f"{where}: {faults(error, known=self.known, of=self.line)}", hint=hint) from None
        return self.make(entry, _folder_of(file), where, language)


_INCOMPLETE = {"json_invalid", "missing", "missing_argument", "dataclass_type"}
"""Faults of lines that an example explains better than their sentence."""


def refuse_layout(line: str, file: Path, where: str) -> None:
    """Raises CorpusError where the JSON of a file is not one object per line, by the line at which that shows."""
    if line.lstrip().startswith("["):
        fault, query = "not a JSON object, but a JSON array", "'.[]'"
    elif line.strip() == "{":
        fault, query = "a JSON object that goes on in the next line", "."
    else:
        return
    raise CorpusError(
        f"{where}: {fault}", hint=f"write one object per line, as with: jq -c {query} {shlex.quote(str(file))}"
    )


@lru_cache(maxsize=8)
def _folder_of(file: Path) -> Path:
    """The folder that a file's paths are relative to."""
    return real_path(file).parent


def audio_of(name: str, folder: Path, *, key: str, where: str) -> Path:
    """The audio file that a line names, from its file's folder on. It may be missing, and is not opened.

    Raises:
        CorpusError: the path is empty, holds a null, or is that of a folder.
    """
    refuse_no_file(name, key=key, where=where)
    path = path_in(folder, name)
    if os.path.isdir(path):  # noqa: PTH112 - of a name that is too long, Path.is_dir raises
        raise CorpusError(f"{where}: key {key!r}: {name!r} is a folder", hint=_NAME_A_FILE)
    return path


def refuse_no_file(name: str, *, key: str, where: str) -> None:
    """Raises CorpusError if a path cannot name a file."""
    if not name.strip():
        raise CorpusError(f"{where}: key {key!r}: the path is empty", hint=_NAME_A_FILE)
    if "\0" in name:
        raise CorpusError(f"{where}: key {key!r}: {name!r} is not a path", hint=_NAME_A_FILE)
    if not PurePath(name).name:
        raise CorpusError(f"{where}: key {key!r}: {name!r} is a folder", hint=_NAME_A_FILE)
    refuse_url(name, where=f"{where}: key {key!r}")


def refuse_url(name: str, *, where: str) -> None:
    """Raises CorpusError if a path is a URL: as a path, it would lose a slash and be searched for in the folder."""
    if "://" not in name:
        return
    scheme = _SCHEME.match(name)
    if scheme is not None:
        is_file = scheme[1].lower() == "file"
        hint = "write its path without file://" if is_file else "download the file, and write its path"
        raise CorpusError(f"{where}: {name!r} is a URL, and only files are read", hint=hint)


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
"""The beginning of a URL."""


_NAME_A_FILE = "name an audio file, relative to the folder of the manifest"


_LISTS = {
    "manifest.jsonl": ("clip", "--asr-corpus"),
    "prompts.jsonl": ("prompt", "--asr-prompts"),
    "dialogues.jsonl": ("dialogue", "--asr-dialogues"),
}
"""What our lists of a folder are called, what they list, and the option that names them."""


def refuse_another_list(folder: Path, noun: str) -> None:
    """Raises CorpusError where a folder has one of our lists, but none of what is wanted."""
    for name, (listed, _) in _LISTS.items():
        if listed != noun and (folder / name).is_file():
            raise CorpusError(
                f"{folder} is not a list of {noun}s: its {name} lists {listed}s", hint=_hint_of_another(name, noun)
            )


def _hint_of_another(name: str, noun: str) -> str:
    """What to do with a list of another kind, by its file name; nothing where it is of the kind that is wanted."""
    listed, option = _LISTS.get(name, (noun, ""))
    return "" if listed == noun else f"name a list of {noun}s here; {listed}s are named with {option} in pytest"


def language_of(language: str | None, where: str, *, key: str = "language") -> str | None:
    """The code of the language that a line states under a key; None if it states none.

    Raises:
        CorpusError: there is no such language.
    """
    if language is None:
        return None
    try:
        return language_code(language)
    except ValueError as error:
        raise CorpusError(f"{where}: key {key!r}: {error}", hint=HINT) from None


_NOBODY = frozenset({"", "none", "null", "nan", "n/a", "unknown"})


def speaker_of(stated: object) -> str | None:
    """The speaker that a listing states; None if unknown: clips of several unknown speakers must not count as one's."""
    speaker = "" if stated is None else str(stated).strip()
    return None if speaker.lower() in _NOBODY else speaker


def text_of(line: bytes, file: Path, where: str) -> str:
    """The text of a line.

    Raises:
        CorpusError: it is not UTF-8; with the command that converts its file.
    """
    encoding = _encoding_of(line)
    if encoding is None:
        try:
            return line.decode()
        except UnicodeDecodeError:
            encoding = "WINDOWS-1252"
    command = f"iconv -f {encoding} -t UTF-8 {shlex.quote(str(file))}"
    raise CorpusError(f"{where}: not UTF-8", hint=f"convert it: {command}")


def _encoding_of(beginning: bytes) -> str | None:
    """The encoding that a beginning shows; None if it may be UTF-8."""
    if beginning[:1] < b"\xfe" and b"\0" not in beginning[:4]:
        return None
    return next((name for name, begins in _ENCODINGS.items() if begins.match(beginning)), None)


def first_line(path: Path) -> str:
    """The first line of a file that is not blank; empty if it cannot be read.

    What is not UTF-8 is replaced: a format is detected nevertheless, and its reader then names the encoding.
    """
    try:
        with path.open("rb") as file:
            head = file.read(65_536)
    except OSError:
        return ""
    text = head.decode(_encoding_of(head) or "utf-8-sig", "replace")
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def is_json(path: Path) -> bool:
    """Whether a file has JSON lines, and not a heading."""
    return path.is_file() and first_line(path).startswith("{")


def refuse_empty_id(item_id: str, *, noun: str, where: str) -> None:
    """Raises CorpusError where an id has nothing to see in it."""
    if not item_id.strip():
        raise CorpusError(f"{where}: the {noun} id is empty", hint='give the line an "id" that is not empty')


_SHA256 = re.compile("[0-9a-fA-F]{64}")


def refuse_no_hash(value: str | None, *, key: str, where: str) -> None:
    """Raises CorpusError if what is to be compared with the hash of a file is none, so that none could be equal."""
    if value is not None and not _SHA256.fullmatch(value):
        hint = "leave out the prefix sha256:" if value.lower().startswith("sha256:") else _PIN_AGAIN
        raise CorpusError(f"{where}: key {key!r}: must be 64 hexadecimal digits, not {value!r}", hint=hint)


_PIN_AGAIN = "leave the key out, and let the hash be written: asrlab corpus lock"
