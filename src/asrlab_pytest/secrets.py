"""Options that are secrets: given as ``env:NAME``, kept out of records and reports, and blotted out of messages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

HIDDEN = "***"
"""What is in the place of a secret."""
_NAMES = re.compile(
    r"(key|token|secrets?|passwords?|passwd|passphrase|pwd|credentials?|authorization|cookies?"
    r"|(^|[_-])(auth|pass))$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SECRET_PARTS = frozenset(
    {"key", "keys", "apikey", "apikeys", "token", "tokens", "secret", "secrets", "bearer", "jwt", "pat", "otp", "auth"}
    | {"password", "passwords", "passwd", "passphrase", "pwd", "pass", "credential", "credentials", "authorization"}
    | {"cookie", "cookies"}
)
"""Words of which a secret option's name has one, wherever it is in the name: ``api_keys``, ``secretAccess``."""
_NUMBER = re.compile(r"[-+]?[\d.,\s]*")
"""What is not a secret under such a name: ``suppress_tokens = "-1"``."""
_VARIABLE = re.compile(r"env:([A-Za-z_]\w*)")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s?#\"'<>]*@")
_TYPICAL = re.compile(
    # Parts of an address's query, and of a header or a keyword argument, by their names.
    r"([?&;][\w.%-]*(?:key|token|secret|password|signature|credential|sig|auth)=)[^&\s#\"'<>]+"
    r"|(\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic|token)\s+)?)[^\s\"',]{6,}"
    r"|(\b[\w-]*(?:api[_-]?key|token|secret|password)[\"']?\s*[:=]\s*[\"']?)"
    r"(?=[^\s\"'&,;)}\]]*\d)(?!env:)[^\s\"'&,;)}\]]{8,}"
    # And by their form: what follows "Bearer", and the tokens of hubs and services.
    r"|(\bbearer\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}"
    r"|(\beyJ)[\w-]{8,}\.[\w-]{4,}\.[\w-]*"
    r"|\b(?:(hf_|gh[pousr]_|AKIA)[A-Za-z0-9]{16,}|(sk-|github_pat_|glpat-|xox[abp]-)(?=[\w-]*\d)[\w-]{16,})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>)\]]+", re.IGNORECASE)
_SHORTEST = 6
"""Characters from which a value is looked for in messages: a shorter one would blot out words."""
_SHORTEST_OF_VARIABLE = 8
_WORD = re.compile(r"[A-Za-z]?[a-z]*|[A-Z]*|[/~.].*")
"""A word or a path, which is not a secret although a variable named like one may hold it."""
_known: set[str] = set()


def redacted(value: Any, name: str = "") -> Any:
    """Plain JSON without its secrets: the texts under names such as ``api_key``, and every occurrence of such a text.

    The name of an environment variable (``env:NAME``) is not a secret.
    """
    if isinstance(value, Mapping):
        return {key: redacted(item, name if is_secret(name) else str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(item, name) for item in value]
    if not isinstance(value, str) or _VARIABLE.fullmatch(value):
        return value
    if is_secret(name) and not _NUMBER.fullmatch(value):
        remember(value)
        return HIDDEN
    return without_secrets(value)


def is_secret(name: str) -> bool:
    """Whether an option of this name holds a secret."""
    return not _SECRET_PARTS.isdisjoint(part.lower() for part in _PARTS.findall(name))


def resolved(options: Mapping[str, object]) -> dict[str, object]:
    """Options with the values of the environment variables that they name, for the engine alone.

    Raises:
        KeyError: there is no such variable.
    """
    for name, value in _texts(options):
        if is_secret(name) and not _NUMBER.fullmatch(value):
            remember(value)
    values: dict[str, object] = _with_variables(options)
    return values


def missing_variables(options: Mapping[str, object]) -> list[tuple[str, str]]:
    """Options that name an environment variable which is not set: the option's name, and the variable's."""
    named = ((name, _VARIABLE.fullmatch(value)) for name, value in _texts(options))
    return [(name, match[1]) for name, match in named if match and match[1] not in os.environ]


def remember(value: str) -> None:
    """Blot a value out of whatever is shown from now on."""
    if len(value) >= _SHORTEST and not _VARIABLE.fullmatch(value):
        _known.add(value)


def without_secrets(text: str) -> str:
    """A text without secrets: known values, those of the environment, what looks like one, and users of addresses."""
    # A longer one first, of which another may be a part.
    for value in sorted({*_known, *_in_environment()}, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    text = _TYPICAL.sub(lambda match: f"{next(filter(None, match.groups()), '')}{HIDDEN}", text)
    return _CREDENTIALS.sub("", text) if "://" in text else text


def _in_environment() -> Iterator[str]:
    """The values of variables that are named like secrets, such as HF_TOKEN, unless they may be plain words."""
    for name in os.environ:
        if _NAMES.search(name):
            value = os.environ.get(name, "")
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


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text of plain JSON, with the name of its option."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, name if is_secret(name) else str(key))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, str):
        yield name, value
