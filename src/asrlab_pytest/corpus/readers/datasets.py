"""Data sets of Hugging Face's `datasets`: a folder that `save_to_disk` wrote, Parquet files, or an id on the hub.

They hold audio within their tables. It is written to files, as it is and once, in the user's cache.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from asrlab_pytest.content import expanded_path
from asrlab_pytest.corpus.in_code import identity
from asrlab_pytest.corpus.parquet import has_parquet, is_parquet, refuse_languages, refuse_missing, refuse_unreadable
from asrlab_pytest.corpus.readers.listing import (
    Listing,
    of_segment,
    only_part,
    refuse_no_text,
    seconds_of,
    table_of_row,
)
from asrlab_pytest.corpus.readers.table import USUAL, add_row, chosen_columns, correct_column
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError


class DatasetsReader:
    name = "datasets"
    looks_for = (
        "a folder that save_to_disk of datasets wrote, or with Parquet files, or such a file; or the id of a data set, "
        "where the format is stated"
    )
    options = frozenset({"columns", "split", "config", "revision"})

    def detects(self, path: Path) -> bool:
        """Whether `save_to_disk` wrote a folder: Parquet files may also lie beside the audio of other formats."""
        return _is_saved(path)

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        package = _package()
        data = _loaded(package, path, table)
        if path.is_dir():
            parts = data if isinstance(data, Mapping) else {str(data.split or path.name): data}
            data = only_part(parts, table.split, path)
            if not _is_saved(path):
                refuse_missing(path, next(name for name, part in parts.items() if part is data), table.config)
        elif is_parquet(path):
            # As in test-00000-of-00001.parquet.
            data = only_part({path.stem.partition("-")[0]: data}, table.split, path)
        column = table.columns.audio or _audio_column(package, data, path)
        if column not in data.column_names:
            raise CorpusError(
                f"{path}: no column {column!r}; there are: {', '.join(data.column_names)}", hint=correct_column("audio")
            )
        kind = data.features.get(column)
        if not _is_decoded(kind):
            data = _of_files(package, data, column, path)
        listing = Listing(path.name, _cache(data), [path], tags=table.tags, others=_NAMED)
        heading = dict.fromkeys(data.column_names, "")
        names = chosen_columns(path, heading, replace(table.columns, audio=column))
        if "language" not in names and table.config is None and not _is_saved(path):
            refuse_languages(path)
        labels = _labels(package, data, names)
        for number, row in enumerate(data):
            where = f"{path}: row {number}"
            row |= {name: label(row[name]) for name, label in labels.items()}
            refuse_no_text(row.get(names["text"]), names["text"], where)
            texts = table_of_row(row, without=column)
            if names["text"] not in texts:
                raise CorpusError(f"{where}: no text in {names['text']!r}", hint="leave the row out, or give it a text")
            audio, name = _audio_file(row[column], _dtype(kind), listing.folder, number, where)
            cells = {key: texts.get(column, "") for key, column in names.items()} | {"audio": audio}
            # Elsewhere an id comes from the path, but here the path may be that of a cache.
            row_id = cells.get("id", "").strip() or of_segment(name, seconds_of(cells.get("start"), "start", where))
            add_row(listing, where, cells | {"id": row_id})
        content = repr([identity(clip) for clip in listing.clips]).encode()
        if not listing.clips:
            raise _no_rows(path)
        return Corpus(path.name, path, hashlib.sha256(content).hexdigest(), tuple(listing.clips))


_NAMED = 'name a column of ids: columns = { id = "..." }, or --column id=...'


def _labels(package: Any, data: Any, names: Mapping[str, str]) -> dict[str, Callable[[Any], object]]:
    """What values of such columns are written as: labels, such as the languages of Google's FLEURS, and seconds."""
    kinds = {name: data.features.get(name) for name in names.values()}
    labels: dict[str, Callable[[Any], object]] = {}
    for name, kind in kinds.items():
        if isinstance(kind, package.ClassLabel):
            labels[name] = partial(_label, kind)
        elif isinstance(each := getattr(kind, "feature", None), package.ClassLabel):
            labels[name] = partial(_each_label, each)
    singles = [name for name, kind in kinds.items() if getattr(kind, "dtype", None) == "float32"]
    return {**labels, **dict.fromkeys(singles, _shortest)}


def _shortest(single: float | None) -> str | None:
    """The shortest text of a number of single precision: 0.1, where Python has 0.10000000149011612."""
    return None if single is None else str(np.float32(single))


def _label(kind: Any, number: int | None) -> str | None:
    """The name of a label; None if a row has none, for which data sets also write -1."""
    return None if number is None or number < 0 else str(kind.int2str(number))


def _each_label(kind: Any, numbers: Sequence[int | None] | None) -> list[str | None]:
    return [_label(kind, number) for number in numbers or ()]


def _package() -> Any:
    try:
        import datasets
    except ImportError:
        raise CorpusError(
            "a data set of Hugging Face needs the package datasets, which is not installed",
            hint='uv add --dev "asrlab-pytest[datasets]"',
        ) from None
    return datasets


def _is_saved(path: Path) -> bool:
    """Whether `save_to_disk` wrote a folder: of one data set, or of one for each split."""
    is_single = (path / "state.json").is_file() and (path / "dataset_info.json").is_file()
    return is_single or (path / "dataset_dict.json").is_file()


def _loaded(package: Any, path: Path, table: CorpusTable) -> Any:
    """What `datasets` makes of a folder, of a Parquet file or of an id on the hub."""
    if not path.is_dir() and not is_parquet(path) and table.revision is None:
        raise CorpusError(
            f"the data set {table.path} is not a folder, and on the hub it may change from one run to the next",
            hint='correct the path, or pin a commit: revision = "..." in [tool.asrlab.corpora.<name>], or --revision',
        )
    try:
        if is_parquet(path):
            return package.load_dataset("parquet", data_files=str(path), split="train")
        if path.is_dir() and not _is_saved(path) and has_parquet(path):
            return package.load_dataset(str(path), table.config)
        if path.is_dir():
            return package.load_from_disk(str(path))
        return package.load_dataset(table.path, table.config, split=table.split, revision=table.revision)
    except Exception as error:
        if isinstance(error, IndexError) and not any(path.rglob("*.arrow")):
            raise _no_rows(path) from None
        configs = _CONFIGS.search(str(error))
        if configs is not None:
            names = configs[1].replace("'", "").split(", ")
            raise CorpusError(
                f"the data set {table.path} has several configurations: {', '.join(names)}",
                hint=f'choose one: config = "{names[0]}" in [tool.asrlab.corpora.<name>], or --config {names[0]}',
            ) from None
        if not _is_saved(path):
            with suppress(OSError):
                refuse_unreadable(path)
        raise CorpusError(
            f"the data set {table.path} cannot be loaded: {type(error).__name__}: {error}",
            hint="correct its path or id, config, split and revision; a hub id needs a network",
        ) from error


_CONFIGS = re.compile(r"available configs: \[(.+)\]")
"""In the message of `datasets` that there are several."""


def _no_rows(path: Path) -> CorpusError:
    return CorpusError(f"{path} has no rows", hint="choose another split")


def _is_decoded(kind: object) -> bool:
    """Whether a column holds samples, as `map` writes of rows whose audio was decoded."""
    return isinstance(kind, Mapping) and {"array", "sampling_rate"} <= kind.keys()


def _dtype(kind: Any) -> str | None:
    """The type of the samples of a column; None if it holds files, or several channels."""
    return getattr(getattr(kind["array"], "feature", None), "dtype", None) if _is_decoded(kind) else None


def _of_files(package: Any, data: Any, column: str, path: Path) -> Any:
    """The data set with the bytes or the path of a file in each row."""
    try:
        return data.cast_column(column, package.Audio(decode=False))
    except Exception as error:
        raise CorpusError(
            f"{path}: column {column!r} has no audio files, but {data.features.get(column)}",
            hint="save the data set with the files (the type Audio of datasets), or with array and sampling_rate",
        ) from error


def _audio_column(package: Any, data: Any, path: Path) -> str:
    columns = [name for name, kind in data.features.items() if isinstance(kind, package.Audio) or _is_decoded(kind)]
    columns = columns or [name for name in USUAL["audio"] if name in data.column_names][:1]
    if len(columns) != 1:
        raise CorpusError(
            f"{path} has {len(columns) or 'no'} columns of audio; there are: {', '.join(data.column_names)}",
            hint='name it: columns = { audio = "..." }, or --column audio=...',
        )
    return str(columns[0])


def _cache(data: Any) -> Path:
    """The folder for the audio of a data set, named after what `datasets` knows it by."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or expanded_path("~/.cache"))
    fingerprint = re.sub(r"\W", "_", str(data._fingerprint))  # noqa: SLF001 - there is no public name
    return cache / "asrlab" / "corpora" / fingerprint


def _audio_file(
    value: Mapping[str, Any] | None, dtype: str | None, folder: Path, number: int, where: str
) -> tuple[str, str]:
    """Path and name of a row's audio, which is written to a file where it is not one."""
    value = value or {}
    path, content = value.get("path"), value.get("bytes")
    if value.get("array") is not None:
        content = _wav(value["array"], dtype, value["sampling_rate"], where)
        path = PurePath(path).with_suffix(".wav").name if path else None
    name = PurePath(path or "").name
    if content is None:
        if not path:
            raise CorpusError(f"{where}: no audio", hint="leave the row out of the data set")
        return str(Path(path).absolute()), PurePath(name).stem
    # By its content too: `datasets` knows two data sets by one name if their tables were made of the same paths.
    file = folder / f"{number:07}-{hashlib.sha256(content).hexdigest()[:16]}{PurePath(name).suffix or '.audio'}"
    if not file.is_file() or file.stat().st_size != len(content):
        new = file.with_name(f"{file.name}.{os.getpid()}.new")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(content)
            new.replace(file)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise CorpusError(f"{file} cannot be written: {error.strerror}", hint="set XDG_CACHE_HOME") from None
    return str(file), PurePath(name).stem or str(number)


def _wav(samples: Any, dtype: str | None, rate: float | None, where: str) -> bytes:
    """A file of samples of one channel, as float32 or as integers."""
    try:
        array, hertz = _of_known_scale(np.asarray(samples, dtype)), float(rate or 0)
    except (TypeError, ValueError) as error:
        raise CorpusError(f"{where}: array or sampling_rate cannot be read: {error}", hint=_SAVE) from None
    if array.ndim != 1 or not 0 < hertz < _UNKNOWN_RATE or not hertz.is_integer():
        raise CorpusError(f"{where}: array has the shape {array.shape}, and sampling_rate is {rate}", hint=_SAVE)
    file = io.BytesIO()
    soundfile.write(file, array, int(hertz), subtype=_CODINGS[array.dtype.name], format="WAV")
    return file.getvalue()


_SAVE = "save samples of one channel, as floats within -1 to 1, int16 or int32, with their rate in hertz"
_UNKNOWN_RATE = 1 << 31
"""Hertz from which no file can state a rate."""
_CODINGS = {"float32": "FLOAT", "int16": "PCM_16", "int32": "PCM_32"}


def _of_known_scale(samples: NDArray[Any]) -> NDArray[Any]:
    """Samples as float32, int16 or int32, whose full scale is known.

    Raises:
        ValueError: it is not.
    """
    if samples.dtype.kind == "f":
        return samples.astype(np.float32)
    if samples.dtype == np.uint8:
        return (samples.astype(np.int16) - 128) << 8
    short = samples.astype(np.int16)
    is_short = np.array_equal(short, samples)
    if samples.dtype == np.int64 and is_short:
        return short  # As of Python's integers.
    if samples.dtype.name not in _CODINGS or (samples.dtype == np.int32 and is_short and short.any()):
        raise ValueError(f"{samples.dtype} samples from {samples.min()} to {samples.max()} may be at any scale")
    return samples
