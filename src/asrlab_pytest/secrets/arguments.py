"""Passwords among the arguments of programs that have flags of their own for them: `curl -u user:X`, `sshpass -p X`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import PurePath

from asrlab_pytest.patterns import lazy_pattern

_USER = lazy_pattern(r"[^\s:]+:(?!\d{1,5}$)(.+)", re.DOTALL)
"""User and password; two numbers are ids, as in `docker run -u 1000:1000`."""
_PROXY = lazy_pattern(r"(?:\w+://)?[^\s:@]+:(.+)@[^@]+", re.DOTALL)
_WHOLE = lazy_pattern(r"(.+)", re.DOTALL)
_COOKIE = lazy_pattern(r"[^\s=]+=(.+)", re.DOTALL)
_PASS = lazy_pattern(r"pass:(.+)", re.DOTALL)
_FLAGS = {
    "curl": {
        **dict.fromkeys(("-u", "--user", "-U", "--proxy-user"), _USER),
        **dict.fromkeys(("-b", "--cookie"), _COOKIE),
        **dict.fromkeys(("-x", "--proxy", "--preproxy"), _PROXY),
    },
    **dict.fromkeys(("http", "https"), dict.fromkeys(("-a", "--auth"), _USER)),
    "sshpass": {"-p": _WHOLE},
    "mysql": {"-p": _WHOLE},
    "redis-cli": {"-a": _WHOLE},
    "openssl": dict.fromkeys(("-passin", "-passout"), _PASS),
    "docker login": {"-p": _WHOLE},
}
"""By program, its flags whose value is or has a password."""
_PROGRAMS = lazy_pattern(rf"\b(?:{'|'.join(_FLAGS)})\b")


def secrets_of_programs(arguments: Sequence[str]) -> Iterator[str]:
    """The passwords in a list of arguments, in which any may be the name of a program."""
    for place, argument in enumerate(arguments):
        program = PurePath(argument).name
        flags = _FLAGS.get(program) or _FLAGS.get(" ".join([program, *arguments[place + 1 : place + 2]]))
        if flags:
            yield from _secrets(arguments[place + 1 :], flags)


def secrets_of_command_line(text: str) -> Iterator[str]:
    """The passwords in a command line, as a shell would read it."""
    if not _PROGRAMS.search(text):
        return
    try:
        arguments = shlex.split(text)
    except ValueError:
        arguments = text.split()
    yield from secrets_of_programs(arguments)


def _secrets(arguments: Sequence[str], flags: dict[str, re.Pattern[str]]) -> Iterator[str]:
    for flag, form in flags.items():
        for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
            value = _value(argument, flag, following)
            match = form.fullmatch(value) if value and not value.startswith(("-", "$", "<")) else None
            if match:
                yield match[1]
            if match and form is _WHOLE:
                # A program that this one starts may have such a flag, too: sshpass -p X ssh -p 22.
                break


def _value(argument: str, flag: str, following: str) -> str | None:
    """The value of a flag: the next argument, what is behind "=", or what is behind a letter: ``-uX``, ``-su X``."""
    if argument == flag:
        return following
    if len(flag) > 2:  # noqa: PLR2004 - a dash and a letter
        return argument.removeprefix(f"{flag}=") if argument.startswith(f"{flag}=") else None
    if argument.startswith(flag):
        return argument.removeprefix(flag)
    is_cluster = re.fullmatch(r"-[A-Za-z]{1,5}", argument) is not None
    return following if is_cluster and argument.endswith(flag[1]) else None
