"""Secrets in command lines: after flags of certain programs, as `curl -u user:X`, and in words such as `"$A"X`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.secrets.forms import is_harmless, is_word, may_have_names
from asrlab_pytest.secrets.names import is_secret_in_text
from asrlab_pytest.secrets.setters import SETTERS, secrets_of_setters
from asrlab_pytest.secrets.words import Word, command_lines, literals

_USER = lazy_pattern(r"[^\s:]+:(?!\d{1,5}$)(.+)", re.DOTALL)
"""User and password; two numbers are ids, as in `docker run -u 1000:1000`."""
_PROXY = lazy_pattern(r"(?:\w+://)?[^\s:@]+:(.+)@[^@]+", re.DOTALL)
_WHOLE = lazy_pattern(r"(.+)", re.DOTALL)
_COOKIE = lazy_pattern(r"[^\s=]+=(.+)", re.DOTALL)
_PASS = lazy_pattern(r"pass:(.+)", re.DOTALL)
_PERCENT = lazy_pattern(r"[^%]+%(.+)", re.DOTALL)
_COMMA = lazy_pattern(r"[^,]+,(.+)", re.DOTALL)
_FLAGS = {
    "curl": {
        **dict.fromkeys(("-u", "--user", "-U", "--proxy-user"), _USER),
        **dict.fromkeys(("-b", "--cookie"), _COOKIE),
        **dict.fromkeys(("-x", "--proxy", "--preproxy"), _PROXY),
    },
    **dict.fromkeys(("http", "https", "xh"), dict.fromkeys(("-a", "--auth"), _USER)),
    **{
        program: {"-p": _WHOLE}
        for program in (
            *("sshpass", "mysql", "mysqldump", "mysqladmin", "mariadb", "mongo", "mongosh", "mongodump", "twine", "7z"),
            *("docker login", "podman login", "az login"),
        )
    },
    **{program: {"-P": _WHOLE} for program in ("zip", "unzip", "ipmitool", "sqlcmd", "mosquitto_pub", "mosquitto_sub")},
    **{
        program: dict.fromkeys(("-A", "-X", "-c"), _WHOLE)
        for program in ("snmpget", "snmpgetnext", "snmpset", "snmpwalk", "snmpbulkget", "snmpbulkwalk", "snmptrap")
    },
    "redis-cli": {"-a": _WHOLE},
    "ldapsearch": {"-w": _WHOLE},
    "smbclient": {"-U": _PERCENT},
    "lftp": {"-u": _COMMA},
    "openssl": dict.fromkeys(("-passin", "-passout"), _PASS),
    "gh secret": dict.fromkeys(("-b", "--body"), _WHOLE),
    "ConvertTo-SecureString": {"": _WHOLE, "-String": _WHOLE},
    **{program: {"": _WHOLE} for program in ("wandb login", "vault login")},
}
"""By program, its flags whose value is or has a password; an empty one is the first argument without a flag."""
_PROGRAMS = frozenset(program.split()[0] for program in _FLAGS)
_BETWEEN = lazy_pattern(r"[^\w-]+")
_SETTING = lazy_pattern(r"[\"'\\$`]|<<<")
"""What is in a text with a word of several parts, and with a variable that is set or read."""
_ASSIGNED = lazy_pattern(r"-{0,2}([A-Za-z_][\w.-]*)(?:\+?=|:(?=\\))(.+)", re.DOTALL)
_FLAG = lazy_pattern(r"--?([A-Za-z_][\w.-]*)")
_PUNCTUATION = "()[]{},;$`"
_SHORTEST = 6
"""Characters of a part that is hidden by itself, where the word is written in another way."""
_LONGEST = 4000
"""Characters of a word that may be a secret."""
_SUBCOMMANDS = 6
"""Arguments in which the second word of a program is looked for: `docker --config x login`."""


def secrets_of_programs(arguments: Sequence[str]) -> Iterator[str]:
    """The passwords in a list of arguments, in which any may be the name of a program."""
    for place, argument in enumerate(arguments):
        program = argument.strip(_PUNCTUATION).rpartition("/")[2].removesuffix(".exe")
        if program in _PROGRAMS:
            yield from _of_program(program, arguments[place + 1 :])
    yield from secrets_of_setters(arguments)


def _of_program(program: str, arguments: Sequence[str]) -> Iterator[str]:
    if program in _FLAGS:
        yield from _secrets(arguments, _FLAGS[program])
    for place, argument in enumerate(arguments[:_SUBCOMMANDS], start=1):
        yield from _secrets(arguments[place:], _FLAGS.get(f"{program} {argument}", {}))


def secrets_of_command_line(text: str) -> list[str]:
    """The secrets in a command line, as a shell would read it, and as they are written there."""
    names = {*_BETWEEN.split(text)}
    may_set = may_have_names(text) and (not SETTERS.isdisjoint(names) or _SETTING.search(text) is not None)
    return [*dict.fromkeys(_of_words(text))] if may_set or not _PROGRAMS.isdisjoint(names) else []


def _of_words(text: str) -> Iterator[str]:
    for words in command_lines(text):
        yield from _in_parts(words)
        for secret in secrets_of_programs([word.value for word in words]):
            # One that is put together from several parts is written in another way.
            yield from (word.raw for word in words if secret not in text and secret in word.value)
            yield secret


def _in_parts(words: Sequence[Word]) -> Iterator[str]:
    """Secrets that are put together: `HF_TOKEN="$A"X`, `--token 'X'Y`."""
    for before, word in pairwise([Word("", ""), *words]):
        flag, assigned = _FLAG.fullmatch(before.value), _ASSIGNED.fullmatch(word.raw)
        name, raw = (assigned[1], assigned[2]) if assigned else (flag[1] if flag else "", word.raw)
        values = literals(raw) if len(raw) <= _LONGEST and is_secret_in_text(name) else []
        if not all(is_word(value) or value.isspace() for value in values):
            yield from [raw, *(value for value in values if len(value) >= _SHORTEST and not is_word(value))]


def _secrets(arguments: Sequence[str], flags: dict[str, re.Pattern[str]]) -> Iterator[str]:
    for flag, form in flags.items():
        if not flag:
            values = [value for value in arguments if not value.startswith("-")][:1]
            yield from (value for value in values if not is_word(value.rstrip(".,:")) and not is_harmless(value))
            continue
        for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
            value = _value(argument, flag, following)
            match = form.fullmatch(value) if value and not value.startswith(("-", "$", "<")) else None
            if match:
                yield match[1]
            if match and form is _WHOLE:
                # A program that this one starts may have such a flag, too: sshpass -p X ssh -p 22.
                break


def _value(argument: str, flag: str, following: str) -> str | None:
    """The value of a flag: the next argument, what is after "=", or what is after a letter: ``-uX``, ``-su X``."""
    if argument == flag:
        return following
    if len(flag) > 2:  # noqa: PLR2004 - a dash and a letter
        return argument.removeprefix(f"{flag}=") if argument.startswith(f"{flag}=") else None
    if argument.startswith(flag):
        return argument.removeprefix(flag)
    is_cluster = re.fullmatch(r"-[A-Za-z]{1,5}", argument) is not None
    return following if is_cluster and argument.endswith(flag[1]) else None
