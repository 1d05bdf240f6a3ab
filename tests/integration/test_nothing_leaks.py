"""What comes from data is seen and not obeyed; credentials and secrets reach no screen, record or report."""

import json
import re
import shutil
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from asrlab_pytest import secrets
from asrlab_pytest.cli import main
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.models.engine import Weights, engine
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.models.status import weights_of
from asrlab_pytest.secrets import host_of, hosts_only, redacted
from asrlab_pytest.visible import HarmlessStream, harmless, visible

EVIL_ID = "id\r\n::error title=a::PWN\x1b[31m ##[warning]x"
TABLE = '[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\n'
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e]")


@pytest.fixture
def evil(project):
    """A project whose ids, tags, groups and texts are hostile, with a model that does what its options say."""

    def make(options="", toml="", says="good morning"):
        project.configure(f'model = ["m"]\n{toml}', models=(), tables=f"{TABLE}{options}\n")
        project.clip("c0", says)
        text = (project.path / "clips" / "manifest.jsonl").read_text()
        line = {**json.loads(text), "id": EVIL_ID, "tags": [f"t{EVIL_ID}"], "group": f"g{EVIL_ID}", "text": "a\x1b[1mb"}
        (project.path / "clips" / "manifest.jsonl").write_text(json.dumps(line) + "\n")
        project.evals("accuracy")
        return project

    return make


@pytest.fixture(autouse=True)
def _no_secrets():
    yield
    secrets._known.clear()


def acts(text):
    """What of an output is a command to CI or a control character."""
    return COMMAND.findall(text) + CONTROL.findall(text)


def test_one_function_for_a_line():
    """A text on a line, and lines of ours with data in them, have no control, no turn of direction and no command."""
    assert visible("a\r\nb\tc\x1b[0m\u202e") == "a↵b cU+001B[0mU+202E"
    assert harmless("one\n  two\r\n::error::x\n ::add-mask::y\n##[group]z") == (
        "one\n  two↵::error::x↵ ::add-mask::y\n##\\[group]z"
    )
    assert harmless("::stop-commands::x") == "\\::stop-commands::x"
    assert not acts(str(AsrlabError("clip \x1b\n::error::x", hint="\r::y")))


def test_standard_output_stays_json():
    """What a command prints as JSON is the same JSON behind the filter, and a line may come in parts."""
    parts = []
    stream = HarmlessStream(type("Stream", (), {"write": lambda _, text: parts.append(text)})())
    given = {"text": "a ##[error]b\u2028c\x9bd ::x", "more": ["::y"]}
    stream.write(json.dumps(given, ensure_ascii=False, indent=1))
    assert json.loads("".join(parts)) == given
    parts.clear()

    for part in ("a", "::b\n", "::c", "\n", "\x1b"):
        stream.write(part)

    assert "".join(parts) == "a::b\n\\::c\n\\u001b"


@pytest.mark.parametrize("does", ["shout", "write"])
def test_a_run(evil, does):
    """Nothing of a hostile corpus or engine acts on the terminal: failures, tracebacks, diff, slices and notices."""
    project = evil(
        f'options = {{ does = "{does}", on = "good morning" }}',
        'normalization = "raw"\nslice = ["tag", "group"]\nthresholds = { wer = 0.0 }',
    )

    result = project.run("-vv", "-rA", "--asr-repeat", "2")

    assert result.ret == 1
    assert acts(result.stdout.str() + result.stderr.str()) == []
    assert "U+001B" in result.stdout.str()


WORDS = {
    "pytest.xfail": "import pytest\ndef test(asr_case): pytest.xfail(TEXT)",
    "mark": "import pytest\n@pytest.mark.xfail(reason=TEXT)\ndef test(asr_case): assert 0",
    "message": "def test(asr_case): raise ValueError(TEXT)",
    "subtest": "def test(asr_case, subtests):\n    with subtests.test(TEXT, n=TEXT):\n        assert print(TEXT), TEXT",
    "exit": "import pytest\ndef test(asr_case): pytest.exit(TEXT)",
}


@pytest.mark.parametrize("options", [("-rA", "--tb=native"), ("-ra", "-vv")], ids=" ".join)
def test_words_of_a_test(evil, options):
    """Nothing of a text acts where a test gives it as a reason, a message, a part's name or the run's last word."""
    project = evil()
    text = f"TEXT = {EVIL_ID!r} + '\\n::add-mask::e'\n"

    for name, code in WORDS.items():
        project.write(test_words=text + code)
        result = project.run("-k", "test_words", *options)
        assert (name, acts(result.stdout.str() + result.stderr.str())) == (name, [])
        assert "add-mask" in result.stdout.str(), name


OTHER_REPORT = """import pytest

def keep(*texts):
    with open("other.txt", "a", encoding="utf-8") as file:
        print(*texts, file=file)

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.excinfo:
        keep(call.excinfo.exconly(), report.longreprtext, call.excinfo.value.__cause__)
    return report

@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    try:
        return (yield)
    except BaseException as error:
        keep(fixturedef.argname, repr(error))
        raise
"""
OPTIONS = """import pytest

@pytest.fixture
def listed(asr_model):
    raise ValueError("in a fixture", asr_model.spec.options["api_key"])

def test_compared(asr_case, asr_model):
    assert asr_model.spec.options == {"note": "in a test"}

def test_raised(asr_case, asr_model):
    raise RuntimeError("in a chain") from KeyError(asr_model.spec.options["api_key"])

def test_failed(asr_case, asr_model):
    pytest.fail("by hand " + asr_model.spec.options["api_key"])

def test_listed(asr_case, listed): pass
"""


def test_the_reports_of_other_plugins(evil):
    """A plugin that keeps the errors of tests and fixtures, as Allure's does, keeps no secret and nothing that acts."""
    project = evil('options = { api_key = "Xy12abZZq99" }')
    project.write(conftest=OTHER_REPORT, test_kept=OPTIONS)

    project.run("-k", "test_kept").assert_outcomes(failed=3, errors=1)

    other = (project.path / "other.txt").read_text(encoding="utf-8")
    assert all(place in other for place in ("in a test", "in a chain", "by hand", "in a fixture"))
    assert "Xy12abZZq99" not in other
    assert acts(other) == []


@pytest.mark.parametrize(
    "command",
    [
        ("corpus", "info", "clips"),
        ("audit", "clips"),
        ("report", "run.jsonl", "--by", "tag", "--by", "group"),
        ("merge", "run.jsonl", "-o", "merged.jsonl"),
        ("compare", "run.jsonl", "again.jsonl"),
        ("rescore", "run.jsonl"),
        ("record", "validate", "run.jsonl"),
        ("corpus", "entities", "clips"),
    ],
)
def test_commands(evil, command, monkeypatch, capsys):
    """No command prints a control character or a line that CI obeys, whatever the corpus and the record hold."""
    project = evil('options = { does = "write", on = "good morning" }', 'normalization = "raw"')
    project.run("--asr-record", "run.jsonl")
    shutil.copy(project.path / "run.jsonl", project.path / "again.jsonl")
    monkeypatch.chdir(project.path)
    capsys.readouterr()

    main(command)

    assert acts("".join(capsys.readouterr())) == []


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_any_encoding_of_a_terminal(evil, monkeypatch, encoding):
    """A command prints escapes where the terminal's encoding has no letter, and no traceback."""
    project = evil(says="привет")
    project.run("--asr-record", "run.jsonl")
    shutil.copy(project.path / "run.jsonl", project.path / "again.jsonl")
    monkeypatch.chdir(project.path)
    terminal = TextIOWrapper(BytesIO(), encoding)
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, terminal)

    for command in ("compare run.jsonl again.jsonl", "corpus entities clips", "report run.jsonl"):
        assert main(command.split()) == 0

    terminal.flush()
    assert r"\u043f\u0440" in terminal.buffer.getvalue().decode(encoding)


def test_credentials_of_a_mirror(project, monkeypatch, capsys):
    """Of a mirror's address, host and port are shown and nothing else, wherever it is told."""
    monkeypatch.setenv("HF_ENDPOINT", "https://user:SECRET2@127.0.0.1:9/repo")
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.path / "cache"))
    monkeypatch.setenv("HF_HUB_CACHE", str(project.path / "cache"))
    project.configure(
        'model = ["polly", "f"]', tables='[tool.asrlab.models.f]\nengine = "faster-whisper"\nweights = "o/m"'
    )
    project.clip("c0", "good morning")
    project.evals("accuracy")

    result = project.run("--asr-record", "run.jsonl", "--asr-markdown", "run.md", "--junitxml", "run.xml", "-rs")
    monkeypatch.chdir(project.path)
    main(["pull", "f"])
    main(["models"])

    result.stdout.fnmatch_lines(["*127.0.0.1:9 cannot be reached*"])
    written = [path.read_text() for path in project.path.rglob("*") if path.is_file() and path.suffix != ".wav"]
    assert "SECRET2" not in "".join([*written, result.stdout.str(), result.stderr.str(), *capsys.readouterr()])


def test_secrets_of_an_engine(evil):
    """The text of an option that is named like a secret is in no record, report or message, an error's included."""
    project = evil(
        'options = { api_key = "sk-SECRET1", Access_Token = "sk-SECRET3", does = "tell", on = "good morning" }'
    )
    project.clip("c1", "good day")

    result = project.run(
        "--asr-record", "run.jsonl", "--asr-markdown", "run.md", "--junitxml", "run.xml", "--benchmark-json", "b.json"
    )

    result.assert_outcomes(passed=1, failed=1)
    assert project.events("key") == ["key sk-SECRET1"]
    written = {path: path.read_bytes() for path in project.path.rglob("*") if path.suffix != ".toml" and path.is_file()}
    assert [path for path, content in written.items() if b"SECRET" in content] == []
    shown = result.stdout.str()
    assert "SECRET1" not in shown
    assert "SECRET2" not in shown
    _, [row] = project.record()
    assert row["settings"]["api_key"] == "***"


def test_output_that_another_plugin_keeps(evil, monkeypatch):
    """A plugin that keeps what a test printed, as for a report in JSON, gets it without secrets and commands."""
    project = evil('options = { api_key = "sk-SECRET1", does = "nothing" }')
    project.write(
        keeper="""
        import json, pytest

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item):
            report = yield
            with open("kept.jsonl", "a") as file:
                file.write("".join(content for _, content in report.sections))
            return report
        """,
        test_words=f"def test(asr_case): asr_case.transcript; print('sk-SECRET1', {EVIL_ID!r})",
    )

    monkeypatch.syspath_prepend(project.path)
    project.run("-p", "keeper", "-k", "test_words").assert_outcomes(passed=1)

    kept = (project.path / "kept.jsonl").read_text()
    assert "***" in kept
    assert "SECRET" not in kept
    assert acts(kept) == []


KEEPER_IN_JSON = """import json, logging, pytest

class Keeper(logging.Handler):
    def emit(self, record):
        record.getMessage()
        self.records.append({**vars(record), "msg": record.getMessage(), "args": None, "exc_info": None})

class Kept:
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        keeper = Keeper()
        keeper.records = []
        logging.getLogger().addHandler(keeper)
        yield
        logging.getLogger().removeHandler(keeper)
        item.kept_records = keeper.records

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        kept = [item._report_sections, getattr(item, "kept_records", None)]
        with open("kept.json", "w") as file:
            json.dump(kept, file, default=str)
        return report

def pytest_configure(config):
    config.pluginmanager.register(Kept())
"""
LOGGING = """import logging, sys, pytest

@pytest.fixture(autouse=True)
def configured():
    handlers = logging.getLogger().handlers[:]
    logging.basicConfig(force=True)
    yield
    logging.getLogger().handlers[:] = handlers

def test_logging(asr_case):
    asr_case.transcript
    print("printed sk-SECRET1")
    print("printed sk-SECRET1", file=sys.stderr)
    logging.warning("logged %s", "sk-SECRET1", extra={"told": "sk-SECRET1", "token": "sk-SECRET2"})
    try:
        raise RuntimeError("raised sk-SECRET1")
    except RuntimeError:
        logging.exception("broken")
"""


def test_logs_and_output_in_json(evil):
    """A plugin that keeps what a passed test printed, and handles what it logged by itself, gets it without secrets."""
    project = evil('options = { api_key = "sk-SECRET1", does = "nothing" }')
    project.write(conftest=KEEPER_IN_JSON, test_words=LOGGING)

    project.run("-k", "test_logging").assert_outcomes(passed=1)

    kept = (project.path / "kept.json").read_text()
    words = ("printed ***", "logged ***", "raised ***", '"told": "***"', '"token": "***"')
    assert all(word in kept for word in words)
    assert "SECRET" not in kept


CAPTURED = """import logging, pytest

class Keeper(logging.Handler):
    def emit(self, record):
        self.record = record

@pytest.fixture
def keeper():
    keeper = Keeper()
    logging.getLogger().addHandler(keeper)
    yield keeper
    logging.getLogger().removeHandler(keeper)

def test_captured(asr_case, keeper, caplog):
    ring = {}
    ring["self"] = ring
    logging.error("no %s", "SECRET", extra={"pair": (1, 2), "ring": ring, "token": "good morning"})
    record = caplog.records[-1]
    assert record is keeper.record and record.token == "***"
    assert record.pair == (1, 2) and record.args == ("SECRET",) and record.ring is ring
    assert asr_case.transcript.text == "good morning"
"""


def test_logs_of_a_users_own_handler(evil):
    """What is logged without a secret reaches handlers as it is, and what an engine logs changes no transcript."""
    project = evil('options = { does = "nothing" }')
    project.write(test_words=CAPTURED)

    project.run("-k", "test_captured").assert_outcomes(passed=1)


def test_logs_that_nothing_handles(evil):
    """Without pytest's logging, what an engine logs goes to standard error as ever."""
    project = evil('options = { does = "nothing" }')
    project.write(
        test_words="""
        import logging

        def test_logging(asr_case, capsys):
            logging.getLogger("engine").warning("told")
            assert capsys.readouterr().err == "told\\n"
        """
    )

    project.run_apart("-k", "test_logging", "-p", "no:logging").assert_outcomes(passed=1)


def test_secrets_of_the_environment(evil, monkeypatch):
    """An option may name an environment variable: the engine gets its value, and the record has the name alone."""
    monkeypatch.setenv("MY_KEY", "sk-SECRET4")
    project = evil('options = { api_key = "env:MY_KEY", does = "nothing" }')

    result = project.run("--asr-record", "run.jsonl")

    assert project.events("key")[-1] == "key sk-SECRET4"
    written = "".join(path.read_text() for path in project.path.rglob("*.jsonl"))
    assert "SECRET4" not in written + result.stdout.str()
    environment, [row] = project.record()
    assert environment["settings"]["models"]["m"]["options"]["api_key"] == "env:MY_KEY"
    assert row["settings"]["api_key"] == "***"

    monkeypatch.delenv("MY_KEY")
    result = project.run("--asr-model", "m")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        [
            "*m: broken: its option api_key is env:MY_KEY, and the environment variable MY_KEY is not set*",
            "*set the environment*",
        ]
    )


def test_addresses():
    """Of an address, what is shown is its host and port; of secrets in plain JSON, nothing."""
    assert host_of("https://me:pw@example.org:8443/a?token=b#c") == "example.org:8443"
    assert hosts_only("GET http://a:b@h/x?t=1 failed, see https://h2/y.") == "GET h failed, see h2"
    assert harmless("at ftp://me:pw@host/x") == "at ftp://host/x"
    given = {"api_KEY": "abcdefgh", "deep": [{"password": "x"}], "monkeys": "fine", "token": 7, "n": "it is abcdefgh"}
    assert redacted(given) == {
        "api_KEY": "***",
        "deep": [{"password": "***"}],
        "monkeys": "fine",
        "token": 7,
        "n": "it is ***",
    }
    assert redacted({"key": "env:NAME"}) == {"key": "env:NAME"}


def test_secrets_in_what_an_engine_states(monkeypatch):
    """No secret is in the revision of weights that an engine states, or in the name of a setting."""
    monkeypatch.setenv("MY_API_KEY", "sk-Kq8Lm2Zp9Vt4Xw7abc")
    address = "https://bob:hunterPw77xq@models.example.org/x?token=tok99aaBBcc77@v2"
    revisions = iter([address, "rev-sk-Kq8Lm2Zp9Vt4Xw7abc", "0123456789abcdef0123456789abcdef01234567"])
    monkeypatch.setattr(engine("parrot"), "weights", lambda _: Weights(location=Path(), revision=next(revisions)))
    spec = ModelSpec(id="m", engine="parrot", weights="here")

    shown = [weights_of(spec).revision for _ in range(3)]

    assert not any(secret in repr(shown) for secret in ("hunter", "tok99", "sk-Kq8"))
    assert shown[2] == "0123456789abcdef0123456789abcdef01234567"
    assert redacted({"sk-Kq8Lm2Zp9Vt4Xw7abc": 1}) == {"***": 1}
