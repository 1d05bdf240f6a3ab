"""`asrlab entities` as a filter, and `asrlab corpus entities` on a manifest."""

import io
import json
import subprocess
import sys

import pytest

from asrlab_pytest.cli import main


@pytest.fixture
def filtered(monkeypatch, capsys):
    """Runs the filter on bytes; gives the exit status, the parsed lines and what went to standard error."""

    def run(content, *options):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        status = main(["entities", *options])
        output = capsys.readouterr()
        return status, [json.loads(line) for line in output.out.splitlines()], output.err

    return run


def test_a_line_for_a_line(filtered):
    """Each line of the input, an empty one too, gives one array, with places in the line."""
    status, lines, _ = filtered("It cost $5.\n\nnichts\nfünf: 12".encode())

    assert status == 0
    assert lines == [
        [{"type": "money", "value": "USD 5", "text": "$5", "start": 8, "end": 10}],
        [],
        [],
        [{"type": "number", "value": "12", "text": "12", "start": 6, "end": 8}],
    ]


@pytest.mark.parametrize(
    ("options", "value"),
    [
        (["--currency", "CAD"], ["CAD 5", "2024-03-04"]),
        (["--date-order", "DMY"], ["USD 5", "2024-04-03"]),
        (["--keyword", "paid", "--keyword", "on"], ["paid", "USD 5", "on", "2024-03-04"]),
        (["--language", "de"], []),
    ],
)
def test_options(filtered, options, value):
    """Currency, order of dates, keywords and language do what they say."""
    _, (entities,), _ = filtered(b"He paid $5 on 3/4/2024.", *options)

    assert [entity["value"] for entity in entities] == value


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"fine\n\xff\xfe", [], "line 2: not UTF-8"),
        (b"", ["--currency", "euro"], "ISO 4217"),
        (b"fine", ["--keyword", "Anna", "--keyword", ""], "the keyword '' has no letter and no digit"),
        (b"fine", ["--keyword", "..."], "the keyword '...' has no letter and no digit"),
    ],
)
def test_unusable_input(filtered, content, options, words):
    """Bytes that are no UTF-8, a wrong currency and an empty keyword are refused in a sentence, with exit status 2."""
    status, _, error = filtered(content, *options)

    assert status == 2
    assert words in error
    assert "Traceback" not in error


@pytest.mark.parametrize("language", ["English", "eng", "en-GB", "EN"])
def test_languages_as_people_write_them(filtered, language):
    """A name and a longer code choose the rules of the language that they name."""
    assert filtered(b"five dollars", "--language", language)[1][0][0]["value"] == "USD 5"


@pytest.mark.parametrize(
    ("language", "words"), [("Germn", "unknown language 'Germn'"), ("xx", "unknown language 'xx'")]
)
def test_an_unknown_language(filtered, language, words):
    """A language that does not exist is refused, instead of finding nothing."""
    status, lines, error = filtered(b"five dollars", "--language", language)

    assert (status, lines) == (2, [])
    assert f"--language: unknown language '{language}'" in error
    assert "ISO 639" in error


def test_a_reader_that_has_enough():
    """A reader that closes the pipe early is not an error."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "asrlab_pytest.cli", "entities"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer.stdout.close()

    _, error = writer.communicate(b"It cost $5.\n" * 1000)

    assert (writer.returncode, error) == (0, b"")


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A project whose corpus has a clip with entities and one without."""
    (tmp_path / "pyproject.toml").write_text('[tool.asrlab]\ncorpus = "clips"\n', encoding="utf-8")
    folder = tmp_path / "clips"
    folder.mkdir()
    lines = [
        {"audio": "a.wav", "text": "It cost $5.", "language": "en"},
        {"audio": "b.wav", "text": "Nothing.", "language": "en"},
    ]
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder / "manifest.jsonl"


def test_proposals_are_shown(corpus, capsys):
    """Without --write the proposals are printed, with the reference, and the manifest stays as it is."""
    before = corpus.read_bytes()

    assert main(["corpus", "entities"]) == 0

    assert capsys.readouterr().out.splitlines()[:2] == ["a: It cost $5.", "  money    USD 5                    $5"]
    assert corpus.read_bytes() == before


def test_proposals_are_written(corpus, capsys):
    """With --write they are in the manifest, the copy is named, and a second call proposes nothing."""
    assert main(["corpus", "entities", "--write"]) == 0
    assert str(corpus.with_name("manifest.jsonl.bak")) in capsys.readouterr().out
    written = [json.loads(line)["entities"] for line in corpus.read_text(encoding="utf-8").splitlines()]
    assert written == [[{"type": "money", "value": "USD 5", "text": "$5"}], []]

    assert main(["corpus", "entities", "--write"]) == 0
    assert capsys.readouterr().out.startswith("0 entities proposed for 0 of 2 clips; the others have entities listed")
    assert len(list(corpus.parent.iterdir())) == 2


def test_the_projects_parameters(corpus, capsys):
    """The project's currency decides what is proposed."""
    (corpus.parents[1] / "pyproject.toml").write_text(
        '[tool.asrlab]\ncorpus = "clips"\n[tool.asrlab.entities]\ncurrency = "AUD"\n', encoding="utf-8"
    )

    main(["corpus", "entities"])

    assert "AUD 5" in capsys.readouterr().out


def test_no_such_corpus(corpus, capsys):
    """A corpus that is not there is named, with exit status 2."""
    assert main(["corpus", "entities", "elsewhere"]) == 2
    assert "elsewhere" in capsys.readouterr().err
