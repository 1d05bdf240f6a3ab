"""What a corpus reader is: the protocol that the reader of one format fulfils, and how readers are found."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.frames import frames_after
from asrlab_pytest.visible import error_words

ENTRY_POINT_GROUP = "asrlab.corpora"

ORDER = (
    "manifest",
    "nemo",
    "common-voice",
    "librispeech",
    "mls",
    "kaldi",
    "ljspeech",
    "audiofolder",
    "table",
    "text-files",
    "python",
    "datasets",
)
"""In which our formats are looked for; those of outside packages follow by name."""


class CorpusReader(Protocol):
    """Reads the corpora of one format. Nothing in it opens audio."""

    name: str
    looks_for: str
    """What a folder or file of the format has, as a phrase for the message that nothing was found."""
    options: Collection[str]
    """The keys of `CorpusTable` that it takes besides those common to all formats.

    With "options" among them, the attribute `option_keys` may list the keys of that table: others are refused.
    """

    def detects(self, path: Path) -> bool:
        """Whether the file or folder, which exists, is of the format; by a look at names and first lines."""

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        """Read the corpus. Raises CorpusError, with file and line, where it is wrong."""


@cache
def _entry_points() -> dict[str, EntryPoint]:
    points = {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
    rank = {name: place for place, name in enumerate(ORDER)}
    return {name: points[name] for name in sorted(points, key=lambda name: (rank.get(name, len(ORDER)), name))}


def reader_names() -> tuple[str, ...]:
    """The formats that can be read, in the order in which they are looked for."""
    return tuple(_entry_points())


@cache
def reader(name: str) -> CorpusReader:
    """Make the reader of this format.

    Raises:
        CorpusError: no installed package offers it, or the package is broken.
    """
    point = _entry_points().get(name)
    if point is None:
        raise CorpusError(
            f"no corpus format {name!r}; installed: {', '.join(reader_names())}",
            hint=f"choose one of them, or install the package that offers {name!r} in the group {ENTRY_POINT_GROUP!r}",
        )
    try:
        instance: CorpusReader = point.load()()
        fault = _fault(instance, name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # It may neither skip a test nor end the run.
        raise CorpusError(
            f"corpus format {name!r} ({point.value}) does not load: {error_words(error)}{reader_trace(error)}",
            hint=f"correct, upgrade or remove {package_of(name)}",
        ) from error
    if fault:
        raise CorpusError(
            f"corpus format {name!r} ({point.value}) {fault}",
            hint=f"correct or remove {package_of(name)}",
        )
    return instance


def package_of(name: str) -> str:
    """The package that offers a format, in words."""
    point = _entry_points().get(name)
    dist = None if point is None else point.dist
    return "the package that offers it" if dist is None else f"the package {dist.name} {dist.version}"


def reader_trace(error: BaseException) -> str:
    """The frames of a reader's code, each on lines of its own, below a sentence."""
    trace = frames_after(error, lambda file: file in _CALLERS or file.startswith("<frozen importlib"))
    return f"\n{trace}" if trace else ""


def is_outside(corpus_reader: CorpusReader) -> bool:
    """Whether a reader is of another package."""
    return not type(corpus_reader).__module__.startswith("asrlab_pytest.")


def _fault(instance: object, name: str) -> str | None:
    """What a reader lacks, or declares wrongly; None if it is one."""
    missing = [each for each in _MEMBERS if not hasattr(instance, each)]
    if missing:
        return f"has no {' and no '.join(missing)}"
    for each, (kind, example) in _MEMBERS.items():
        value = getattr(instance, each)
        if not isinstance(value, kind) or (each == "options" and isinstance(value, str)):
            return f"declares {each} = {value!r}; it must be {example}"
    keys = getattr(instance, "option_keys", ())
    if not isinstance(keys, Collection) or isinstance(keys, str):
        return f"declares option_keys = {keys!r}; it must be a list of keys, such as ('separator',)"
    stated = getattr(instance, "name", name)
    return None if stated == name else f"declares name = {stated!r}; it must be {name!r}, as its entry point"


_MEMBERS: Mapping[str, tuple[type, str]] = {
    "name": (str, "the name of the entry point"),
    "looks_for": (str, "a phrase, such as 'a file whose name ends in .pairs'"),
    "options": (Collection, "a list of keys, such as () or ('columns',)"),
    "detects": (Callable, "a method"),  # type: ignore[dict-item]
    "read": (Callable, "a method"),  # type: ignore[dict-item]
}
"""Members of a reader, with their types."""
_CALLERS = (__file__, str(Path(__file__).with_name("open.py")), importlib.metadata.__file__, importlib.__file__)
"""Files that call readers, and those with which they are imported."""
