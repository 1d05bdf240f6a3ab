"""Which names hold secrets: names of options, environment variables, headers and program arguments."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SECRET = frozenset(
    {"apikey", "apikeys", "token", "secret", "secrets", "bearer", "jwt", "passphrase", "passwd", "pwd"}
    | {"password", "passwords", "credential", "credentials", "authorization", "cookie", "cookies"}
    | {"webhook", "webhooks"}
)
_AMBIGUOUS = frozenset({"key", "pass", "pat", "otp", "auth", "sig", "sas"})
"""Words that also stand for something else in a message, such as the key of a table."""
_OF_OPTIONS = frozenset({"keys", "tokens", "signature"})
"""In a message and on a command line, they may be a table's keys, a model's tokens or a score's signature."""
_OWNERS = frozenset(
    {"api", "access", "account", "client", "encryption", "license", "master", "private", "secret", "service"}
    | {"signing", "subscription"}
)
"""Words before "key" in the name of a secret: ``access_key``, but not ``sort_key``."""
_ENDS_OF_VARIABLES = re.compile(
    r"(key|token|secrets?|passwords?|passwd|passphrase|pwd|credentials?|authorization|cookies?)$", re.IGNORECASE
)
_VARIABLE = re.compile(r"[A-Z]{1,16}[0-9]{0,3}(_[A-Z]{1,16}[0-9]{0,3}|_[0-9]{1,3})*")
"""Words in capitals, like the name of a variable. A key has more digits, or lower case."""
_NAMES = 4096
"""Number of cached results."""


@lru_cache(_NAMES)
def is_secret(name: str) -> bool:
    """Whether an option holds a secret by a word anywhere in its name: ``api_keys``, ``HF_TOKEN_READ``, ``KEY15``."""
    return not (_SECRET | _AMBIGUOUS | _OF_OPTIONS).isdisjoint(_words(name))


@lru_cache(_NAMES)
def is_secret_variable(name: str) -> bool:
    """Whether an environment variable does, even if its words are not separated: ``MYSECRETKEY``."""
    return is_secret(name) or _ENDS_OF_VARIABLES.search(name) is not None


@lru_cache(_NAMES)
def is_secret_in_text(name: str) -> bool:
    """Whether what follows a name in a message or on a command line is a secret."""
    words = _words(name)
    is_key = any(word == "key" and words[place - 1] in _OWNERS for place, word in enumerate(words) if place)
    return is_key or not _SECRET.isdisjoint(words)


@lru_cache(_NAMES)
def is_ambiguous(name: str) -> bool:
    """Whether the value after a name in a message may be a secret: after ``GROQ_KEY`` it is, after "key" it may be."""
    return not _AMBIGUOUS.isdisjoint(_words(name))


def is_variable(name: str) -> bool:
    """Whether a text is certainly the name of a variable, and not a secret in its place: ``GROQ_API_KEY``."""
    return _VARIABLE.fullmatch(name) is not None


def _words(name: str) -> list[str]:
    return [part.lower() for part in _PARTS.findall(name)]
