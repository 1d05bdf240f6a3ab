"""Options that are secrets: given as ``env:NAME``, kept out of records and reports, and blotted out of messages."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.secrets.arguments import secrets_of_command_line, secrets_of_programs
from asrlab_pytest.secrets.cuts import without_cuts, without_cuts_of
from asrlab_pytest.secrets.forms import HIDDEN, without_arguments, without_forms
from asrlab_pytest.secrets.names import is_secret, is_secret_in_text, is_secret_variable, is_variable

_HARMLESS = lazy_pattern(r"[-+]?[\d.,\s]*|<[^<>]*>|(?i:true|false|none|null|auto)")
"""What is not a secret under such a name: ``suppress_tokens = "-1"``, ``pad_token = "<pad>"``."""
_VARIABLE = lazy_pattern(r"env:([A-Za-z_]\w*)")
_CREDENTIALS = lazy_pattern(r"(?<=://)(?:[^/\s?#\"'<>]*|[^/\s?#\"'<>@:]*:(?!\d*[/?#])[^\s\"'<>@]*)@")
"""The user of an address, and its password, which may have slashes if nothing quotes them; a port is none."""
_CREDENTIALS_OF_PATH = lazy_pattern(r"(?<=\w\w:/)[^/\s?#\"'<>@:]+:[^/\s?#\"'<>@]+@")
"""The same of an address that was taken for a path, which has one slash for two."""
_PASSWORD = lazy_pattern(r"://[^/\s?#:@]*:([^/\s?#@]+)@")
_ADDRESS = lazy_pattern(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>)\]]+", re.IGNORECASE)
_SHORTEST = 6
"""Characters from which a value is looked for in messages: a shorter one would blot out words."""
_SHORTEST_OF_VARIABLE = 8
_WORD = lazy_pattern(r"[A-Za-z]?[a-z]*|[A-Z]*|[/~.].*")
"""A word or a path, which is not a secret although a variable named like one may hold it."""
_ESCAPES = r"\\{1,16}"
"""Backslashes of an escape in a text that was itself escaped."""
_MARKUP = {"\n": rf"{_ESCAPES}n", "\r": rf"{_ESCAPES}r", "\t": rf"{_ESCAPES}t", " ": r"\+"}
_MARKUP |= {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
"""Ways of writing a character that have no number."""
_known: set[str] = set()


def redacted(value: Any, name: str = "", before: str = "") -> Any:
    """Plain JSON without its secrets: the texts under names such as ``api_key``, and every occurrence of such a text.

    In other texts, and in lists of arguments, the values of flags, variables and headers that are secrets are hidden.
    The name of an environment variable (``env:NAME``) is not a secret.

    Args:
        value: Plain JSON.
        name: The option whose value it is.
        before: The text before it in a list.
    """
    if isinstance(value, Mapping):
        names = _names(value, name)
        return {_hidden_in(key): redacted(item, names[key]) for key, item in value.items()}
    if _is_named_value(value):
        return [value[0], redacted(value[1], value[0])]
    if isinstance(value, (list, tuple)):
        texts = [item if isinstance(item, str) else "" for item in value]
        for secret in secrets_of_programs(texts):
            remember(secret)
            value = [item.replace(secret, HIDDEN) if isinstance(item, str) else item for item in value]
        return [redacted(item, name, text) for item, text in zip(value, ["", *texts], strict=False)]
    if not isinstance(value, str) or _VARIABLE.fullmatch(value):
        return value
    if _is_secret(name, value):
        _remember(name, value)
        return HIDDEN
    for secret in secrets_of_command_line(value):
        if not _WORD.fullmatch(secret):
            remember(secret)
        value = value.replace(secret, HIDDEN)
    shown = without_arguments(value, before)
    if shown == HIDDEN and not _WORD.fullmatch(value):
        remember(value)
    return without_secrets(shown)


def discreet(value: Any, name: str = "", levels: int = 4) -> Any:
    """What a message carries, without its secrets: itself where it has none, and else a copy.

    No secret is remembered, because under such a name an engine may log words of a transcript.

    Args:
        value: Anything.
        name: What the message calls it.
        levels: How deep tables and lists are looked into; what lies deeper is seen as a text.
    """
    shown: object
    if isinstance(value, str):
        shown = HIDDEN if _is_secret(name, value) else without_secrets(value)
    elif not isinstance(value, (dict, list, tuple)):
        return value
    elif not levels:
        text = repr(value)
        shown = without_secrets(text)
        return value if shown == text else shown
    elif isinstance(value, dict):
        names = _names(value, name)
        shown = {_hidden_in(key): discreet(item, names[key], levels - 1) for key, item in value.items()}
    else:
        shown = [discreet(item, name, levels - 1) for item in value]
    return value if shown == (list(value) if isinstance(value, tuple) else value) else shown


def _hidden_in(key: Any) -> Any:
    """The key of a table, in which an engine may have put a secret as well."""
    return without_secrets(key) if isinstance(key, str) else key


def redacted_settings(settings: Mapping[str, object]) -> dict[str, object]:
    """A project's settings without their secrets: the names that it gives its tables name no secret."""
    return {key: _redacted_below(value, _OWN_NAMES.get(key, 0), key) for key, value in settings.items()}


def _names(table: Mapping[Any, object], name: str) -> dict[Any, str]:
    """The names that tell what the values of a table are: the table's, if it names secrets, or the keys.

    A key ``value`` is named by the entry beside it: ``{name = "HF_TOKEN", value = "X"}``.
    """
    names = {key: name if is_secret(name) else str(key) for key in table}
    label = next((key for key in _LABELS if isinstance(table.get(key), str)), None)
    if label and "value" in table and not is_secret(name):
        names |= {label: "name", "value": str(table[label])}
    return names


def _is_named_value(value: Any) -> bool:
    """Whether a list is the name of a header or variable that is a secret, and its value."""
    match value:
        case [str(name), str(text)]:
            return _SEVERAL_WORDS.fullmatch(name) is not None and is_secret_in_text(name) and not is_variable(text)
    return False


_SEVERAL_WORDS = lazy_pattern(r"[A-Za-z]\w*(?:[-_]\w+)+")
_LABELS = ("name", "key", "header", "variable")
"""Keys of a name whose value is beside it."""
_OWN_NAMES = {"corpora": 1, "models": 1, "profiles": 1, "normalizations": 3}
"""How many levels of keys in a table of the settings are not options: names, and words of a normalization."""


def _redacted_below(value: Any, levels: int, name: str = "") -> Any:
    if levels and isinstance(value, Mapping):
        return {key: _redacted_below(item, levels - 1) for key, item in value.items()}
    return redacted(value, name)


def _is_secret(name: str, value: str) -> bool:
    return is_secret(name) and not _HARMLESS.fullmatch(value)


def _remember(name: str, value: str) -> None:
    """Blot a secret out of messages, unless it may be a plain word: ``sort_key = "duration"``."""
    if is_secret_in_text(name) or not _WORD.fullmatch(value):
        remember(value)


def resolved(options: Mapping[str, object]) -> dict[str, object]:
    """Options with the values of the environment variables that they name, for the engine alone.

    Raises:
        KeyError: there is no such variable.
    """
    remember_secrets(options)
    values: dict[str, object] = _with_variables(options)
    return values


def remember_secrets(options: Mapping[str, object]) -> None:
    """Blot the secrets of options, also those in variables that they name, out of whatever is shown from now on."""
    for name, value in texts(options):
        if _is_secret(name, value):
            variable = _VARIABLE.fullmatch(value)
            _remember(name, os.environ.get(variable[1], "") if variable else value)


class HiddenError(LookupError):
    """A value that a record hides is nowhere else; its text is the name."""


def revealed(recorded: Any, stated: Any, name: str = "") -> Any:
    """Plain JSON that a record holds, with what it hides.

    Args:
        recorded: As `redacted` made it.
        stated: Where the hidden values may be: the same as the project states it now.
        name: The option whose value it is.

    Raises:
        HiddenError: `stated` does not have such a value, or differs in another part.
    """
    if isinstance(recorded, Mapping):
        others = stated if isinstance(stated, Mapping) else {}
        names = _names(recorded, name)
        return {key: revealed(item, others.get(key), names[key]) for key, item in recorded.items()}
    if HIDDEN not in json.dumps(recorded):
        return recorded
    if stated is None or redacted(stated, name) != recorded:
        raise HiddenError(name)
    return stated


def missing_variables(options: Mapping[str, object]) -> list[tuple[str, str]]:
    """Options that name an environment variable which is not set: the option's name, and the variable's."""
    named = ((name, _VARIABLE.fullmatch(value)) for name, value in texts(options))
    return [(name, match[1]) for name, match in named if match and match[1] not in os.environ]


def variables(options: Mapping[str, object]) -> dict[str, str]:
    """Values of the environment variables that options name, by the variable's name, but for those of secrets."""
    named = ((name, _VARIABLE.fullmatch(value)) for name, value in texts(options))
    stated = {match[1]: os.environ.get(match[1], "") for name, match in named if match and not is_secret(name)}
    return {variable: value for variable, value in stated.items() if not is_secret_variable(variable)}


def unset_variable(option: str, written: str) -> tuple[str, str]:
    """The fault of an option that names an unset variable, and a hint. A key in place of the name is not shown.

    Args:
        option: Its name.
        written: What it is: the name of the variable, with or without ``env:``.
    """
    variable = written.removeprefix("env:")
    if is_variable(variable):
        fault = f"its option {option} is {written}, and the environment variable {variable} is not set"
        return fault, f"set the environment variable {variable}"
    fault = f"its option {option} is not the name of an environment variable that is set (not shown: it may be a key)"
    return fault, 'write the name of a variable, such as "MY_API_KEY", and set that variable to the key'


def remember(value: str) -> None:
    """Blot a value out of whatever is shown from now on."""
    # An engine may strip what a person has copied with the end of a line.
    stripped = value.strip()
    if len(stripped) >= _SHORTEST and not _VARIABLE.fullmatch(stripped):
        _known.add(stripped)


def without_secrets(text: str) -> str:
    """A text without secrets: known values, those of the environment, what looks like one, and users of addresses."""
    text = without_known(text, known_secrets())
    for secret in secrets_of_command_line(text):
        text = text if len(secret) < _SHORTEST or _WORD.fullmatch(secret) else text.replace(secret, HIDDEN)
    text = without_cuts(without_forms(text))
    text = _CREDENTIALS.sub("", text) if "://" in text else text
    return _CREDENTIALS_OF_PATH.sub("", text) if ":/" in text else text


def known_secrets() -> frozenset[str]:
    """The secrets of options, and those of the environment."""
    return frozenset({*_known, *_in_environment()})


def unspoken_secrets() -> frozenset[str]:
    """The known secrets that are no words or numbers of a transcript: those that texts of models lose."""
    return frozenset(value for value in known_secrets() if len(value) >= _SHORTEST_OF_VARIABLE and not _is_said(value))


def _is_said(value: str) -> bool:
    """Whether a value is words as people write them, or numbers."""
    parts = re.findall(r"\w+", value)
    cases = (str.lower, str.upper, str.capitalize)
    return all(map(str.isdigit, parts)) or all(
        part.isalpha() and part in {case(part) for case in cases} for part in parts
    )


def without_known(text: str, secrets: frozenset[str]) -> str:
    """A text without these secrets, whole or cut; what only looks like a secret stays."""
    if not secrets:
        return text
    return without_cuts_of(_spellings(secrets).sub(HIDDEN, text), secrets)


@cache
def _spellings(secrets: frozenset[str]) -> re.Pattern[str]:
    """Finds values as they are, and as they are written in addresses, JSON, Python, HTML and headers."""
    # A longer one first, of which another may be a part.
    ordered = sorted(secrets, key=len, reverse=True)
    encoded = (re.escape(base64.b64encode(value.encode("utf-8", "replace")).decode()) for value in ordered)
    return re.compile("|".join(["".join(map(_spelled, value)) for value in ordered] + [*encoded]), re.IGNORECASE)


@cache
def _spelled(character: str) -> str:
    """Matches a character as it is, and as an address, JSON, Python or HTML may write it."""
    number, utf16 = ord(character), character.encode("utf-16-be", "surrogatepass").hex()
    itself = character if character.isalnum() else rf"(?:{_ESCAPES})?{re.escape(character)}"
    others = [
        "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
        "".join(rf"{_ESCAPES}u{utf16[place : place + 4]}" for place in range(0, len(utf16), 4)),
        rf"{_ESCAPES}x{number:02x}",
        f"&#(?:{number}|x{number:x});",
    ]
    return f"(?:{'|'.join(filter(None, [itself, *others, _MARKUP.get(character)]))})"


def _in_environment() -> Iterator[str]:
    """The values of variables that are named like secrets, such as HF_TOKEN, and passwords of addresses in others.

    Those that may be plain words are left out.
    """
    for name, text in os.environ.items():
        for value in [text.strip()] if is_secret_variable(name) else _PASSWORD.findall(text):
            if len(value) >= _SHORTEST_OF_VARIABLE and not _WORD.fullmatch(value):
                yield value


def host_of(address: str) -> str:
    """Host and port of an address, without user, password, path and query."""
    place = address.partition("://")[2] or address
    return re.split(r"[/?#]", place, maxsplit=1)[0].rpartition("@")[2]


def hosts_only(text: str) -> str:
    """A text of somebody else's, such as a hub's error, with each address cut down to its host."""
    return without_secrets(_ADDRESS.sub(lambda match: host_of(match[0]), text))


def _with_variables(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_variables(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_variables(item) for item in value]
    match = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    remember(os.environ[match[1]])
    return os.environ[match[1]]


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text of plain JSON, with the name of its option."""
    if isinstance(value, Mapping):
        names = _names(value, name)
        for key, item in value.items():
            yield from texts(item, names[key])
    elif isinstance(value, (list, tuple)):
        for item in value[1:] if _is_named_value(value) else value:
            yield from texts(item, value[0] if _is_named_value(value) else name)
    elif isinstance(value, str):
        yield name, value
