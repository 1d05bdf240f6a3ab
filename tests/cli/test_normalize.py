"""``asrlab normalize`` and ``asrlab protocol``."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.protocols.normalization import PROFILES, goldens, normalization

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


def test_each_line_becomes_its_normalized_line():
    """Line for line, empty ones and one without an end included, the output is the normalized input."""
    text = "It’s five o’clock\r\n\nOh, my God...\x0bcafé\nno end"

    assert normalized(text) == ["it is 5 oclock", "", "oh my god cafe", "no end"]


def test_the_filter_takes_a_profile():
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


def test_validate_runs_the_golden_vectors(capsys: pytest.CaptureFixture[str]):
    """Each profile is printed with its signature and the number of golden vectors that pass."""
    assert main(["protocol", "validate"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [normalization(profile).signature for profile in PROFILES]
    assert all(re.search(r"  \d+ golden vectors pass$", line) for line in lines)


def test_validate_fails_where_the_rules_are_others(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """A golden vector that the installed rules do not give is printed, and the exit status is 1."""
    monkeypatch.setattr(goldens, "goldens", lambda profile: [goldens.Golden("A", "b")])

    assert main(["protocol", "validate"]) == 1
    assert "'A' gives 'a', not 'b'" in capsys.readouterr().out


def test_show_prints_what_each_step_does(capsys: pytest.CaptureFixture[str]):
    """Every step stands in its order, with the text where it changes it and a hyphen where it does not."""
    assert main(["protocol", "show", "Five o’clock"]) == 0
    signature, *lines = capsys.readouterr().out.splitlines()
    assert signature == normalization("en").signature
    names = ["text", *(step.name for step in normalization("en").steps), "tokens"]
    assert [line[: max(map(len, names))].strip() for line in lines] == names
    assert lines[1].endswith("  five o'clock")
    assert lines[2].endswith("  -")
    assert lines[-1].endswith("  5 | oclock")
