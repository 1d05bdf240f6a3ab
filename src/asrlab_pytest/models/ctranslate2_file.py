"""Reads CTranslate2's ``model.bin`` without CTranslate2: which variables it holds, and their values."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from asrlab_pytest.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
"""Number formats by their code in the file."""
_WITH_ALIASES = 3
"""The version of the format since which variables may have further names."""
_VERSIONS = range(2, 7)
_LONGEST_NAME = 1 << 10


@dataclass(frozen=True, slots=True)
class Variable:
    """Where a variable's values are."""

    type: str
    shape: tuple[int, ...]
    offset: int
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The table of contents of a ``model.bin``."""

    path: Path
    spec: str
    """The kind of model, such as ``WhisperSpec``."""
    variables: Mapping[str, Variable]
    """By name, and by each further name."""

    def read(self, name: str) -> NDArray[Any]:
        """The values of a variable, in memory of their own.

        Raises:
            KeyError: there is no such variable.
        """
        import numpy as np

        variable = self.variables[name]
        count = variable.size // np.dtype(variable.type).itemsize
        values: NDArray[Any] = np.fromfile(self.path, variable.type, count, offset=variable.offset)
        return values.reshape(variable.shape)


def read_model_file(path: Path) -> ModelFile:
    """Read the table of contents; the values stay on disk.

    Raises:
        ModelError: the file is not one of CTranslate2, or is truncated.
    """
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise ModelError(
            f"{path} is not a model of CTranslate2 ({type(error).__name__}: {error})",
            hint="name a folder with a whole model.bin, such as those that Systran publishes",
        ) from None


def _read(path: Path, file: BinaryIO) -> ModelFile:
    version = _number(file, "I")
    if version not in _VERSIONS:
        raise ValueError(f"version {version} of the format is not known")
    spec, _ = _text(file), _number(file, "I")
    variables = dict(_variable(file) for _ in range(_number(file, "I")))
    if version >= _WITH_ALIASES:
        for _ in range(_number(file, "I")):
            alias, name = _text(file), _text(file)
            if name not in variables:
                raise ValueError(f"{alias} stands for {name}, which is not there")
            variables[alias] = variables[name]
    if any(variable.offset + variable.size > path.stat().st_size for variable in variables.values()):
        raise ValueError("it was cut short")
    return ModelFile(path, spec, variables)


def _variable(file: BinaryIO) -> tuple[str, Variable]:
    name = _text(file)
    shape = tuple(_number(file, "I") for _ in range(_number(file, "B")))
    kind, size = TYPES[_number(file, "B")], _number(file, "I")
    variable = Variable(kind, shape, file.tell(), size)
    file.seek(size, 1)
    return name, variable


def _text(file: BinaryIO) -> str:
    """A name, which ends in a zero byte that its length counts."""
    length = _number(file, "H")
    if not 0 < length <= _LONGEST_NAME:
        raise ValueError(f"a name of {length} bytes")
    return file.read(length)[:-1].decode()


def _number(file: BinaryIO, kind: str) -> int:
    return int(struct.unpack(f"<{kind}", file.read(struct.calcsize(kind)))[0])
