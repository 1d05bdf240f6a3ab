"""What a rule does, as a digest that holds when it is renamed, moved or commented, and changes when it changes.

A function counts as its syntax tree without docstrings, annotations and the names it gives; what it refers to counts as
what that is: another function of the same package by its own digest, a table by its content, a pattern by its text, a
function of another package by its name.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import re
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from inspect import unwrap
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

_COLLECTIONS = (Mapping, AbstractSet, list, tuple, range)
_PLAIN = (str, bytes, int, float, bool, type(None))


def digest_of(rules: object) -> str:
    """The digest of a function, a table, or a sequence of them."""
    return hashlib.sha256(_Reader().read(rules).encode("utf-8", "surrogatepass")).hexdigest()


class _Reader:
    """Reads live objects. `open` are the functions that are being read, so that recursion ends."""

    def __init__(self) -> None:
        self.open: list[FunctionType] = []
        self.known: dict[FunctionType, str] = {}

    def read(self, value: object) -> str:
        """A value as text that says what it is."""
        value = unwrap(value) if callable(value) and not isinstance(value, type) else value
        if isinstance(value, _PLAIN):
            return repr(value)
        if isinstance(value, FunctionType):
            return self._function(value)
        if isinstance(value, partial):
            return f"partial({self.read(value.func)}, {self.read(value.args)}, {self.read(value.keywords)})"
        if isinstance(value, re.Pattern):
            return f"pattern({value.pattern!r}, {int(value.flags)})"
        return self._collection(value) if isinstance(value, _COLLECTIONS) else self._other(value)

    def _collection(self, value: Mapping[Any, Any] | AbstractSet[Any] | Sequence[Any]) -> str:
        if isinstance(value, Mapping):
            return f"{{{', '.join(sorted(f'{self.read(key)}: {self.read(item)}' for key, item in value.items()))}}}"
        if isinstance(value, AbstractSet):
            return f"set({', '.join(sorted(map(self.read, value)))})"
        return f"({', '.join(map(self.read, value))})"

    def _function(self, function: FunctionType) -> str:
        if function in self.open:
            return f"recursion({self.open.index(function)})"
        if function not in self.known:
            self.open.append(function)
            try:
                text = self._syntax(function)
            finally:
                self.open.pop()
            self.known[function] = f"function({hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()})"
        return self.known[function]

    def _syntax(self, function: FunctionType) -> str:
        node = _node(function)
        if node is None:
            return f"{function.__module__}.{function.__qualname__}"
        cells = {
            name: cell.cell_contents
            for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        }
        return "".join(_Written(self, function, {**vars(builtins), **function.__globals__, **cells}).write(node))

    def _other(self, value: object) -> str:
        fields = getattr(value, "__dataclass_fields__", None)
        if fields and not isinstance(value, type):
            return f"object({self.read({field: getattr(value, field) for field in fields})})"
        if isinstance(value, ModuleType):
            return f"module({value.__name__})"
        named = value if hasattr(value, "__qualname__") else type(value)
        return f"{named.__module__}.{named.__qualname__}"


class _Written:
    """Writes a syntax tree: names that the function gives by number, other names as what they stand for."""

    def __init__(self, reader: _Reader, function: FunctionType, names: Mapping[str, Any]) -> None:
        self.reader = reader
        self.function = function
        self.names = names
        self.given: dict[str, int] = {}

    def write(self, node: ast.AST) -> Iterator[str]:
        self.given = {name: number for number, name in enumerate(dict.fromkeys(_given(node)))}
        yield from self._node(node)

    def _node(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Name):
            yield self._name(node.id)
            return
        yield f"{type(node).__name__}("
        for field, value in ast.iter_fields(node):
            if field in _LEFT_OUT or value is None or value == []:
                continue
            if field in ("name", "arg", "asname") and isinstance(value, str) and value in self.given:
                yield f"{field}={self._name(value)},"
            elif field == "name" and isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                continue
            else:
                yield f"{field}="
                yield from self._value(_without_docstring(value) if field == "body" else value)
                yield ","
        yield ")"

    def _value(self, value: object) -> Iterator[str]:
        if isinstance(value, ast.AST):
            yield from self._node(value)
        elif isinstance(value, list):
            yield "["
            for item in value:
                yield from self._value(item)
                yield ","
            yield "]"
        else:
            yield repr(value)

    def _name(self, name: str) -> str:
        if name in self.given:
            return f"local({self.given[name]})"
        if name not in self.names:
            return f"free({name})"
        value = self.names[name]
        found = unwrap(value) if callable(value) and not isinstance(value, type) else value
        if isinstance(found, FunctionType) and not _belongs(found, self.function):
            return f"{found.__module__}.{found.__qualname__}"
        if isinstance(found, type) and _package(found) == _package(self.function):
            return "class"
        return self.reader.read(value)


def _package(named: Any) -> str:
    return str(named.__module__).partition(".")[0]


def _belongs(function: FunctionType, user: FunctionType) -> bool:
    """Whether a function is of the package that uses it, or of the project, and so counts by what it does."""
    file = function.__code__.co_filename
    return _package(function) == _package(user) or not file.startswith(_INSTALLED)


_INSTALLED = tuple({*sysconfig.get_paths().values(), "<"})
_LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "decorator_list"})


def _given(node: ast.AST) -> Iterator[str]:
    """The names that a function gives: of arguments, variables and functions inside it."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif inner is not node and isinstance(inner, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)):
            yield inner.name or ""


def _without_docstring(body: object) -> object:
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return body[1:]
    return body


def _node(function: FunctionType) -> ast.AST | None:
    """The syntax of a function; None if its source is not at hand."""
    code = function.__code__
    candidates = _functions(code.co_filename).get(code.co_firstlineno, [])
    of_name = [node for node in candidates if getattr(node, "name", "<lambda>") == code.co_name]
    return of_name[0] if len(of_name) == 1 else None


@cache
def _functions(file: str) -> dict[int, list[ast.AST]]:
    """The functions of a file by their first line, decorators included."""
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return {}
    found: dict[int, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            decorators = getattr(node, "decorator_list", [])
            found.setdefault(min([node.lineno, *(one.lineno for one in decorators)]), []).append(node)
    return found
