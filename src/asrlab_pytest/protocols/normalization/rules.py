"""What a rule does, as a digest that holds when it is renamed, moved or commented, and changes when it changes.

A function counts as its syntax tree without docstrings, annotations and the names it gives; what it refers to counts as
what that is: another function of the same package or project by its own digest, a class by its syntax, an object by its
class and what it holds, a module by what is used of it, a table by its content, a pattern by its text, and what another
package offers by its name. An object of another package, of a user's rules, counts by the statements that set it.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import operator
import re
import sys
import sysconfig
from collections import deque
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from functools import partial
from importlib.util import resolve_name
from pathlib import Path
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

from asrlab_pytest.patterns import LazyPattern
from asrlab_pytest.protocols.normalization.objects import (
    cell_content,
    default_of,
    held_by_class,
    is_of_regex,
    state_of,
)
from asrlab_pytest.protocols.normalization.syntax import (
    given_names,
    imports_of,
    nodes_of_class,
    nodes_of_function,
    nodes_that_set,
    walked,
    without_docstring,
)

_COLLECTIONS = (Mapping, AbstractSet, list, tuple, range, deque)
_PLAIN = (str, bytes, int, float, bool, type(None))
_BY_TEXT = (eval, exec, globals)
"""What reaches any name of the function's module, so that the module counts as a whole."""
_STATED = (operator.attrgetter, operator.itemgetter, operator.methodcaller)
"""Callables that state what they do."""


def digest_of(rules: object) -> str:
    """The digest of a function, a table, an object, or a sequence of them."""
    return _digest(_Reader(of_users=False).read(rules))


def digest_of_users(rule: object, module: ModuleType, name: str) -> str:
    """The digest of a rule that somebody else wrote.

    The order of a table counts, for they may go through it, and what a class holds in addition to its statement.

    Args:
        rule: What it is.
        module: Where it stands.
        name: By which it is found there.
    """
    return _digest(_Reader(of_users=True).named(rule, name, vars(module)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Reader:
    """Reads live objects. `open` is what is being read, so that recursion ends."""

    def __init__(self, *, of_users: bool) -> None:
        self.of_users = of_users
        self.open: list[Any] = []
        self.known: dict[int, str] = {}
        self.by_class = 0
        """How many objects of other packages were read by their class, without what they hold."""
        self.statements: dict[tuple[str, str], str] = {}

    def read(self, value: Any) -> str:
        """A value as text that says what it is."""
        if isinstance(value, _PLAIN) and type(value) in _PLAIN:
            return repr(value)
        if isinstance(value, (re.Pattern, LazyPattern)) or is_of_regex(value):
            return f"pattern({value.pattern!r}, {int(value.flags)})"
        if any(value is outer for outer in self.open):
            return f"recursion({next(place for place, outer in enumerate(self.open) if outer is value)})"
        if isinstance(value, (FunctionType, type, ModuleType)):
            return self._once(value)
        self.open.append(value)
        try:
            return self._content(value)
        finally:
            self.open.pop()

    def named(self, value: object, name: str, names: Mapping[str, object]) -> str:
        """What a name stands for: its value, and what sets it where that holds objects of other packages.

        Args:
            value: What it stands for.
            name: As the module has it.
            names: Those of the module.
        """
        before = self.by_class
        text = self.read(_within_folder(value, names.get("__file__")) if self.of_users else value)
        if self.of_users and self.by_class > before and (statements := self._statements(name, names)):
            self.by_class = before
            return text + statements
        return text

    def _statements(self, name: str, names: Mapping[str, object]) -> str:
        """The statements of a module that set one of its names; of one that it imports, those of the other module."""
        module = sys.modules.get(str(names.get("__name__")))
        file = getattr(module, "__file__", None)
        if module is None or file is None:
            return ""
        if (file, name) not in self.statements:
            self.statements[file, name] = ""  # for what refers to itself
            self.open.append(module)
            texts = [part for node in nodes_that_set(file, name) for part in _Written(self, names).write(node)]
            for origin, original in imports_of(file, name, str(names.get("__package__") or "")):
                imported = sys.modules.get(origin)
                if imported is not None and (_is_of_a_project(imported) or _package(imported) == _package(module)):
                    texts.append(self._statements(original, vars(imported)))
            self.open.pop()
            self.statements[file, name] = f"set({_digest(text)})" if (text := "".join(texts)) else ""
        return self.statements[file, name]

    def _once(self, value: FunctionType | type | ModuleType) -> str:
        """What has a name of its own, and may be met again."""
        if not self.is_own(value):
            return self._foreign(value)
        if id(value) not in self.known:
            self.open.append(value)
            try:
                text = self._defined(value)
            finally:
                self.open.pop()
            self.known[id(value)] = f"defined({_digest(text)})"
        return self.known[id(value)]

    def is_own(self, value: FunctionType | type | ModuleType) -> bool:
        """Whether something is of the package that uses it, or of the project, and so counts by what it does."""
        users = [user for user in self.open if isinstance(user, (FunctionType, type, ModuleType))]
        if isinstance(value, (FunctionType, type)) and (not users or _package(value) == _package(users[-1])):
            return value.__module__ != builtins.__name__
        return _is_of_a_project(value)

    def _defined(self, value: FunctionType | type | ModuleType) -> str:
        if isinstance(value, FunctionType):
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        items = [
            f"{name!r}: {self.named(item, name, vars(value))}"
            for name, item in sorted(vars(value).items())
            if not name.startswith("__")
        ]
        return f"{{{', '.join(items)}}}"

    def _foreign(self, value: FunctionType | type | ModuleType) -> str:
        if isinstance(value, ModuleType):
            return f"module({value.__name__})"
        wrapped = getattr(value, "__wrapped__", None)
        return _name_of(value) if wrapped is None else f"{_name_of(value)}({self.read(wrapped)})"

    def _function(self, function: FunctionType) -> str:
        nodes = nodes_of_function(function)
        stated = {name: item for name, item in vars(function).items() if name != "__wrapped__"}
        defaults = self.read((function.__defaults__, function.__kwdefaults__, stated))
        if not nodes:
            return f"{_name_of(function)}{defaults}"
        cells = {
            name: cell_content(cell)
            for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        }
        texts = [defaults]
        for node in nodes:
            names = {**vars(builtins), **function.__globals__, **_imported(node, function.__globals__), **cells}
            texts += _Written(self, names).write(node)
        return "".join(texts)

    def _class(self, kind: type) -> str:
        names = vars(sys.modules[kind.__module__]) if kind.__module__ in sys.modules else {}
        nodes = nodes_of_class(getattr(sys.modules.get(kind.__module__), "__file__", None), kind.__qualname__)
        if not nodes:
            return _name_of(kind)
        texts = [self.read(held_by_class(kind))] if self.of_users else []
        for node in nodes:
            texts += _Written(self, {**vars(builtins), **names, **_imported(node, names)}, keeps_names=True).write(node)
        return "".join(texts)

    def _content(self, value: object) -> str:
        """What a value that may hold others is made of."""
        if isinstance(value, partial):
            return f"partial({self.read(value.func)}, {self.read(value.args)}, {self.read(value.keywords)})"
        if isinstance(value, MethodType):
            return f"method({self.read(value.__func__)}, {self.read(value.__self__)})"
        if "__wrapped__" in getattr(value, "__dict__", {}):  # of functools.cache
            return self.read(vars(value)["__wrapped__"])
        if isinstance(value, _COLLECTIONS):
            return self._collection(value) + self._kind(value)
        return self._other(value)

    def _collection(self, value: Mapping[Any, Any] | AbstractSet[Any] | Sequence[Any]) -> str:
        if isinstance(value, Mapping):
            items = [f"{self.read(key)}: {self.read(item)}" for key, item in value.items()]
            return f"{{{', '.join(items if self.of_users else sorted(items))}}}"
        if isinstance(value, AbstractSet):
            return f"set({', '.join(sorted(map(self.read, value)))})"
        return f"({', '.join(map(self.read, value))})"

    def _kind(self, value: object) -> str:
        """The class of a value, if it is one of the project's."""
        kind = self.read(type(value))
        return kind if kind.startswith(("defined(", "recursion(")) else ""

    def _other(self, value: object) -> str:
        if isinstance(value, (*_STATED, ContextVar, re.Scanner)):  # type: ignore[attr-defined]
            return self._stated(value)
        for plain in _PLAIN:
            if isinstance(value, plain):  # of a class of its own, such as an enumeration
                return f"{vars(plain)['__repr__'](value)}{self._kind(value)}"
        if kind := self._kind(value):
            return f"object({kind}, {self.read(state_of(value))})"
        if isinstance(value, SimpleNamespace):
            return f"namespace({self.read(vars(value))})"
        fields = getattr(value, "__dataclass_fields__", None)
        if fields:
            return f"object({self.read({field: getattr(value, field) for field in fields})})"
        owner = getattr(value, "__self__", None)
        held = "" if owner is None or isinstance(owner, ModuleType) else self.read(owner)
        is_named = hasattr(value, "__qualname__")
        self.by_class += not is_named
        return f"{_name_of(value if is_named else type(value))}{held}"

    def _stated(self, value: Any) -> str:
        """An object of the standard library that does what it was made with."""
        if isinstance(value, ContextVar):
            return f"context({self.read(default_of(value))})"
        if isinstance(value, _STATED):
            return repr(value)
        return f"scanner({self.read(value.lexicon)}, {value.scanner.flags})"


class _Written:
    """Writes a syntax tree: names that the function gives by number, other names as what they stand for."""

    def __init__(self, reader: _Reader, names: Mapping[str, object], *, keeps_names: bool = False) -> None:
        self.reader = reader
        self.names = names
        self.keeps_names = keeps_names
        """For a class, whose methods are called by name."""
        self.given: dict[str, int] = {}
        self.parts: list[str] = []

    def write(self, node: ast.AST) -> list[str]:
        if not self.keeps_names:
            self.given = {name: number for number, name in enumerate(dict.fromkeys(given_names(node)))}
        # The decorators of a function show in what it has become.
        self._fields(node, without="name" if self.keeps_names else "decorator_list")
        return self.parts

    def _node(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            self.parts.append(self._name(node.id))
        elif isinstance(node, ast.Attribute) and (used := self._of_module(node)) is not None:
            self.parts.append(self.reader.named(used[0], node.attr, vars(used[1])))
        else:
            self._fields(node)

    def _fields(self, node: ast.AST, without: str = "") -> None:
        self.parts.append(f"{type(node).__name__}(")
        for field in node._fields:
            value = getattr(node, field, None)
            if value is None or value == [] or field in _LEFT_OUT or field == without:
                continue
            if field in _NAMING and isinstance(value, str) and value in self.given:
                self.parts.append(f"{field}={self._name(value)},")
            elif field == "name" and isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not self.keeps_names:
                continue
            else:
                self.parts.append(f"{field}=")
                self._value(without_docstring(value) if field == "body" else value)
                self.parts.append(",")
        self.parts.append(")")

    def _of_module(self, node: ast.Attribute) -> tuple[Any, ModuleType] | None:
        """What an attribute of one of the project's modules is, and the module: data.TABLE."""
        if isinstance(node.value, ast.Name):
            module = None if node.value.id in self.given else self.names.get(node.value.id)
        else:
            outer = self._of_module(node.value) if isinstance(node.value, ast.Attribute) else None
            module = outer and outer[0]
        if isinstance(module, ModuleType) and self.reader.is_own(module) and hasattr(module, node.attr):
            return getattr(module, node.attr), module
        return None

    def _value(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self._node(value)
        elif isinstance(value, list):
            self.parts.append("[")
            for item in value:
                self._value(item)
                self.parts.append(",")
            self.parts.append("]")
        else:
            self.parts.append(repr(value))

    def _name(self, name: str) -> str:
        if name in self.given:
            return f"local({self.given[name]})"
        if name not in self.names or name in _OF_THE_PLACE:
            return f"free({name})"
        value = self.names[name]
        module = sys.modules.get(str(self.names.get("__name__")))
        reaches_all = any(value is function for function in _BY_TEXT) and module is not None
        return self.reader.read((value, module)) if reaches_all else self.reader.named(value, name, self.names)


def _imported(node: ast.AST, names: Mapping[str, object]) -> dict[str, object]:
    """What a function imports from the project's modules that are loaded."""
    package = str(names.get("__package__") or "")
    imported: dict[str, object] = {}
    for inner in walked(node):
        if isinstance(inner, ast.Import):
            for alias in inner.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                imported[alias.asname or name] = sys.modules.get(name)
        elif isinstance(inner, ast.ImportFrom) and (package or not inner.level):
            module = sys.modules.get(resolve_name("." * inner.level + (inner.module or ""), package))
            if module is not None and _is_of_a_project(module):
                imported |= {alias.asname or alias.name: getattr(module, alias.name, None) for alias in inner.names}
    return {
        name: value
        for name, value in imported.items()
        if value is not None and not (isinstance(value, ModuleType) and not _is_of_a_project(value))
    }


def _within_folder(value: object, file: object) -> object:
    """A path in the folder of a module as it is from there, for the folder may lie elsewhere; else the value."""
    if isinstance(value, str) and isinstance(file, str) and value.startswith(folder := str(Path(file).parent)):
        rest = value.removeprefix(folder)
        return value if rest and rest[0] not in "/\\" else f".{rest}"
    return value


def _name_of(named: Any) -> str:
    """The name of a function or a class, with that of its module; of a method of a built-in type, with its class."""
    module = getattr(named, "__module__", None) or getattr(getattr(named, "__objclass__", None), "__module__", "")
    return f"{module}.{named.__qualname__}"


def _package(named: Any) -> str:
    return str(named.__name__ if isinstance(named, ModuleType) else named.__module__).partition(".")[0]


def _is_of_a_project(value: FunctionType | type | ModuleType) -> bool:
    """Whether something is defined by a file that no installed package has."""
    if isinstance(value, FunctionType):
        file: str | None = value.__code__.co_filename
    else:
        module = value if isinstance(value, ModuleType) else sys.modules.get(value.__module__)
        file = getattr(module, "__file__", None)
    return file is not None and not file.startswith(_INSTALLED)


_HERE = str(Path(str(sys.modules[str(__package__).partition(".")[0]].__file__)).parent)
"""The folder of this package, wherever it is installed."""
_INSTALLED = ("<", _HERE, *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")))
_OF_THE_PLACE = ("__file__", "__name__", "__package__", "__spec__", "__path__", "__cached__")
"""What a module has by its file, which may lie elsewhere and be called otherwise."""
_NAMING = ("name", "arg", "asname")
_LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind"})
