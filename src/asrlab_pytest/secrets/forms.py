"""Secrets in a text, found by what precedes them (a name, a flag, a header) or by their form."""

from __future__ import annotations

import re
from collections.abc import Callable

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.secrets.names import ends_in_ambiguous, is_ambiguous, is_secret_in_text

HIDDEN = "***"
"""Shown instead of a secret."""
_MAY_HAVE_NAMES = lazy_pattern(
    r"key|token|secret|pass|pwd|pat|otp|sas|sig|credential|webhook|auth|cookie|bearer|jwt", re.IGNORECASE
)
_START = r"(?<![\w-])"
_NAME = r"(?P<name>(?P<authorization>[\w-]*(?i:auth(?:orization)?|token|api[-_]?key)(?![\w-]))|[A-Za-z_][\w-]*)"
_SCHEMES = r"(?:(?i:bearer|basic|token|digest|apikey|api-key|negotiate)\s+)"
_SCHEME = rf"(?(authorization){_SCHEMES}?)"
"""What may be before the value of an authorization, and stays."""
_PLAIN = r"[^\s\"'&,;)}\]]+"
_VALUE = rf"(?P<value>{_PLAIN}(?:,(?![\w-]+[=:]){_PLAIN})*)"
"""A value, or several with commas between them."""
_ENTRY = lazy_pattern(
    rf"(?P<before>(?P<quote>\\?[\"']){_NAME}(?P=quote)\s*:\s*b?(?P<open>\\?[\"']))"
    r"(?P<value>(?:(?!(?P=open)).)+)(?=(?P=open))"
)
"""A key of a dictionary or of JSON, which may itself be a JSON string."""
_LISTED = lazy_pattern(rf"(?P<before>{_START}--?{_NAME}[\"'],\s*[\"']{_SCHEME}){_VALUE}")
"""A flag and its value in a list of arguments."""
_PAIR = lazy_pattern(rf"(?P<before>[\"']{_NAME}[\"'],\s*b?[\"']{_SCHEME}){_VALUE}")
"""A header and its value in a list of pairs."""
_FLAG = lazy_pattern(rf"(?P<before>{_START}--?{_NAME}(?:=|\s+)(?:\$?[\"'])?{_SCHEME}){_VALUE}")
_WHOLE_FLAG = lazy_pattern(rf"(?P<before>--?{_NAME}=)(?P<value>.+)", re.DOTALL)
_ASSIGNED = lazy_pattern(rf"(?P<before>{_START}{_NAME}\+?=(?:\$?[\"'])?{_SCHEME}){_VALUE}")
_TYPE = r"(?<!\$env)(?<!\$Env)(?<!\{env):\s*[\w.|[\], ]{1,60}=\s*(?=[\"'])"
_STATED = lazy_pattern(
    rf"(?P<before>{_START}{_NAME}(?:[\"']\]?)?\s*(?:{_TYPE}|[:=](?!>)|[-=]>)\s*[\"']?{_SCHEME}){_VALUE}"
)
"""A name, which may have a type, and its value."""
_QUOTED = lazy_pattern(
    rf"(?P<before>{_START}-{{0,2}}{_NAME}(?:[\"']?\s*(?:{_TYPE}|[:=](?!>)|[-=]>)\s*|[\"'],\s*b?|\s+)\$?(?P<open>[\"']){_SCHEME})"
    r"(?P<value>(?:(?!(?P=open)).)+)(?=(?P=open))"
)
"""A name, and its value in quotes, which may have spaces."""
_COOKIE = r"[\w.%!#$&*+^|~-]+"
_CONTENT = r"(?:\"[^\"]*\"|\w{3},[^;,\"']+|(?:[^\s;\"',]|,(?=[^\s;\"',]))*)"
_COOKIES = lazy_pattern(
    r"((?<![a-z])cookies?(?:[\"']?\s*[:=]\s*b?|[\"'],\s*b?)[\"']?)"
    rf"{_COOKIE}(?:=(?=\S|\s*;){_CONTENT}|(?=\s*;\s*{_COOKIE}=))(?:\s*;\s*{_COOKIE}(?:={_CONTENT})?|,\s+{_COOKIE}={_CONTENT})*",
    re.IGNORECASE,
)
"""A header of cookies; the date of its expiry has a comma and spaces."""
_PARAMETER = r"[\w-]+=(?:\"[^\"]*\"|[^\s,\"']+)"
_PARAMETERS = lazy_pattern(
    rf"(authorization[\"']?\s*[:=]\s*[\"']?{_SCHEMES}?)(?:[\w-]+\s+)?{_PARAMETER}(?:,\s*{_PARAMETER})*", re.IGNORECASE
)
"""An authorization of several parts, such as a signature."""
_NO_SECRET = lazy_pattern(
    r"[-+\d.,:]{0,7}|\d{1,4}/[^:]*\.(?:wav|flac|mp3|ogg|opus|m4a|jsonl?|txt|csv|toml)\W*|(?:none|true|false|null)|env:.*"
    r"|[<*(-].*|(?:\$(?:\w+(?:[.:]\w+)*|\{+[\w.\s]*\}*|\(.*)?[-:/,.@]?)+|\.\.\..*|[\w.]+\(.*",
    re.IGNORECASE | re.DOTALL,
)
"""Short numbers, also in the path of a file, code, placeholders, other flags, and names of variables."""
_WORD = lazy_pattern(r"[A-Za-z]?[a-z]*|[A-Z]*|[/~.].*|[a-z_.]+", re.DOTALL)
"""A word, a path or a name in code."""
_WORDS = lazy_pattern(
    r".*\.[A-Za-z]\w{0,5}|(?:[a-z]*\d{0,4}[-_./,:+])*[a-z]*\d{0,4}|[a-z]\w*://.*|\[.*|.*\s.*", re.DOTALL
)
"""The name of a file, words with numbers, an address, a list, or a text."""
_HEADER = lazy_pattern(r"(?:[A-Za-z]+-)+[A-Za-z]+")
_LIST = lazy_pattern(
    r"(?P<before>\bset(?:[ \t]+-{1,2}[A-Za-z-]+)+[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]+)(?![-$<(\"'])[^\n;|&\"'`]+"
)
"""A variable of the shell fish, and its values to the end of the command: ``set -x NAME two words``."""
_LONGEST_NAME = 100
"""Characters of a value that may begin with another name."""
_SHORTEST, _SHORTEST_OF_TOKEN = 6, 8
"""Characters of a value in a sentence. There, a token is often one of the model."""
_TYPICAL = lazy_pattern(
    # Parts of an address's query, headers of credentials, addresses that are secrets, and private keys.
    r"([?&;][\w.%-]*(?:key|token|secret|password|signature|credential|sig|auth)=)[^&\s#\"'<>]+"
    r"|(\bauthorization(?:[\"']?\s*[:=]|[\"'],(?:\s*[\"']value[\"']:)?)\s*[\[(]?b?[\"']?"
    rf"{_SCHEMES}?)"
    r"(?!(?-i:[A-Z]?[a-z]+)(?:[\s\"',.;:]|$))[^\s\"',]{6,}"
    r"|([?&]code=)[^&\s#\"'<>]{8,}"
    r"|(\bhttps?://(?:hooks\.slack\.com|discord(?:app)?\.com/api/webhooks)/)[^\s\"'<>]+"
    # A user's password in an address without a scheme, of a database, on a command line, in code and in XML.
    r"|((?<![\w/.:-])[\w.-]+:)[^\s@:/\"']{6,}(?=@[\w.-]+(?::\d|/))"
    r"|(\s(?:-u|--user)[\s=]+[\w.-]+:)[^\s@:/\"']{6,}(?=@)"
    r"|(\bjdbc:[\w:]+:[^/\s:]+/)[^@\s]+(?=@)"
    r"|(\bcurl\b.*?\s(?:-u|--user)[\s=]+[\"']?[^\s:\"']+:)[^\s\"']+"
    r"|(\b(?:HTTPBasicAuth|auth=)\([\"'][^\"']*[\"'],\s*[\"'])[^\"']+"
    r"|(<(?:api_?key|access_?token|token|secret|password)>)[^<\s]+"
    r"|(-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:[^\"']*?-----END [A-Z ]*-----|[^\"']*)"
    # Secrets by their form: what follows "API key" or "Bearer", and the tokens of hubs and services.
    r"|(\bapi key(?: provided)?:?\s+[\"'])(?=[^\"'\n]*\d)[^\"'\n]+"
    r"|(\bapi key(?: provided)?:?\s+[\"'(]?|\bbearer\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}"
    r"|(\bbasic\s+)(?=\w*(?-i:[a-z]))(?=\w*(?-i:[A-Z]))(?=\w*[\d=])[\w+/]{12,}={0,2}"
    r"|(\bbot\d{6,}:)[\w-]{8,}"
    r"|(\bAWS4-HMAC-SHA256\s+)Credential=[^\"'\n]+"
    r"|(\beyJ)[\w-]{8,}\.[\w-]{4,}\.[\w-]*"
    r"|\b(?:(hf_|gh[pousr]_|AKIA|gsk_)[A-Za-z0-9]{16,}"
    r"|(github_pat_|glpat-)[\w-]{16,}"
    r"|(sk-|xai-|AIza|xox[abp]-)(?=[\w-]{0,200}\d)[\w-]{16,})",
    re.IGNORECASE,
)


def without_forms(text: str) -> str:
    """A message without secrets, which are found by the name before them or by their form.

    A word or a path is not taken for a secret, unless it is the value of a dictionary or of a list of arguments.
    """
    if _MAY_HAVE_NAMES.search(text):
        text = _without_headers(text)
        text = _substituted(_ENTRY, _of_entry, text)
        text = _substituted(_QUOTED, _of_quoted, text)
        text = _substituted(_LISTED, _of_argument, text)
        text = _substituted(_PAIR, _of_sentence, text)
        text = _substituted(_FLAG, lambda match: _hidden(match, is_secret=_may_be_secret(match, is_flag=True)), text)
        text = _substituted(_ASSIGNED, lambda match: _hidden(match, is_secret=_may_be_secret(match)), text)
        text = _substituted(_STATED, _of_sentence, text)
        text = _LIST.sub(lambda match: f"{match['before']}{HIDDEN}" if _names_secret(match["name"]) else match[0], text)
    return _TYPICAL.sub(lambda match: f"{next(filter(None, match.groups()), '')}{HIDDEN}", text)


def without_arguments(text: str, before: str) -> str:
    """The text of an option without the secret values of flags, variables and headers.

    Args:
        text: A command line, an argument of it or any other text.
        before: The argument before it, if it is one of a list.
    """
    flag = _WHOLE_FLAG.fullmatch(f"{before}={text}")
    if flag and "=" not in before and _of_argument(flag) != flag[0]:
        return HIDDEN
    if not _MAY_HAVE_NAMES.search(text):
        return text
    whole = _WHOLE_FLAG.fullmatch(text)
    if whole:
        return _of_argument(whole)
    text = _substituted(_QUOTED, _of_quoted, _without_headers(text))
    for form in (_LISTED, _FLAG, _ASSIGNED):
        text = _substituted(form, _of_argument, text)
    return _substituted(_STATED, _of_header, text)


def may_have_names(text: str) -> bool:
    """Whether a text may have a name of secrets."""
    return _MAY_HAVE_NAMES.search(text) is not None


def is_word(value: str) -> bool:
    """Whether a value is a word, a path or a name in code, which a sentence may have after a name."""
    return _WORD.fullmatch(value) is not None


def is_harmless(value: str) -> bool:
    """Whether a value is a short number, code, a placeholder, a flag or the name of a variable."""
    return _NO_SECRET.fullmatch(value) is not None


def _without_headers(text: str) -> str:
    """A text without the headers that have several values."""
    return _PARAMETERS.sub(rf"\1{HIDDEN}", _COOKIES.sub(rf"\1{HIDDEN}", text))


def _substituted(form: re.Pattern[str], shown: Callable[[re.Match[str]], str], text: str) -> str:
    """A text with each match of a form as it is shown.

    What is not hidden after one name may be the next one: ``RuntimeError: api_key: X``, ``--verbose --api-key X``.
    """
    parts = []
    start = 0
    while match := form.search(text, start):
        part = shown(match)
        is_next_name = part == match[0] and len(match["value"]) <= _LONGEST_NAME
        end = match.start("value") if is_next_name else match.end()
        parts += [text[start : match.start()], part[: len(part) - (match.end() - end)]]
        start = end
    return "".join([*parts, text[start:]])


def _of_entry(match: re.Match[str]) -> str:
    # A token may be a model's token.
    is_word = match["name"] == "token" and _WORD.fullmatch(match["value"])
    return _hidden(match, is_secret=_names_secret(match["name"]) and not is_word)


def _of_quoted(match: re.Match[str]) -> str:
    """A value with a space; one without is found like one that is not in quotes."""
    name, value, before = match["name"], match["value"], match["before"]
    if not any(map(str.isspace, value)):
        return match[0]
    is_flag = before.startswith("-")
    # A sentence about a password or a token may quote something else.
    in_sentence = not is_flag and (
        name == "token" or before[: match.start("open") - match.start()].rstrip()[-1].isalnum()
    )
    is_named = _names_secret(name) or (is_flag and is_ambiguous(name))
    return _hidden(match, is_secret=is_named and (not in_sentence or any(map(str.isdigit, value))))


def _of_argument(match: re.Match[str]) -> str:
    return _hidden(match, is_secret=_names_secret(match["name"]) or _may_be_secret(match, is_flag=True))


def _of_header(match: re.Match[str]) -> str:
    return _of_argument(match) if _HEADER.fullmatch(match["name"]) else match[0]


def _of_sentence(match: re.Match[str]) -> str:
    name, value = match["name"], match["value"]
    if not _names_secret(name) or _WORD.fullmatch(value):
        return match[0]
    least = _SHORTEST_OF_TOKEN if name.lower() == "token" else _SHORTEST
    has_form = len(value) >= least and any(map(str.isdigit, value))
    return _hidden(match, is_secret=has_form or _HEADER.fullmatch(name) is not None)


def _names_secret(name: str) -> bool:
    """Whether what follows a name in a message is a secret; also after the header X-Auth."""
    return is_secret_in_text(name) or (name[:2] in ("X-", "x-") and is_ambiguous(name))


def _may_be_secret(match: re.Match[str], *, is_flag: bool = False) -> bool:
    """Whether a value that is not a word is a secret by its name; with an ambiguous name, only if it has a digit.

    What follows a flag such as ``--tokens`` may also be a file, or words and numbers.
    """
    name, value = match["name"], match["value"]
    if _WORD.fullmatch(value):
        return False
    if is_secret_in_text(name):
        return True
    is_variable = name.isupper() and "_" in name
    has_form = len(value) >= _SHORTEST and any(map(str.isdigit, value))
    if is_flag and has_form and ends_in_ambiguous(name):
        return any(map(str.isalpha, value)) and not _WORDS.fullmatch(value)
    return is_ambiguous(name) and (is_flag or is_variable or has_form)


def _hidden(match: re.Match[str], *, is_secret: bool) -> str:
    is_shown = not is_secret or _NO_SECRET.fullmatch(match["value"])
    return match[0] if is_shown else f"{match['before']}{HIDDEN}"
