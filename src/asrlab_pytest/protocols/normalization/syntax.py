"""The syntax trees of functions and classes, from the files that define them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from types import FunctionType


def walked(node: ast.AST) -> list[ast.AST]:
    """What ``ast.walk`` gives but for the contexts of names, in half of its time."""
    nodes = [node]
    for inner in nodes:
        for value in vars(inner).values():
            if isinstance(value, list):
                nodes += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                nodes.append(value)
    return nodes


def given_names(node: ast.AST) -> Iterator[str]:
    """The names that a function gives: of arguments, variables and functions inside it."""
    for inner in walked(node):
        if isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif inner is not node and isinstance(inner, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)):
            yield inner.name or ""


def without_docstring(body: object) -> object:
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return body[1:]
    return body


def nodes_of_function(function: FunctionType) -> list[ast.AST]:
    """The syntax of a function, with that of others of its name in its line, as of lambdas; none without its source."""
    code = function.__code__
    candidates = _functions(code.co_filename).get(code.co_firstlineno, [])
    return [node for node in candidates if getattr(node, "name", "<lambda>") == code.co_name]


@cache
def _functions(file: str) -> dict[int, list[ast.AST]]:
    """The functions of a file by their first line, decorators included."""
    tree = _tree(file)
    if tree is None:
        return {}
    found: dict[int, list[ast.AST]] = {}
    for node in walked(tree):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            decorators = getattr(node, "decorator_list", [])
            found.setdefault(min([node.lineno, *(one.lineno for one in decorators)]), []).append(node)
    return found


def nodes_of_class(file: str | None, name: str) -> list[ast.ClassDef]:
    """The syntax of the classes of a qualified name; none without their source."""
    return _classes(file).get(name, []) if file else []


@cache
def _classes(file: str) -> dict[str, list[ast.ClassDef]]:
    """The classes of a file by their qualified names: those in functions and in branches too."""
    found: dict[str, list[ast.ClassDef]] = {}
    tree = _tree(file)
    places: list[tuple[ast.AST, str]] = [] if tree is None else [(tree, "")]
    while places:
        node, before = places.pop(0)
        for inner in ast.iter_child_nodes(node):
            within = before
            if isinstance(inner, ast.ClassDef):
                found.setdefault(f"{before}{inner.name}", []).append(inner)
                within = f"{before}{inner.name}."
            elif isinstance(inner, ast.FunctionDef):
                within = f"{before}{inner.name}.<locals>."
            places.append((inner, within))
    return found


def nodes_that_set(file: str, name: str) -> list[ast.AST]:
    """The statements of a module that give a name or change what it stands for, and the decorators of a function."""
    return _statements(file).get(name, [])


def imports_of(file: str, name: str, package: str) -> list[tuple[str, str]]:
    """The modules that a file imports a name from, and its name there.

    Args:
        file: Of the module that imports.
        name: As it is called in this file.
        package: That of this file, which imports with a dot begin at.
    """
    tree = _tree(file)
    return [
        (resolve_name("." * node.level + (node.module or ""), package), alias.name)
        for node in ([] if tree is None else walked(tree))
        if isinstance(node, ast.ImportFrom) and (package or not node.level)
        for alias in node.names
        if name == (alias.asname or alias.name)
    ]


@cache
def _statements(file: str) -> dict[str, list[ast.AST]]:
    """The statements of a module, outside of functions and classes, by the names that each gives or may change."""
    tree = _tree(file)
    statements: dict[str, list[ast.AST]] = {}
    for statement in [] if tree is None else tree.body:
        if isinstance(statement, ast.ClassDef):
            continue
        if isinstance(statement, ast.FunctionDef):
            if statement.decorator_list:
                statements.setdefault(statement.name, []).append(ast.Tuple(statement.decorator_list, ast.Load()))
            continue
        for name in dict.fromkeys(_names_set(statement)):
            statements.setdefault(name, []).append(statement)
    return statements


def _names_set(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives, or whose objects it changes: TABLE["a"] = 1, STEPS.append(step)."""
    for node in walked(statement):
        place = node.value if isinstance(node, ast.Expr) else node
        if place is node and not isinstance(getattr(node, "ctx", None), ast.Store):
            continue
        while isinstance(place, (ast.Attribute, ast.Subscript, ast.Call)):
            place = place.func if isinstance(place, ast.Call) else place.value
        if isinstance(place, ast.Name):
            yield place.id


@cache
def _tree(file: str) -> ast.Module | None:
    try:
        return ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None
