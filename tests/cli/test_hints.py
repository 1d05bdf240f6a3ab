"""Hints can be copied: they name commands as the project runs them."""

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.errors import ModelError
from asrlab_pytest.hints import runnable

PULL = "with a network: asrlab pull whisper-base"


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("uv.lock", "", "with a network: uv run asrlab pull whisper-base"),
        ("pyproject.toml", "[tool.uv]\n", "with a network: uv run asrlab pull whisper-base"),
        ("pyproject.toml", "[tool.other]\n", PULL),
        ("pyproject.toml", "[tool.uv", PULL),
    ],
    ids=["lock", "table", "no table", "damaged"],
)
def test_in_a_project_of_uv(name, text, shown, tmp_path, monkeypatch):
    """Below a folder with uv.lock or [tool.uv] a hint begins its commands with "uv run", elsewhere it does not."""
    (tmp_path / name).write_text(text)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")

    assert runnable(PULL) == shown
    assert str(ModelError("no weights", hint=PULL)) == f"no weights\n  hint: {shown}"


def test_started_by_uv(tmp_path, monkeypatch):
    """Where uv runs the process, every command of a hint begins with "uv run", once; other text is as it was."""
    monkeypatch.setenv("UV", "/bin/uv")
    monkeypatch.chdir(tmp_path)

    assert runnable("asrlab models; pytest --asr-model x") == "uv run asrlab models; uv run pytest --asr-model x"
    assert runnable(runnable("asrlab models")) == "uv run asrlab models"
    assert runnable('uv add --dev "asrlab-pytest[av]"') == 'uv add --dev "asrlab-pytest[av]"'
    assert runnable("set [tool.asrlab] model, or pytest.ini") == "set [tool.asrlab] model, or pytest.ini"


def test_alone(capsys):
    """`asrlab` alone prints its help, with every command, and is not an error."""
    assert main([]) == 0

    shown = capsys.readouterr().out
    assert "usage: asrlab" in shown
    assert all(command in shown for command in ("models", "pull", "report", "compare"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["https://bob:hunter22@host"],
        ["store", "prune", "--older-than", "https://bob:hunter22@host"],
        ["store", "prune", "--older-than", "1", "--password", "hunter22x", "https://bob:hunter22@host"],
        ["corpus", "https://bob:hunter22@host"],
        ["rescore", "--jobs", "https://bob:hunter22@host"],
    ],
)
def test_a_secret_that_is_no_argument(capsys, arguments):
    """An argument that no command takes is quoted without its secrets."""
    with pytest.raises(SystemExit):
        main(arguments)

    assert "host" in (shown := capsys.readouterr().err)
    assert "hunter22" not in shown
