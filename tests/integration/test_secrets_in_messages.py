"""Secrets that nobody named as such are in no message: of the environment, in addresses, in headers, in warnings."""

import html
import json
from base64 import b64encode
from functools import partial
from urllib.parse import quote, quote_plus

import pytest

from asrlab_pytest import secrets
from asrlab_pytest.secrets import redacted, without_secrets

TABLE = """[tool.asrlab.models.m]
engine = "wicked"
weights = "here"
options = {{ does = "{deed}", on = "good night" }}
"""


@pytest.fixture(autouse=True)
def _no_secrets():
    yield
    secrets._known.clear()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("401 at https://me:pw@ex.org/v1?token=abc&x=1", "401 at https://ex.org/v1?token=***&x=1"),
        ("https://ex.org/b?X-Amz-Signature=abcdef&y=1", "https://ex.org/b?X-Amz-Signature=***&y=1"),
        ("https://u:p@ss@host/x", "https://host/x"),
        ("no corpus at /home/me/https:/bob:hunter22@host:9/y", "no corpus at /home/me/https:/host:9/y"),
        ("C:/me/x@y, at 12:/30, file:/home/me:you", "C:/me/x@y, at 12:/30, file:/home/me:you"),
        ("Authorization: Bearer abcd1234x", "Authorization: Bearer ***"),
        ("sent Bearer abc.def1234 along", "sent Bearer *** along"),
        ('{"api_key": "sk1234abcd"}', '{"api_key": "***"}'),
        ("password=hunter22x", "password=***"),
        ("https://ex.org/f?code=Xy12abZZq", "https://ex.org/f?code=***"),
        (
            "at https://api.telegram.org/bot123456:Xy12abZZqXy12abZZq/send",
            "at https://api.telegram.org/bot123456:***/send",
        ),
        ("jdbc:oracle:thin:me/Xy12abZZq@host", "jdbc:oracle:thin:me/***@host"),
        ("proxy me:Xy12abZZq@host:8080, me:Xy12abZZq@host/0", "proxy me:***@host:8080, me:***@host/0"),
        ("at 12:30:45 me:you@host, a country?code=en", "at 12:30:45 me:you@host, a country?code=en"),
        ("401 for hf_abcdefghijklmnopqrst", "401 for hf_***"),
        ("bad glpat-AbCdEfGhIjKlMnOpQrSt", "bad glpat-***"),
        ("refused Basic dXNlcjpTM2NyM3RQYXNz, twice", "refused Basic ***, twice"),
        ("refused Basic dXNlcjpwYXNzd29yZA==", "refused Basic ***"),
        ("AWS4-HMAC-SHA256 Credential=AK/x, SignedHeaders=host, Signature=5d672d79c1", "AWS4-HMAC-SHA256 ***"),
        (
            "basic transcription of LibriSpeech2, Basic LibriSpeech",
            "basic transcription of LibriSpeech2, Basic LibriSpeech",
        ),
        ("the bearer recognition of a token: something", "the bearer recognition of a token: something"),
        ("token = env:MY_TOKEN1", "token = env:MY_TOKEN1"),
        ("suppress_tokens: 123456789", "suppress_tokens: 123456789"),
        ("model hf_whisper_v3 on https://ex.org/a@b", "model hf_whisper_v3 on https://ex.org/a@b"),
    ],
)
def test_what_looks_like_a_secret(text, shown):
    """Credentials of addresses, queries, headers and keyword arguments are blotted out, and words are not."""
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    "written",
    [
        *(quote, partial(quote, safe=""), quote_plus, json.dumps, repr),
        *(lambda secret: b64encode(secret.encode()).decode(), str.upper, html.escape),
        # PHP escapes slashes, .NET what HTML does, and a gateway may put one JSON into another.
        lambda secret: json.dumps(secret).replace("/", r"\/"),
        lambda secret: json.dumps(secret).replace("+", r"\u002B"),
        lambda secret: json.dumps({"error": json.dumps(secret, ensure_ascii=False)}),
        lambda secret: "".join(rf"\u{ord(character):04X}" for character in secret),
        lambda secret: "".join(f"&#{ord(character)};" for character in secret),
    ],
    ids=[
        *("path", "query", "form", "json", "python", "base64", "capitals", "html"),
        *("json-of-php", "json-of-dotnet", "json-in-json", "json-of-numbers", "html-of-numbers"),
    ],
)
def test_a_known_secret_in_another_form(written):
    """A value that is known to be a secret is blotted out in other forms, too, and in capitals."""
    secret = "s3cr/et+KEY=\\'\"value ü1"
    redacted({"api_key": secret})

    shown = without_secrets(f"GET x?k={written(secret)} failed")

    assert "***" in shown
    assert "KEY" not in shown
    assert written(secret) not in shown


def test_variables_of_the_environment(monkeypatch):
    """The value of a variable that is named like a secret is blotted out, unless it may be a word or a path."""
    monkeypatch.setenv("HF_TOKEN", "abcDEF12345")
    monkeypatch.setenv("HF_TOKEN_OLD_SECRET", "abcDEF12345-and-more")
    monkeypatch.setenv("SORT_KEY", "duration")
    monkeypatch.setenv("SSH_KEY", "/home/me/.ssh/id_1")

    text = without_secrets("401 with abcDEF12345, abcDEF12345-and-more by duration, /home/me/.ssh/id_1")

    assert text == "401 with ***, *** by duration, /home/me/.ssh/id_1"


def test_nested_options():
    """A header of authorization in a table of a table is redacted in a record."""
    options = {
        "headers": {"Authorization": "Bearer abcd1234x", "Cookie": "session=abc"},
        "auth": ["me", "abcd1234x"],
        "db_pass": "abc",
        "compass": "north",
        "suppress_tokens": "1,2",
    }

    assert redacted(options) == {
        "headers": {"Authorization": "***", "Cookie": "***"},
        "auth": ["***", "***"],
        "db_pass": "***",
        "compass": "north",
        "suppress_tokens": "1,2",
    }


def test_warnings_of_an_engine(project):
    """What an engine warns of, and what its threads raise, neither acts on the terminal nor tells a secret."""
    project.configure('model = ["m"]', models=(), tables=TABLE.format(deed="warn"))
    project.clip("c1", "good night")
    project.evals("accuracy")

    result = project.run_apart("-p", "no:xdist")

    text = result.stdout.str() + result.stderr.str()
    result.assert_outcomes(passed=1, warnings=4)
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    # The line of the source that warns is shown as it is.
    assert not [line for line in text.splitlines() if "SECRET" in line and "warnings.warn" not in line]
