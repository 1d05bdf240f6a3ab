"""The corpus that a command works on, and how to read it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from asrlab_pytest.cli.project import key_and_name, settings_and_root, settings_here
from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.lock import Lockable, lockable
from asrlab_pytest.corpus.manifest import MANIFEST_NAME, is_manifest, read_manifest
from asrlab_pytest.corpus.open import open_corpus, read_corpus
from asrlab_pytest.corpus.reader import reader, reader_names
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.select import select_clips
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.corpus.write import BYTE_ORDER_MARK, backed_up
from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.remote import local_path
from asrlab_pytest.suite.items import refuse_unknown_rules
from asrlab_pytest.validation import adapter_of, faults

_KEYS = ("format", "split", "config", "revision", "ids", "language", "audio", "delimiter", "channel")


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """The corpus as a positional argument that may be left out."""
    parser.add_argument("corpus", nargs="?", help="name or path of a corpus (default: the project's)")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Options that say how to read a path, and which of its clips to use."""
    parser.add_argument("--format", help="format of the corpus (default: detected)")
    parser.add_argument("--split", help="which split, if the folder contains several")
    parser.add_argument("--config", help="configuration of a data set on a hub")
    parser.add_argument("--revision", help="commit of a data set on a hub")
    parser.add_argument("--column", action="append", default=[], metavar="KEY=NAME", help="column that contains a key")
    parser.add_argument("--delimiter", help="character between columns")
    parser.add_argument("--no-quotes", action="store_true", help="treat double quotes as part of the text")
    parser.add_argument("--ids", choices=("name", "path"), help="what to use as the id if the listing has none")
    parser.add_argument("--audio", metavar="FOLDER", help="folder that audio paths in a listing are relative to")
    parser.add_argument("--language", help="ISO 639-1 code of clips that have none")
    parser.add_argument("--channel", type=int, help="channel to use, from 1 (default: the mean of all)")
    parser.add_argument("--tag", action="append", default=[], help="tag for all clips (repeatable)")
    parser.add_argument("--clip", action="append", default=[], help="only these clips, as in --asr-clip")
    parser.set_defaults(command=parser.prog)


def read(options: argparse.Namespace, source: str | None) -> tuple[Corpus, tuple[Clip, ...]]:
    """The corpus that is asked for, and the chosen clips of it.

    Raises:
        AsrlabError: it cannot be read, or an option is wrong.
    """
    given: dict[str, Any] = {key: value for key in _KEYS if (value := getattr(options, key)) is not None}
    if options.column:
        given["columns"] = dict(key_and_name(column, example="text=sentence") for column in options.column)
    if options.no_quotes:
        given["quotes"] = False
    if options.tag:
        given["tags"] = options.tag
    if "audio" in given:
        given["audio"] = str(real_path(local_path(given["audio"])))
    if not given:
        corpus = named_corpus(source)
    elif source is None or source in settings_here().corpora:
        raise ConfigError(
            f"reading options need a path, not {source or 'the corpus of the project'}",
            hint="state them in [tool.asrlab.corpora.<name>], or name a path such as ./folder",
        )
    else:
        corpus = read_corpus(local_path(source), _table({"path": source, **given}, options.command))
    return corpus, select_clips(corpus, options.clip)


def refuse_unknown_rules_here(clips: Sequence[Clip], manifest: Path, noun: str) -> None:
    """Raises CorpusError if a clip names a normalization that the project does not have, as a run does."""
    settings, root = settings_and_root()
    refuse_unknown_rules(
        cache(lambda: Normalizations(settings.normalization, settings.normalizations, root)), clips, manifest, noun
    )


def with_progress(clips: Sequence[Clip]) -> Iterator[Clip]:
    """The clips one by one, with a count of them on standard error where a person looks at that."""
    is_seen = sys.stderr.isatty()
    for number, clip in enumerate(clips, start=1):
        if is_seen:
            print(f"\rclip {number} of {len(clips)}", end="", file=sys.stderr, flush=True)
        yield clip
    if is_seen:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _table(values: dict[str, Any], command: str) -> CorpusTable:
    try:
        return adapter_of(CorpusTable).validate_json(json.dumps(values))
    except ValidationError as error:
        raise ConfigError(f"command line: {faults(error, of=CorpusTable)}", hint=f"see: {command} --help") from None


def named_corpus(name: str | None) -> Corpus:
    """The corpus of this name or path; the project's where there is none.

    Raises:
        AsrlabError: it cannot be read.
    """
    settings, root = settings_and_root()
    start = root if name is None or name in settings.corpora else Path.cwd()
    return open_corpus(name or settings.corpus, settings.corpora, start, language=settings.language)


def own_manifest(name: str | None) -> Corpus:
    """A corpus whose manifest may be written to, as its lines are.

    Raises:
        AsrlabError: it cannot be read, or is in another form.
    """
    return read_manifest(manifest_path(name), own_language(name))


def own_list(name: str | None) -> Lockable:
    """A corpus whose manifest may be written to, or prompts, or dialogues.

    Raises:
        AsrlabError: it cannot be read, or is in another form.
    """
    path = manifest_path(name)
    return lockable(path.parent if path.name == MANIFEST_NAME else path, own_language(name))


def own_language(name: str | None) -> str | None:
    """The language of what states none in a corpus of this name or path: its table's, else the project's."""
    settings = settings_here()
    table = settings.corpora.get(settings.corpus if name is None else name)
    return (table.language if table else None) or settings.language


def manifest_path(name: str | None) -> Path:
    """Where the manifest of this name or path is, or would be.

    Raises:
        AsrlabError: the project's settings are wrong, or a corpus in another form is there.
    """
    settings, root = settings_and_root()
    name, start = (settings.corpus, root) if name is None else (name, Path.cwd())
    if name in settings.corpora:
        name, start = settings.corpora[name].path, root
    path = local_path(name, start)
    if path.exists() and not is_manifest(path) and not _is_free(path):
        raise CorpusError(
            f"{path} is not an asrlab manifest; other formats are read-only",
            hint=f"import it first: asrlab corpus import {path} FOLDER",
        )
    return path if path.is_file() or path.suffix == ".jsonl" else path / MANIFEST_NAME


def _is_free(path: Path) -> bool:
    """Whether a manifest could begin here: an empty file, or a folder that is not a corpus of another form."""
    if path.is_file():
        return not has_lines(path)
    return not (path / MANIFEST_NAME).exists() and not any(reader(form).detects(path) for form in reader_names())


def has_lines(manifest: Path) -> bool:
    """Whether a file has more than blank lines."""
    return bool(manifest.read_bytes().strip(BYTE_ORDER_MARK + b" \t\r\n"))


def refuse_source(target: Path, corpus: Corpus, purpose: str) -> None:
    """Refuse to replace the manifest that is read, even with --force.

    Raises:
        CorpusError: it is the one to write.
    """
    if target.exists() and corpus.manifest.exists() and target.samefile(corpus.manifest):
        raise CorpusError(f"{target} is the source of the {purpose}", hint="choose another folder")


def may_write(path: Path, *, force: bool) -> None:
    """See to it that no manifest is lost: an older one is refused, or kept as a copy where it is to be replaced.

    Raises:
        CorpusError: one exists and must not be replaced.
    """
    if not path.exists():
        return
    if not force:
        raise CorpusError(
            f"{path} already exists", hint="choose another folder, or replace it (a copy is kept): --force"
        )
    print(f"kept    {backed_up(path)} (the manifest as it was)")
