"""The syntax trees of functions and classes, from the files that define them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
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


@cache
def _tree(file: str) -> ast.Module | None:
    try:
        return ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None
