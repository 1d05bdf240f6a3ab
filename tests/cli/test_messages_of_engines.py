"""What an engine warns of and logs while a command runs."""

import logging
import sys
import warnings

import wicked_engine

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest.cli import main
from asrlab_pytest.engines import Transcript

TABLE = """[tool.asrlab.models.polly]
engine = "wicked"
weights = "here"
options = { does = "warn", on = "good morning", api_key = "Xy12abZZq99" }
"""


def test_secrets_in_warnings_and_logs(project, monkeypatch, capsys):
    """No secret of a model or an address stands in what its engine warns of or logs while a command transcribes."""

    def tell():
        warnings.warn("the key is Xy12abZZq99", UserWarning, stacklevel=1)
        logging.lastResort.emit(logging.makeLogRecord({"msg": "refused by https://me:hunter22x@ex.org/v1"}))
        return Transcript(text="good morning")

    project.configure('model = ["polly"]', models=(), tables=TABLE)
    project.clip("one", "good morning")
    monkeypatch.chdir(project.path)
    monkeypatch.setitem(wicked_engine.DEEDS, "warn", tell)
    # pytest keeps warnings from the screen.
    monkeypatch.setattr(warnings, "showwarning", lambda message, *_: sys.stderr.write(f"{message}\n"))

    assert main(["transcribe", "-o", "run.jsonl"]) == 0

    told = capsys.readouterr().err
    assert "the key is ***" in told
    assert "refused by https://ex.org/v1" in told
    assert "Xy12abZZq99" not in told
    assert "hunter22x" not in told


def test_secrets_in_texts(project, monkeypatch):
    """A record of transcribe hides the same secrets in a text as that of pytest, also those of models not chosen."""
    monkeypatch.setenv("DEEPGRAM_TOKEN", "tkENVaaaa1111bbbb2222")
    monkeypatch.setenv("MIRROR", "https://bob:urlPWdddd4444@ex.org/x")
    monkeypatch.setenv("LOGIN", "optSECRETcccc3333")
    says = "at bob:urlPWdddd4444 with tkENVaaaa1111bbbb2222 and optSECRETcccc3333"
    polly = f'[tool.asrlab.models.polly]\nengine = "parrot"\nweights = "here"\noptions = {{ says = "{says}" }}\n'
    kea = '[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\noptions = { password = "env:LOGIN" }\n'
    project.configure('model = ["polly", "kea"]', models=(), tables=polly + kea)
    project.clip("one", "good morning")
    project.evals("accuracy")
    monkeypatch.chdir(project.path)

    assert main(["transcribe", "--model", "polly", "-o", "run.jsonl"]) == 0
    project.run("--asr-model", "polly", "--asr-record", "pytest.jsonl")

    for name in ("run.jsonl", "pytest.jsonl"):
        _, [row] = project.record(name)
        assert row["hypothesis"] == "at bob:*** with *** and ***"
        assert row["transcript"]["segments"][0]["text"] == "at bob:*** with *** and ***"
