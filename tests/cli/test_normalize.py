"""``asrlab normalize``."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.protocols.normalization import normalization

TABLE = '[tool.asrlab.normalizations.house]\nbase = "und"\nreplacements = { "e mail" = "email" }\n'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a profile of its own, as the working directory."""
    (tmp_path / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def normalized(text: str, *options: str) -> list[str]:
    """The lines that the command makes of a text, as a filter of its own process."""
    code = "import sys; from asrlab_pytest.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "normalize", *options]
    done = subprocess.run(command, input=text.encode(), check=True, capture_output=True)
    return done.stdout.decode().split("\n")[:-1]


def test_each_line_becomes_its_normalized_line(forked: None):
    """Line for line, empty ones and one without an end included, the output is the normalized input."""
    text = "It’s five o’clock\r\n\nOh, my God...\x0bcafé\nno end"

    assert normalized(text) == ["it is 5 oclock", "", "oh my god cafe", "no end"]


def test_the_filter_takes_a_profile(forked: None):
    """Any profile of the protocol or of the project can be named."""
    assert normalized("E-Mail, हिन्दी!", "--profile", "house") == ["email हिन्दी"]
    assert normalized("a  B", "--profile", "raw") == ["a B"]


def test_the_signature_can_be_asked_for(capsys: pytest.CaptureFixture[str]):
    """`--signature` prints the signature that scores under the profile carry."""
    assert main(["normalize", "--profile", "en", "--signature"]) == 0
    assert capsys.readouterr().out.strip() == normalization("en").signature


def test_an_unknown_profile_is_an_error_in_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """A profile that does not exist ends the command with status 2 and the names to choose from."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\n")))

    assert main(["normalize", "--profile", "hose"]) == 2
    assert "did you mean 'house'?" in capsys.readouterr().err


def test_input_in_another_encoding(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Bytes that are not UTF-8 end the command with status 2, the number of their line and a hint."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x\ncaf\xe9\n")))

    assert main(["normalize", "--profile", "und"]) == 2
    assert "standard input, line 2: not UTF-8\n  hint: convert it" in capsys.readouterr().err
