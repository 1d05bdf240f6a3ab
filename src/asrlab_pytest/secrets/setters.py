"""Secrets that a command sets by name: `setenv HF_TOKEN X`, `aws configure set aws_secret_access_key X`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.secrets.forms import is_harmless, is_word
from asrlab_pytest.secrets.names import is_secret_in_text

_ENGLISH = frozenset({"set", "config", "export", "let"})
SETTERS = _ENGLISH | {"setenv", "setx", "Set-Item", "ENV"}
"""Words after which a name and its value follow, with a space between them."""
_ASSIGNERS = frozenset({"set", "export", "env", "-e", "--env"})
_NAME = lazy_pattern(r"\$?\{?(?:[A-Za-z_/][\w/-]*[.:])*[A-Za-z_][\w.-]*\}?")
_VARIABLE = lazy_pattern(r"\$\{?(?:(?i:env)[:.])?[A-Za-z_]\w*\}?")
_ASSIGNED = lazy_pattern(r"([A-Za-z_]\w*)=(.*[\s;|&].*)", re.DOTALL)
"""An argument in quotes, of which a shell would make several without them."""
_SUBSTITUTED = lazy_pattern(r"([A-Za-z_]\w*)\+?=\$?")
"""What is before the parenthesis of a command whose output is assigned."""
_PRINTERS = frozenset({"echo", "printf"})
_SHORTEST = 6
"""Characters of a text that is printed, and no format."""
_HERE = ["<", "<", "<"]
"""Before the text that `read NAME` reads."""
_ENDS = frozenset(";|&()`")
_REACH = 12
"""Arguments of a command in which its name and value are looked for."""


def secrets_of_setters(arguments: Sequence[str]) -> Iterator[str]:
    """The secrets among arguments that a command sets, and those of a variable: `$env:HF_TOKEN = "X"`."""
    for place, argument in enumerate(arguments):
        following = arguments[place + 1 : place + 1 + _REACH]
        if argument in SETTERS:
            # A sentence may say the same words, and then another word is no secret.
            yield from (value for value in _set(following) if argument not in _ENGLISH or not is_word(value))
        if argument in _ASSIGNERS:
            yield from _assigned(following)
        if following[:1] in (["="], ["+="]) and _VARIABLE.fullmatch(argument):
            yield from _set([argument, *following])
        if following[: len(_HERE)] == _HERE:
            yield from _set([argument, *following[len(_HERE) :]])
        yield from _printed(argument, following)


def _set(arguments: Sequence[str]) -> Iterator[str]:
    """The value after the first name of a secret; flags and "=" may be before it."""
    name = ""
    for argument in arguments:
        if argument in _ENDS:
            return
        if argument.startswith("-") or argument in ("=", "+="):
            continue
        if name:
            yield from [] if is_harmless(argument) else [argument]
            return
        name = argument if _NAME.fullmatch(argument) and is_secret_in_text(argument) else ""


def _printed(argument: str, following: Sequence[str]) -> Iterator[str]:
    """The values of `HF_TOKEN=$(echo X)`."""
    match = _SUBSTITUTED.fullmatch(argument)
    if match and is_secret_in_text(match[1]) and following[:1] in (["("], ["`"]) and {*following[1:2]} <= _PRINTERS:
        printed = takewhile(lambda word: word not in _ENDS, following[2:])
        yield from (word for word in printed if len(word) >= _SHORTEST and not is_word(word) and not is_harmless(word))


def _assigned(arguments: Sequence[str]) -> Iterator[str]:
    """The values of `"HF_TOKEN=X Y"`."""
    for argument in arguments:
        match = _ASSIGNED.fullmatch(argument)
        if match and is_secret_in_text(match[1]):
            yield match[2]
        elif "=" not in argument and not argument.startswith("-"):
            return
