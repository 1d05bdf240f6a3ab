"""What `asrlab_pytest.score` and `asrlab score` say of what is not a text, and of texts that are very long."""

import json

import pytest

from asrlab_pytest import score
from asrlab_pytest.cli import main
from asrlab_pytest.errors import ConfigError


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"reference": None}, "the reference is not a text, but None"),
        ({"hypothesis": 5}, "the hypothesis is not a text, but int"),
        ({"reference": ["a", "b"]}, "the reference is not a text, but list"),
        ({"language": 5}, "the language 5 is not a text"),
        ({"normalization": 5}, "5 is not a normalization"),
    ],
)
def test_arguments_of_another_kind(arguments, message):
    """An argument that is not a text is refused by its name."""
    with pytest.raises(ConfigError, match=message):
        score(**{"reference": "a b", "hypothesis": "a b", **arguments})


def test_a_long_cell(tmp_path, capsys):
    """The transcript of hours, in one cell of a table, is scored like a short one."""
    words = "word " * 30_000
    path = tmp_path / "calls.csv"
    path.write_text(f"id,reference,hypothesis,language\na,{words},{words}more,en\n")

    assert main(["score", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {
        "hits": 30_000,
        "substitutions": 0,
        "deletions": 0,
        "insertions": 1,
    }
