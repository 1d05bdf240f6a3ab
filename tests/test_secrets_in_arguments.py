"""Secrets in the arguments of programs, in the environment and in what libraries print are hidden by one rule."""

import pytest

from asrlab_pytest import secrets
from asrlab_pytest.inference.fingerprint import case_key, model_fingerprint
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.observing import transcript_of
from asrlab_pytest.models.engine import Segment, Transcript, Word
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.models.support.common import forget_hashes
from asrlab_pytest.secrets import discreet, redacted, remember, without_secrets


@pytest.fixture(autouse=True)
def _no_secrets():
    yield
    secrets._known.clear()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (["serve.py", "--api-key", "hunter2"], ["serve.py", "--api-key", "***"]),
        (["serve.py", "--password", "my pass"], ["serve.py", "--password", "***"]),
        (["--api-key=hunter2", "--password=my pass"], ["--api-key=***", "--password=***"]),
        (["sh", "-c", "API_KEY=hunter2 exec serve"], ["sh", "-c", "API_KEY=*** exec serve"]),
        (["sh", "-c", "curl -H 'X-Api-Key: hunter2' h"], ["sh", "-c", "curl -H 'X-Api-Key: ***' h"]),
        (["HF_TOKEN=hunter"], ["HF_TOKEN=***"]),
        ("export HF_TOKEN=$(echo Zebra77quux)", "export HF_TOKEN=$(echo ***)"),
        ("HF_TOKEN=$(printf '%s' 'Zebra77quux') run", "HF_TOKEN=$(printf '%s' '***') run"),
        ('HF_TOKEN="$(echo -n Zebra77quux | rev)" run v2-x9', 'HF_TOKEN="$(echo -n *** | rev)" run v2-x9'),
        ("HF_TOKEN=$(cat /run/secrets/Zebra77)", "HF_TOKEN=$(cat /run/secrets/Zebra77)"),
        ("MODEL=$(echo Zebra77quux)", "MODEL=$(echo Zebra77quux)"),
        ("read HF_TOKEN <<< Zebra77quux", "read HF_TOKEN <<< ***"),
        ("read -r HF_TOKEN <<< 'Zebra 77quux'", "read -r HF_TOKEN <<< '***'"),
        ("read MODEL <<< Zebra77quux", "read MODEL <<< Zebra77quux"),
        ("ftp -u bob:Zebra77quux@h.org", "ftp -u bob:***@h.org"),
        ("run -u bob@h.org", "run -u bob@h.org"),
        ("run --password hunter -v", "run --password *** -v"),
        ("run --auth 'my key' -v", "run --auth '***' -v"),
        (["env", "PGPASSWORD=Zebra77quux", "DBPWD=Zebra78quux"], ["env", "PGPASSWORD=***", "DBPWD=***"]),
        (["--dbpassword", "Zebra77quux"], ["--dbpassword", "***"]),
        (["curl", "-u", "bob:Zebra77quux", "http://h/"], ["curl", "-u", "bob:***", "http://h/"]),
        (
            ["/usr/bin/curl", "-ubob:Zebra77quux", "-su", "ann:Zebra78"],
            ["/usr/bin/curl", "-ubob:***", "-su", "ann:***"],
        ),
        (["curl", "--proxy-user=bob:Zebra77", "-b", "s=Zebra78"], ["curl", "--proxy-user=bob:***", "-b", "s=***"]),
        (["sh", "-c", "curl --user 'bob:Zebra 77' h"], ["sh", "-c", "curl --user 'bob:***' h"]),
        (["sshpass", "-p", "Zebra77", "ssh", "-p", "2222"], ["sshpass", "-p", "***", "ssh", "-p", "2222"]),
        (["redis-cli", "-a", "Zebra77", "ping"], ["redis-cli", "-a", "***", "ping"]),
        (["curl", "-x", "bob:Zebra77@proxy", "h"], ["curl", "-x", "bob:***@proxy", "h"]),
        (["sh", "-c", "PASSWORD=$'Zebra 77' run"], ["sh", "-c", "PASSWORD=$'***' run"]),
        (["sh", "-c", "PASSWORD=$ZEBRA_77 run"], ["sh", "-c", "PASSWORD=$ZEBRA_77 run"]),
        (["docker", "login", "-u", "bob", "-p", "Zebra77"], ["docker", "login", "-u", "bob", "-p", "***"]),
        (["snmpget", "-v3", "-A", "secret", "-Xgeheim", "h"], ["snmpget", "-v3", "-A", "***", "-X***", "h"]),
        (["ipmitool", "-H", "h", "-P", "hunter", "power"], ["ipmitool", "-H", "h", "-P", "***", "power"]),
        (["openssl", "-passin", "pass:Zebra77"], ["openssl", "-passin", "pass:***"]),
        (["sh", "-c", 'API_KEY="my key" exec serve'], ["sh", "-c", 'API_KEY="***" exec serve']),
        (["-H", "X-Authorization: Bearer Zebra77quux"], ["-H", "X-Authorization: Bearer ***"]),
        (["-H", "X-Authorization: Bearer hunter"], ["-H", "X-Authorization: Bearer ***"]),
        (["-H", "X-Auth: Basic Zebra77quux"], ["-H", "X-Auth: Basic ***"]),
        (
            ["X-Auth-Token: Bearer Zebra77", "X-Authorization=Bearer Zebra78"],
            ["X-Auth-Token: Bearer ***", "X-Authorization=Bearer ***"],
        ),
        (
            ["sh", "-c", "curl -H 'Proxy-Authorization: Basic Zebra7' h"],
            ["sh", "-c", "curl -H 'Proxy-Authorization: Basic ***' h"],
        ),
        (
            "run --auth-token 'Bearer Zebra77' --password 'basic Zebra78'",
            "run --auth-token 'Bearer ***' --password '***'",
        ),
        (["-H", "Cookie: csrf=Zebra77quux; session=Zebra78quux"], ["-H", "Cookie: ***"]),
        (["sh", "-c", "curl -H 'Cookie: a=Zebra7;b=Zebra8' h"], ["sh", "-c", "curl -H 'Cookie: ***' h"]),
        (["--api-keys", "Zebra77quux", "--tokens", "Zebra78quux"], ["--api-keys", "***", "--tokens", "***"]),
        (
            ["--keys=Zebra77quux", "--apiKeys=hunter", "--signature=a1b2c3d4"],
            ["--keys=***", "--apiKeys=***", "--signature=***"],
        ),
        (["API_KEYS=hunter", "HF_TOKENS=Zebra77quux"], ["API_KEYS=***", "HF_TOKENS=***"]),
        (["-H", "X-Signature: Zebra77quux"], ["-H", "X-Signature: ***"]),
        ("serve --tokens Zebra77quux,Zebra78quux -v", "serve --tokens *** -v"),
    ],
    ids=str,
)
def test_arguments_of_an_option(given, shown):
    """The value of a flag, variable or header that is named like a secret is hidden in any option."""
    assert redacted({"command": given}) == {"command": shown}


@pytest.mark.parametrize(
    "given",
    [
        ["serve.py", "--tokens", "tokens.txt", "--max-tokens", "448", "--sort-key", "duration"],
        ["serve.py", "--ssh-key", "~/.ssh/id_1", "--password", "--verbose", "--api-key", "$KEY"],
        ["serve.py", "--beam-size=5", "LANG=C", "model.bin"],
        ["docker", "run", "-u", "1000:1000", "-p", "8080:80", "-e", "TOKENS=5"],
        ["MAX_TOKENS=448", "--tokens=data/tokens2.txt", "--keys", "snr2,duration", "--signature", "asr-norm/v2"],
        ["--tokens", "s3://bucket/Tokens2", "--special-tokens", "[CLS],[SEP1]"],
        ["sort", "-u", "a:b", "python", "-u", "serve.py", "curl", "-b", "cookies.txt", "-s"],
        ["Boston", "the key: a token of it", "https://ex.org/v1"],
        "max_tokens=448 sort_key=duration",
    ],
    ids=str,
)
def test_harmless_arguments(given):
    """Arguments that are not secrets are recorded unchanged."""
    assert redacted({"command": given}) == {"command": given}


@pytest.mark.parametrize(
    "options",
    [
        {"token_type": "bpe", "key_padding": "left", "signature_version": "v2", "pass_band": "wide"},
        {"pad_token": "<pad>", "use_auth_token": "false", "cookies": "none", "suppress_tokens": "-1,50257"},
    ],
    ids=str,
)
def test_harmless_options(options):
    """Options about a key or token, and values that are no secret under such a name, are recorded unchanged."""
    assert redacted(options) == options


def test_a_word_under_an_ambiguous_name():
    """A plain word is hidden where it is a sort key, and stays in texts; that of a password is hidden everywhere."""
    assert redacted({"sort_key": "butterfly", "password": "hippogriff"}) == {"sort_key": "***", "password": "***"}
    assert without_secrets("a butterfly saw the hippogriff") == "a butterfly saw the ***"


def test_a_model_with_other_options():
    """A model whose option changed is another one, also if the option is hidden: its stored texts are not reused."""
    models = [
        ModelSpec(id="polly", engine="pocketsphinx", weights="en-us", options={"sort_key": value})
        for value in ("duration", "length")
    ]
    conditions = RunConditions(device="cpu", corpus="clips")
    assert len({case_key(model_fingerprint(model, conditions), "0" * 64, "en") for model in models}) == len(models)


@pytest.mark.parametrize(
    "written",
    [
        *("hotwords.txt", "rules", "./rules/hotwords.txt", "--words=hotwords.txt", "--words rules/hotwords.txt -v"),
        *("@hotwords.txt", "a.txt,hotwords.txt", "words:rules/", '{"words": "rules/hotwords.txt"}'),
    ],
)
def test_a_model_whose_option_names_a_file(tmp_path, monkeypatch, written):
    """A model is another one if a file or folder that its options name, also within a text, has changed."""
    path = tmp_path / ("rules/hotwords.txt" if "rules" in written else "hotwords.txt")
    path.parent.mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path)
    named = {"decode": [written], "text": "x" * 5000, "user": "~nobody-here/x"}
    model = ModelSpec(id="polly", engine="pocketsphinx", weights="en-us", options=named)
    keys = []
    for content in ("ships", "ships", "the sea"):
        path.write_text(content)
        forget_hashes()
        keys.append(case_key(model_fingerprint(model, RunConditions(device="cpu", corpus="clips")), "0" * 64, "en"))
    assert keys[0] == keys[1] != keys[2]


SHELLS = [
    ('HF_TOKEN="$A"Zebra77quux run', "HF_TOKEN=*** run"),
    ("HF_TOKEN='Zebra77quux'Kestrel88 run", "HF_TOKEN=*** run"),
    ("HF_TOKEN=${A}Zebra77quux run", "HF_TOKEN=*** run"),
    (r"HF_TOKEN=pre\ Zebra77quux run", "HF_TOKEN=*** run"),
    ("HF_TOKEN+=Zebra77quux run", "HF_TOKEN+=*** run"),
    ("run --api-key 'Zebra77quux'Kestrel88", "run --api-key ***"),
    ('run --token="$A"Zebra77quux', "run --token=***"),
    ("setenv HF_TOKEN Zebra77quux", "setenv HF_TOKEN ***"),
    ("set -x -g HF_TOKEN 'Zebra77 quux'; run", "set -x -g HF_TOKEN '***'; run"),
    ("set -gx AWS_SECRET_KEY quux Zebra77 Kestrel; run", "set -gx AWS_SECRET_KEY ***; run"),
    ("set --export -g HF_TOKEN Kestrel quux", "set --export -g HF_TOKEN ***"),
    ("snmpwalk -v3 -u bob -A Zebra77quux -X Kestrel88 h", "snmpwalk -v3 -u bob -A *** -X *** h"),
    ("export HF_TOKEN Zebra77quux", "export HF_TOKEN ***"),
    ("aws configure set profile.x.aws_secret_access_key Zebra77quux", None),
    ("git config --global github.token Zebra77quux", "git config --global github.token ***"),
    ('git config http.extraheader "Authorization: Basic Zebra77quux"', None),
    ("npm config set //h/:_authToken Zebra77quux", "npm config set //h/:_authToken ***"),
    ("$env:HF_TOKEN = 'Zebra77 quux'; run", "$env:HF_TOKEN = '***'; run"),
    ("Set-Item -Path Env:HF_TOKEN -Value Zebra77quux", "Set-Item -Path Env:HF_TOKEN -Value ***"),
    ('ConvertTo-SecureString "Zebra77quux" -AsPlainText', 'ConvertTo-SecureString "***" -AsPlainText'),
    ("set HF_TOKEN=Zebra77quux&& run", "set HF_TOKEN=***&& run"),
    ('set "HF_TOKEN=Zebra77&quux" && run', 'set "HF_TOKEN=***" && run'),
    ("setx HF_TOKEN Zebra77quux /M", "setx HF_TOKEN *** /M"),
    ("docker --config x login -u bob -p Zebra77quux", "docker --config x login -u bob -p ***"),
    ("x=$(curl -su bob:Zebra77quux h);sshpass -p Kestrel88 ssh", "x=$(curl -su bob:*** h);sshpass -p *** ssh"),
    ("smbclient -U bob%Zebra77quux //h/s", "smbclient -U bob%*** //h/s"),
    ("wandb login Zebra77quux", "wandb login ***"),
]


@pytest.mark.parametrize(("line", "shown"), SHELLS, ids=[line for line, _ in SHELLS])
def test_lines_of_shells(line, shown):
    """What a command line of any shell sets or passes is hidden in options, and in messages also within quotes."""
    shown = shown or line.replace("Zebra77quux", "***")
    messages = [line, f"Command '{line}' failed", f"['sh', '-c', {line!r}]" if "\\" not in line else ""]

    assert redacted({"command": ["sh", "-c", line]})["command"][2] == shown
    secrets._known.clear()
    for text in map(without_secrets, messages):
        assert not any(part in text for part in ("Zebra", "quux", "Kestrel")), text


@pytest.mark.parametrize(
    "text",
    [
        "set HF_TOKEN in the environment, or export it",
        "set -x HF_TOKEN $TOKEN; set -e HF_TOKEN; set -x MODEL two words; set -x\nHF_TOKEN is not set",
        'HF_TOKEN="$TOKEN" and HF_TOKEN="${TOKEN}/x" and HF_TOKEN=$(cat token)',
        "the option can't set api_key in the file; see the key 'token' and \"password\"",
        "wandb login required, vault login again; config token of it",
        "run docker login -u USER -p PASSWORD",
        "set max_tokens 448, set the token to <unk>, --token 'one' 'two'",
    ],
)
def test_what_is_no_secret_of_a_shell(text):
    """Sentences about settings, variables and placeholders stay readable in messages."""
    assert without_secrets(text) == text


NAMES = (
    "HF_TOKEN_READ API_KEY_2 TOKEN1 GROQ_KEY15 GITHUB_PAT AZURE_SAS SLACK_WEBHOOK GH_AUTH MYAPIKEY MYSQLPWD SIGNATURE"
)


def test_names_of_variables(monkeypatch):
    """The value of a variable is hidden if a word of its name is that of a secret, or such a word and digits."""
    for place, name in enumerate(NAMES.split()):
        monkeypatch.setenv(name, f"zz-{place:02}-value\n")
    monkeypatch.setenv("MONITOR", "yy-00-value")
    monkeypatch.setenv("DATABASE_URL", "postgres://me:zz-db-value@host/name")
    monkeypatch.setenv("SHORT_KEY", "ab-1234")

    text = without_secrets(" ".join(f"zz-{place:02}-value" for place in range(len(NAMES.split()))) + " zz-db-value")

    assert set(text.split()) == {"***"}
    assert without_secrets("yy-00-value ab-1234") == "yy-00-value ab-1234"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{'api_key': 'SECRETd'}", "{'api_key': '***'}"),
        ('{"token": "SECRETj", "n": 1}', '{"token": "***", "n": 1}'),
        (r"{\"token\": \"SECRETj\"}", r"{\"token\": \"***\"}"),
        ("{'X-Api-Key': b'SECRETb'}", "{'X-Api-Key': b'***'}"),
        ("X-Api-Key: SECRETx, 401", "X-Api-Key: ***, 401"),
        ("Authorization: Basic ZHVtbXk6cGFzcw==", "Authorization: Basic ***"),
        ("Authorization: abcdefg1, password=1/fFAGRNJ", "Authorization: ***, password=***"),
        ("[('authorization', 'Token SECRETt')]", "[('authorization', 'Token ***')]"),
        ("{'Authorization': ['Basic SECRETt']}", "{'Authorization': ['Basic ***']}"),
        ("[(b'authorization', b'SECRETt')]", "[(b'authorization', b'***')]"),
        ('{"name": "Authorization", "value": "ApiKey SECRETt"}', '{"name": "Authorization", "value": "ApiKey ***"}'),
        ("curl -s -u me:SECRETc https://host", "curl -s -u me:*** https://host"),
        ("get(url, auth=('me', 'SECRETc'))", "get(url, auth=('me', '***'))"),
        ("<apiKey>SECRETc</apiKey>", "<apiKey>***</apiKey>"),
        ("X-Auth: SECRETx1, {'X-Auth': 'SECRETx1'}", "X-Auth: ***, {'X-Auth': '***'}"),
        ("https://user:pa/SECRET@host and http://u:a#SECRET?x@host", "https://host and http://host"),
        ("Cookie: session=SECRETc; id=SECRETd refused", "Cookie: *** refused"),
        ("Cookie: csrf=SECRET68; session=SECRET69; id=a,b", "Cookie: ***"),
        ("Set-Cookie: id=SECRET1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure; k=SECRET2", "Set-Cookie: ***"),
        (
            "Authorization: AWS4-HMAC-SHA256 Credential=SECRETa/x, Signature=SECRETb",
            "Authorization: ***",
        ),
        ('Authorization: Digest username="b", response="SECRETd1"', "Authorization: Digest ***"),
        ("os.environ['HF_TOKEN'] = 'SECRETh1'", "os.environ['HF_TOKEN'] = '***'"),
        ("Cookie: SECRET1; a= ; b=SECRET2", "Cookie: ***"),
        ("[('Cookie', 'a=SECRET1;b=SECRET2')]", "[('Cookie', '***')]"),
        ("Proxy-Authorization: Basic SECRET70, 407", "Proxy-Authorization: Basic ***, 407"),
        ("[('X-Auth-Token', 'Bearer SECRET70')]", "[('X-Auth-Token', 'Bearer ***')]"),
        ("Authorization: 'Digest username=a, response=SECRETd1'", "Authorization: 'Digest ***'"),
        ("['run', '--api-keys', 'hunter', '--tokens', 'SECRETt1']", "['run', '--api-keys', '***', '--tokens', '***']"),
        ("run --tokens SECRETt1 --api-keys SECRETa1", "run --tokens *** --api-keys ***"),
        ("run --api-key SECRETa failed", "run --api-key *** failed"),
        ("['run', '--api-key', 'hunter']", "['run', '--api-key', '***']"),
        ("password=hunter2", "password=***"),
        ("curl --silent --api-key SECRETa", "curl --silent --api-key ***"),
        ("RuntimeError: api_key: SECRETa1", "RuntimeError: api_key: ***"),
        ("why=api_key=SECRETa1 error: password: SECRETa1", "why=api_key=*** error: password: ***"),
        ("[('X-Api-Key', b'SECRETx')]", "[('X-Api-Key', b'***')]"),
        ("Incorrect API key provided: SECRETa1.", "Incorrect API key provided: ***"),
        ("GROQ_KEY15=SECRETg", "GROQ_KEY15=***"),
        ("api_key -> SECRETa1, token => SECRETj12", "api_key -> ***, token => ***"),
        ("def f(api_key: Optional[str] = 'SECRETa1'):", "def f(api_key: Optional[str] = '***'):"),
        ("api_key: str | None = 'SECRETa1'", "api_key: str | None = '***'"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMII\nx=\n-----END RSA PRIVATE KEY----- a",
            "-----BEGIN RSA PRIVATE KEY-----*** a",
        ),
        ("at https://hooks.slack.com/services/T0/B0/abc", "at https://hooks.slack.com/***"),
        ("api_key='my key', password: \"it's mine\"", "api_key='***', password: \"***\""),
        ("run --api-key 'my key' -v", "run --api-key '***' -v"),
        ("['run', '--api-key', 'my key']", "['run', '--api-key', '***']"),
        ("('X-Api-Key', 'my key')", "('X-Api-Key', '***')"),
        ("Incorrect API key provided: 'my key 1', see", "Incorrect API key provided: '***', see"),
    ],
)
def test_what_libraries_print(text, shown):
    """Secrets are hidden in reprs of dictionaries, JSON, headers, cookies, command lines and keys."""
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "--column 'x' is not of the form KEY=NAME",
        "argument --token: expected one argument",
        "token = self.next(1), api_key=args.api_key, token=None",
        "api_key: Field required",
        "token -> ids, api_key: str | None = None, api_key: Optional[str] = os.environ['X1']",
        '{"key": "a1b2c3d4e5f6", "token": "the"}',
        '{"signature": "asrlab-norm/1.1+en#184031cc"} signature: asrlab-norm/1.1+en signature=a1b2c3d4',
        "API key: required or missing; vocabulary ['token', 'audio']",
        "X-Authorization: token refused; the cookie: none, a cookie = dict(a=1)",
        "Authorization: granted. authorization = required, and basic authorization: token refused",
        "no file /data/token=5/a.wav, clip token=12: WER 50%",
        "{'api_key': '', 'url': '', 'password': \"\", 'extra': 'Boston'}",
        "at https://host:8080/v1@2 and https://host/@scope/x, sort-key: value12, authorization, which is required",
        "max_tokens=448 tokens=tokens2.txt sort_key=duration key: value12",
        "token: 'expected one of', password 'is missing'",
        "reading the token list... tokens 1...5, key: foo...bar, the key starts with capitals, **key** and ***",
        "keys encoder.layers.0...weight and model.2...",
    ],
)
def test_what_is_no_secret_in_a_message(text):
    """Words, code and the keys of tables stay readable."""
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: {}, see",
        "401 {{'error': 'invalid key: {}'}}",
        "the token {} is not known, and neither is the password {}",
    ],
)
@pytest.mark.parametrize(
    "cut", ["sk-QwEr...XYZ", "sk-QwEr********XYZ", "sk-****abcd", "QwEr****", "***abcd", "aB1c\u2026", "...aB1c"]
)
def test_a_cut_secret(text, cut):
    """What is left of a key after a word for it, or after the beginning of a service's keys, is hidden."""
    assert without_secrets(text.format(*2 * [cut])) == text.format(*2 * ["***"])


@pytest.mark.parametrize("text", ["bad sk-QwEr...XYZ", "bad sk-****abcd", "bad hf_ab****"])
def test_a_cut_secret_of_a_service(text):
    """A cut key that begins as those of a service is hidden without a word for it."""
    assert without_secrets(text) == "bad ***"


def test_what_a_text_says_of_a_secret():
    """The characters that a key ends or starts with are hidden where a text says that they are."""
    assert without_secrets("the key ending in aB1c, which starts with 'sk-2'") == (
        "the key ending in ***, which starts with 'sk-2'"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no Zq8-lo...wXYZ here", "no *** here"),
        ("no Zq8-lo******** here", "no *** here"),
        ("no \u2022\u2022\u2022\u2022wXYZ here", "no *** here"),
        ("no Zq8-xxxxxxxxxxXYZ here", "no *** here"),
        ("it ends with wXYZ.", "it ends with ***."),
        ("it begins with 'Zq8-'; the last 3 characters are XYZ", "it begins with '***'; the last 3 characters are ***"),
        ("no Zq...no, and no ... or *** here", "no Zq...no, and no ... or *** here"),
    ],
)
def test_a_known_secret_that_is_cut(text, shown):
    """Both ends of a known secret are hidden beside what stands for the rest, and where a text says what they are."""
    remember("  Zq8-long secret of wXYZ\n")

    assert without_secrets(text) == shown


@pytest.mark.parametrize("value", ["summer", "brown fox", "Über-Größe", "0123 456789", "東京", "BROWN FOX", "k3y-77"])
def test_a_secret_that_may_be_words(value):
    """No secret that may be words or numbers, or is short, changes the text of a model."""
    remember(value)

    assert transcript_of(Transcript(text=f"it is {value} then")).text == f"it is {value} then"


def test_words_that_an_engine_logs():
    """What is logged under a secret's name is hidden there, and stays in texts: it may be what the engine heard."""
    assert discreet({"token": "brown fox", "n": 2}) == {"token": "***", "n": 2}
    assert discreet(("sk-12345678901234567890abcd", "fox"), "state") == ["sk-***", "fox"]
    assert without_secrets("the brown fox") == "the brown fox"


def test_what_is_logged_without_a_secret():
    """What holds no secret is the same object, whatever it is, and holds itself if it did."""
    ring = {"n": 1}
    ring["self"] = [ring]

    for value in (ring, (1, 2), {1: ("a", None)}, object(), float("nan"), "a text"):
        assert discreet(value, "state") is value


def test_a_secret_that_an_engine_returns():
    """The value of a secret option is in no part of a transcript; what only looks like a secret stays."""
    remember("sk-SECRETe")
    word = Word(text="(sk-SECRETe)", start=0.0, end=1.0)
    segment = Segment(text="sk-SECRETe", start=0.0, end=1.0, words=(word,))
    kept = transcript_of(Transcript(text="my password=hunter2 sk-SECRETe", segments=(segment,)))

    assert "SECRETe" not in str(kept)
    assert kept.text == "my password=hunter2 ***"


def test_a_recorded_command(project):
    """The record, the store, the benchmark's JSON and the reports hold no secret argument, even if the engine fails."""
    arguments = '["serve", "--api-key", "hunter2x", "HF_TOKEN=sk-SECRET"]'
    project.configure(
        'model = ["m", "n"]\nmissing = "skip"',
        models=(),
        tables='[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\n'
        f'options = {{ does = "nothing", args = {arguments}, cmd = "run --token SECRETt" }}\n'
        f'[tool.asrlab.models.n]\nengine = "command"\nweights = "x"\noptions = {{ command = {arguments} }}\n',
    )
    project.clip("c1", "good night")
    project.evals("accuracy")

    result = project.run(
        *("--asr-record", "run.jsonl", "--asr-report", "run.html", "--asr-markdown", "run.md"),
        *("--benchmark-json", "b.json"),
    )

    files = [path for path in project.path.rglob("*") if path.is_file() and path.suffix in {".jsonl", ".json", ".html"}]
    assert {"run.jsonl", "run.html", "b.json"} <= {path.name for path in files}
    written = "".join(path.read_text() for path in files) + result.stdout.str() + result.stderr.str()
    assert [secret for secret in ("hunter2x", "SECRET") if secret in written] == []
    environment, _ = project.record()
    assert environment["settings"]["models"]["m"]["options"]["args"] == ["serve", "--api-key", "***", "HF_TOKEN=***"]
