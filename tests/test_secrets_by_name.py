"""Which options are secrets, by their names."""

import json

import pytest

from asrlab_pytest import secrets
from asrlab_pytest.secrets import HIDDEN, redacted, redacted_settings, revealed

SECRET = "value-4711"


@pytest.fixture(autouse=True)
def _no_secrets():
    yield
    secrets._known.clear()


NAMES = (
    "api_key api_keys apikey_file api_key_prod client_secret_value secretAccess accessToken jwt bearer auth PASSWORD "
    "clientsecret privatekey licensekey hftoken sessiontoken dbpass proxyauth webhookurl sessioncookie "
    "token_v2 token-prod auth_header"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_secrets(name):
    """A text under a name that has the word of a secret, wherever it is in the name, is hidden."""
    assert redacted({name: SECRET}) == {name: HIDDEN}


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "HF_TOKEN", "value": SECRET},
        {"key": "HF_TOKEN", "value": SECRET},
        {"header": "X-Api-Key", "value": SECRET, "sent": "always"},
        ["X-Api-Key", SECRET],
    ],
    ids=str,
)
def test_a_name_beside_its_value(entry):
    """Where an entry has the name of a secret and its value apart, the value is hidden, and the name is shown."""
    recorded = redacted({"entries": [entry]})

    assert recorded == json.loads(json.dumps({"entries": [entry]}).replace(SECRET, HIDDEN))
    assert revealed(recorded, {"entries": [entry]}) == {"entries": [entry]}


def test_tables_of_secrets():
    """Everything in a table that is named like secrets is hidden, whatever its own keys are."""
    assert redacted({"tokens": {"first": SECRET, "second": [SECRET]}}) == {
        "tokens": {"first": HIDDEN, "second": [HIDDEN]}
    }


def test_names_of_the_project():
    """Under names of a project's tables and words of its normalizations nothing is hidden but the values of options."""
    options = {"api_key": SECRET, "tokens": {"first": SECRET}, "headers": {"Cookie": SECRET}, "size": "small"}
    hidden = {"api_key": HIDDEN, "tokens": {"first": HIDDEN}, "headers": {"Cookie": HIDDEN}, "size": "small"}
    normalizations = {"api-auth": {"chinese": "as written", "replacements": {"password": "pass word", "key": "quay"}}}

    def settings(options):
        table = {"path": "data", "ids": "name", "options": options}
        return {
            "profile": "low-key",
            "corpora": {"spoken-passwords": table, "bad-key": table},
            "models": {"hey-cookie": {"device": "cpu", "weights": "en-us", "options": options}},
            "profiles": {"low-key": {"timestamps": "none"}},
            "normalizations": normalizations,
            "token": options["api_key"],
        }

    assert redacted_settings(settings(options)) == settings(hidden)


@pytest.mark.parametrize(
    "option",
    [
        {"suppress_tokens": "-1"},
        {"max_new_tokens": 20},
        {"keywords": "Boston"},
        {"tokenizer": "cl100k"},
        {"monkey": "x"},
        {"sortkey": "x"},
        {"lowpass": "x"},
        {"detokenizer": "x"},
        {"token_type": "x"},
        {"name": "size", "value": "tiny-4711"},
        {"languages": ["de", "en-4711"]},
        {"path": "models/author"},
        {"api_key": "env:MY_KEY"},
    ],
    ids=str,
)
def test_what_is_not_secret(option):
    """Numbers, words that only look like those of secrets, and names of environment variables are kept."""
    assert redacted(option) == option


def test_tokens_by_their_looks():
    """A JSON web token is hidden wherever it is."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl"

    assert token not in redacted({"url": f"sent {token} away"})["url"]
