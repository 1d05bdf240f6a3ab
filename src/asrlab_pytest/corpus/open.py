"""Opens a corpus by the name of its table or by its path, in whatever form it is."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TypeVar

from asrlab_pytest.corpus.clip import Clip, refuse_empty
from asrlab_pytest.corpus.json_lines import is_json, refuse_another_list
from asrlab_pytest.corpus.manifest import is_manifest, read_manifest
from asrlab_pytest.corpus.names import as_stored
from asrlab_pytest.corpus.parquet import has_parquet
from asrlab_pytest.corpus.reader import CorpusReader, is_outside, package_of, reader, reader_names, reader_trace
from asrlab_pytest.corpus.readers.listing import AUDIO_SUFFIXES
from asrlab_pytest.corpus.samples import Corpus, SampleSet
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import AsrlabError, CorpusError
from asrlab_pytest.remote import local_path
from asrlab_pytest.visible import error_words

Result = TypeVar("Result")
_SHOWN = 20
"""Bytes of a text that is not UTF-8."""
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".7z", ".rar")
_SEARCHED = 20
"""Files of a folder, which may have one for each clip."""


def open_corpus(name: str, tables: Mapping[str, CorpusTable], root: Path, *, language: str | None = None) -> Corpus:
    """The corpus of a name or path.

    Args:
        name: A name in `tables`, which is stronger, or a path.
        tables: ``[tool.asrlab.corpora]``.
        root: The folder that relative paths start from.
        language: Of the clips that state none, where the corpus's table has none either.

    Raises:
        CorpusError: there is none, its form is not known, or a line of it is wrong.
    """
    if name in tables:
        table = tables[name]
        table = replace(table, language=table.language or language)
        if table.audio is not None:
            table = replace(table, audio=str(as_stored(local_path(table.audio, root))))
        try:
            return replace(read_corpus(as_stored(local_path(table.path, root)), table), name=name)
        except CorpusError as error:
            raise CorpusError(f"corpus {name}: {error.problem}", hint=error.hint.replace("<name>", name)) from None
    path = as_stored(local_path(name, root))
    _refuse_prefix(path)
    if tables and not _exists(path):
        raise CorpusError(
            f"no corpus at {path}: it does not exist, and [tool.asrlab.corpora] has no {Path(name).name!r}",
            hint=f"correct the path, or choose one of: {', '.join(sorted(tables))}",
        )
    return read_corpus(path, CorpusTable(path=name, language=language))


def read_corpus(path: Path, table: CorpusTable) -> Corpus:
    """Read a corpus in the form that the table states, or in the one that it is found to have.

    Raises:
        CorpusError: the form is unknown or in doubt, a key is not one of the form's, or a line is wrong.
    """
    _refuse_prefix(path)
    if table.format is None and not table.stated() and (is_manifest(path) or not _exists(path)):
        return _with_defaults(read_manifest(path, table.language), table)
    corpus_reader = reader(table.format) if table.format is not None else detect(path, table.stated())
    strange = sorted(table.stated() - set(corpus_reader.options))
    if strange:
        raise CorpusError(
            f"{path}: the format {corpus_reader.name} has no key {strange[0]!r}",
            hint=f"remove it; the format takes: {', '.join(sorted(corpus_reader.options)) or 'no keys of its own'}",
        )
    _refuse_unknown_options(corpus_reader, path, table)
    hint = f"correct the file, or report it to the authors of {package_of(corpus_reader.name)}"
    corpus = _with_defaults(_read(corpus_reader, path, table, hint), table)
    if is_outside(corpus_reader):
        for clip in corpus.samples:
            refuse_empty(clip.text, clip.tags, f"{path}: {clip.label}")
    return corpus


def _refuse_unknown_options(corpus_reader: CorpusReader, path: Path, table: CorpusTable) -> None:
    """Raise CorpusError where a table has an option that the reader, which lists its own, does not know."""
    keys: Collection[str] | None = getattr(corpus_reader, "option_keys", None)
    unknown = [] if keys is None else sorted(set(table.options) - set(keys))
    if keys is not None and unknown:
        near = get_close_matches(unknown[0], keys, n=1)
        has = f"it knows {', '.join(sorted(keys))}" if keys else "it has none"
        raise CorpusError(
            f"{path}: the format {corpus_reader.name} has no option {', '.join(map(repr, unknown))}; "
            + (f"did you mean {near[0]}?" if near else has),
            hint="correct options in [tool.asrlab.corpora.<name>]",
        )


def _read(corpus_reader: CorpusReader, path: Path, table: CorpusTable, hint: str) -> Corpus:
    """What a reader makes of a path, if that is a corpus; the errors of an outside reader name the path."""
    try:
        corpus: object = _answer(corpus_reader, path, lambda: corpus_reader.read(path, table), hint)
    except CorpusError as error:
        if str(path) in error.problem or not is_outside(corpus_reader):
            raise
        raise CorpusError(f"{path}: {error.problem}", hint=error.hint) from None
    if isinstance(corpus, SampleSet) and all(isinstance(clip, Clip) for clip in corpus.samples):
        return corpus
    returned = "None" if corpus is None else f"a value of type {type(corpus).__name__}"
    raise CorpusError(
        f"{path}: the reader of the format {corpus_reader.name} returned {returned} instead of a Corpus",
        hint="report it to the authors of the reader: read must return corpus_of(clips, name=..., folder=...)",
    )


def detect(path: Path, stated: frozenset[str] = frozenset()) -> CorpusReader:
    """The reader of a file or folder. Our own manifest is taken where it is; else exactly one reader must fit,
    or, if none does, there must be Parquet files.

    Args:
        path: The file or folder.
        stated: The keys for particular formats that its table states: a file that no reader knows is of the only format
            that takes them all.

    Raises:
        CorpusError: no reader knows the form, or several do.
    """
    has_columns = "columns" in stated and path.is_file()
    if is_manifest(path) and not has_columns:
        return reader("manifest")
    if not _exists(path):
        raise CorpusError(f"no corpus at {path}: it does not exist", hint="correct the path")
    fitting = [name for name in reader_names() if name != "manifest" and _detects(reader(name), path)]
    if len(fitting) == 1:
        return reader(fitting[0])
    if fitting:
        raise CorpusError(
            f"{path} may be a corpus of several formats: {', '.join(fitting)}",
            hint=f'say which: format = "{fitting[0]}" in [tool.asrlab.corpora.<name>], or --format {fitting[0]}',
        )
    refuse_another_list(path, "clip")
    if has_columns and is_json(path):
        return reader("table")
    taking = [name for name in reader_names() if stated and stated <= set(reader(name).options)]
    if len(taking) == 1 and path.is_file():
        return reader(taking[0])
    inner = _listing_in(path)
    if inner is not None:
        raise CorpusError(f"{path} is a folder whose format is not known", hint=f"pass the listing in it: {inner}")
    _refuse_no_listing(path)
    if has_parquet(path):
        return reader("datasets")  # Last, since people keep tables of features and statistics beside their audio.
    looked_for = "".join(f"\n  {name}: {reader(name).looks_for}" for name in reader_names())
    raise CorpusError(
        f"{path} is not a corpus of a known format. Looked for:{looked_for}",
        hint="correct the path, or state the format and its columns: --format and --column, or format and columns "
        "in [tool.asrlab.corpora.<name>]",
    )


def _refuse_no_listing(path: Path) -> None:
    """Raises CorpusError, with the next step, where a path is an archive, or audio without texts."""
    if path.is_file() and path.name.lower().endswith(_ARCHIVES):
        raise CorpusError(f"{path} is an archive", hint="unpack it, and pass the folder")
    if path.is_file() and path.suffix.lower() in AUDIO_SUFFIXES:
        raise CorpusError(
            f"{path} is an audio file, which is not a corpus of a known format",
            hint=f'list it with its text: asrlab corpus add {shlex.quote(str(path))} --text "..."',
        )
    audio = next((file for file in _first_files(path) if file.suffix.lower() in AUDIO_SUFFIXES), None)
    if audio is not None:
        raise CorpusError(
            f"{path} has audio files, but no texts in a known format",
            hint=f"write the text of {audio.name} to {audio.with_suffix('.txt').name} beside it, and so for each; or "
            f'list them: asrlab corpus add {shlex.quote(str(audio))} --text "..."',
        )


def _first_files(folder: Path) -> list[Path]:
    return sorted(islice(folder.iterdir(), _SEARCHED)) if folder.is_dir() else []


def _listing_in(folder: Path) -> Path | None:
    """The first file of a folder that is a corpus by itself, if it is among the first of its tables and JSON files.

    Raises:
        CorpusError: one of these is empty.
    """
    files = sorted(folder.glob("*.[ctj]s*"))[:_SEARCHED] if folder.is_dir() else []
    empty = next((file for file in files if file.is_file() and not file.stat().st_size), None)
    if empty is not None:
        raise CorpusError(f"{empty} is empty", hint="restore it, or pass another listing of the folder")
    return next((file for file in files if any(_detects(reader(name), file) for name in reader_names())), None)


def _detects(corpus_reader: CorpusReader, path: Path) -> bool:
    hint = (
        f"correct, upgrade or remove {package_of(corpus_reader.name)}; until then, state the format of the corpus: "
        "--format, or format = ... in [tool.asrlab.corpora.<name>]"
    )
    return _answer(corpus_reader, path, lambda: corpus_reader.detects(path), hint)


def _answer(corpus_reader: CorpusReader, path: Path, ask: Callable[[], Result], hint: str) -> Result:
    """A reader's result; an exception in another package's reader becomes an error that names it."""
    try:
        return ask()
    except (AsrlabError, OSError, KeyboardInterrupt):
        raise
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path}: the reader of the format {corpus_reader.name} read a text that is not UTF-8, from the bytes "
            f"{error.object[error.start : error.start + _SHOWN]!r} on",
            hint="convert it to UTF-8; a reader that uses asrlab_pytest.text_lines names the file and the line",
        ) from error
    except BaseException as error:  # It may neither skip a test nor end the run.
        raise CorpusError(
            f"{path}: the reader of the format {corpus_reader.name} failed: {error_words(error)}{reader_trace(error)}",
            hint=hint,
        ) from error


def _refuse_prefix(path: Path) -> None:
    """Raise CorpusError where a path begins with ``python:``, as the name of a normalization does."""
    if any(part.startswith("python:") for part in path.parts) and not path.exists():
        raise CorpusError(
            f"no corpus at {path}: it begins with python:", hint="leave out python:, and write it as file.py:function"
        )


def _exists(path: Path) -> bool:
    """Whether the path is there, where ``file.py:name`` names a function of a file."""
    return path.exists() or (".py:" in path.name and path.with_name(path.name.partition(":")[0]).exists())


def _with_defaults(corpus: Corpus, table: CorpusTable) -> Corpus:
    """The corpus with what its table says of all clips."""
    given = {name: getattr(table, name) for name in ("language", "normalization", "license", "source", "channel")}
    given = {name: value for name, value in given.items() if value is not None}
    if not given and not table.tags:
        return corpus
    return replace(corpus, samples=tuple(_completed(clip, given, table.tags) for clip in corpus.samples))


def _completed(clip: Clip, given: Mapping[str, str | int], tags: tuple[str, ...]) -> Clip:
    defaults = {name: value for name, value in given.items() if getattr(clip, name) is None}
    more = tuple(tag for tag in tags if tag not in clip.tags)
    return replace(clip, **defaults, tags=(*clip.tags, *more))  # type: ignore[arg-type]
