"""Which names hold secrets: names of options, environment variables, headers and program arguments."""

from __future__ import annotations

import re
from functools import lru_cache

from asrlab_pytest.patterns import lazy_pattern

_PARTS = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SECRET = frozenset(
    {"apikey", "apikeys", "token", "secret", "secrets", "bearer", "jwt", "passphrase", "passwd", "pwd"}
    | {"password", "passwords", "credential", "credentials", "authorization", "cookie", "cookies"}
    | {"webhook", "webhooks"}
)
_AMBIGUOUS = frozenset({"key", "pass", "pat", "otp", "auth", "sig", "sas"})
"""Words that also stand for something else in a message, such as the key of a table."""
_OF_OPTIONS = frozenset({"keys", "tokens", "signature"})
"""In a message and on a command line, they may be a table's keys, a model's tokens or a score's signature."""
_OF_MODELS = frozenset({"token"})
"""Words that say what else the option is about, unless they end its name."""
_ALL = _SECRET | _AMBIGUOUS | _OF_OPTIONS
_OWNERS = frozenset(
    {"api", "access", "account", "client", "encryption", "license", "master", "private", "secret", "service"}
    | {"signing", "subscription"}
)
"""Words before "key" in the name of a secret: ``access_key``, but not ``sort_key``."""
_ENDS_OF_VARIABLES = lazy_pattern(
    r"(key|token|secrets?|passwords?|passwd|passphrase|pwd|credentials?|authorization|cookies?)$", re.IGNORECASE
)
_VARIABLE = lazy_pattern(r"[A-Z]{1,16}[0-9]{0,3}(_[A-Z]{1,16}[0-9]{0,3}|_[0-9]{1,3})*")
"""Words in capitals, like the name of a variable. A key has more digits, or lower case."""
_ENDS = lazy_pattern(r"(passwords?|passwd|passphrase|apikeys?|(access|secret)key|(auth|access)token)$")
"""Ends of words that are not separated: ``dbpassword``."""
_ENDS_OF_OPTIONS = lazy_pattern(
    rf"(.tokens?|.secrets?|.cookies?|.credentials?|webhook(url)?|({'|'.join(sorted(_OWNERS))})keys?"
    r"|(admin|db|root|smtp|user|proxy)(pass|pwd)|(basic|http|proxy|user)auth)$"
)
"""Those of words in the name of an option, where a message may mean something else: ``hftoken``."""
_VERSIONS = frozenset({"dev", "header", "live", "new", "old", "prod", "staging", "test", "v", "value"})
"""Words that say which of several secrets an option is: ``token_v2``."""
_NAMES = 4096
"""Number of cached results."""


@lru_cache(_NAMES)
def is_secret(name: str) -> bool:
    """Whether an option holds a secret: ``api_keys`` and ``hf_token``, but not ``key_padding`` and ``token_type``.

    A name in capitals is that of an environment variable.
    """
    if name.isupper():
        return is_secret_variable(name)
    words = [word for word in _words(name) if not word.isdigit()]
    while len(words) > 1 and words[-1] in _VERSIONS:
        words.pop()
    is_of_secrets = not (_SECRET - _OF_MODELS).isdisjoint(words) or _is_owned_key(words) or _ends_in_one(words)
    return is_of_secrets or not _ALL.isdisjoint(words[-1:]) or any(map(_ENDS_OF_OPTIONS.search, words[-1:]))


@lru_cache(_NAMES)
def is_secret_variable(name: str) -> bool:
    """Whether an environment variable does, by any word (``API_KEY_2``), even if not separated: ``MYSECRETKEY``."""
    return not _ALL.isdisjoint(_words(name)) or _ENDS_OF_VARIABLES.search(name) is not None


@lru_cache(_NAMES)
def is_secret_in_text(name: str) -> bool:
    """Whether what follows a name in a message or on a command line is a secret."""
    words = _words(name)
    is_one_word = name.isupper() and "_" not in name
    if is_one_word and name.lower() not in _OF_OPTIONS | _AMBIGUOUS and _ENDS_OF_VARIABLES.search(name):
        return True
    return _is_owned_key(words) or not _SECRET.isdisjoint(words) or _ends_in_one(words)


@lru_cache(_NAMES)
def is_ambiguous(name: str) -> bool:
    """Whether the value after a name in a message may be a secret: after ``GROQ_KEY`` it is, after "key" it may be."""
    return not _AMBIGUOUS.isdisjoint(_words(name))


@lru_cache(_NAMES)
def ends_in_ambiguous(name: str) -> bool:
    """Whether a name ends in a word that names secrets in an option, and often something else in an argument."""
    words = [word for word in _words(name) if not word.isdigit()]
    return not _OF_OPTIONS.isdisjoint(words[-1:])


def is_variable(name: str) -> bool:
    """Whether a text is certainly the name of a variable, and not a secret in its place: ``GROQ_API_KEY``."""
    return _VARIABLE.fullmatch(name) is not None


def _ends_in_one(words: list[str]) -> bool:
    return any(_ENDS.search(word) for word in words)


def _is_owned_key(words: list[str]) -> bool:
    return any(word in ("key", "keys") and words[place - 1] in _OWNERS for place, word in enumerate(words) if place)


def _words(name: str) -> list[str]:
    return [part.lower() for part in _PARTS.findall(name)]
