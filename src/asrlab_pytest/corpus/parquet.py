"""Parquet files, the tables in which the hub keeps data sets: whether a path has any."""

from __future__ import annotations

from pathlib import Path

_SUFFIX = ".parquet"
_PLACES = ("*.parquet", "*/*.parquet", "*/*/*.parquet")
"""In a folder, in one for each part or configuration in it, or in one for each part of each configuration."""


def is_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, by its name."""
    return path.suffix.lower() == _SUFFIX and path.is_file()


def has_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, or a folder with the tables of a data set as they are on the hub."""
    return is_parquet(path) or any(any(path.glob(names)) for names in _PLACES)
