"""``asrlab score`` on files that say less, or more, than they seem to."""

import json
import unicodedata

import pytest

from asrlab_pytest.cli import main

STM = "f A s 0 2 <o,f0,male> hello world\nf B t 0 2 one (%hesitation) two\n"


@pytest.fixture
def score(tmp_path, monkeypatch, capsys):
    """Writes files and runs `asrlab score` on them: word errors by id, exit status and errors."""
    monkeypatch.chdir(tmp_path)

    def run(files, *arguments):
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        status = main(["score", *arguments, "--json", "--language", "en"])
        printed = capsys.readouterr()
        rows = [json.loads(line) for line in printed.out.splitlines()]
        errors = {row["id"]: sum(row["counts"].values()) - row["counts"]["hits"] for row in rows}
        return errors, status, printed.err

    return run


@pytest.mark.parametrize(
    ("ctm", "sentence"),
    [
        ("f A 0.1 0.5 hello world\n", "h.ctm:1: 'world' stands where the confidence of the word 'hello' belongs"),
        ("F A 0.1 0.5 hello\n", "h.ctm:1: no word lies in a segment of r: 'hello' is of F at 0.1 s"),
    ],
    ids=["two words", "another recording"],
)
def test_words_of_a_ctm_that_would_be_lost(score, ctm, sentence):
    """No word of a ctm is passed over: a line of several is refused, and words of no segment are named."""
    errors, status, err = score({"r.stm": STM, "h.ctm": ctm}, "h.ctm", "--reference", "r.stm")

    assert (errors, status) == ({}, 2)
    assert sentence in err


@pytest.mark.parametrize("confidence", ["", "0.98", "1", "-", "NA", "1.2e-3 lex spk1"])
def test_confidences_and_hesitations(score, confidence):
    """A ctm may state confidences, and %HESITATION is not a word, in a reference or in a hypothesis."""
    ctm = f"f A 0.1 0.5 hello {confidence}\nf A 0.7 0.1 %HESITATION\nf A 1 0.5 word\nf B 0.1 1 one\nf B 1.2 0.5 two\n"
    errors, status, err = score({"r.stm": STM, "h.ctm": ctm + "f A 9 1 %hesitation\n"}, "h.ctm", "--reference", "r.stm")

    assert (errors, status, err) == ({"f-A-0-2": 1, "f-B-0-2": 0}, 0, "")


@pytest.mark.parametrize("name", ["x.jsonl", "x.trn"])
def test_hesitations_in_every_format(score, name):
    """%HESITATION is no word, whatever the format of the file."""
    files = {
        "x.jsonl": '{"id": "a", "reference": "so %HESITATION ok", "hypothesis": "so ok"}\n',
        "x.trn": "so ok (a)\n",
        "r.trn": "so %HESITATION ok (a)\n",
    }
    errors, status, err = score(files, name, *(("--reference", "r.trn") if name == "x.trn" else ()))

    assert (errors, status, err) == ({"a": 0}, 0, "")


def test_the_format_of_references_without_an_extension(score):
    """--format also names the format of references whose extension says none, and not of those whose does."""
    files = {"h.txt": "so ok (a)\n", "r.txt": "so okay (a)\n", "r.jsonl": '{"id": "a", "reference": "so okay"}\n'}

    assert score(files, "h.txt", "--reference", "r.txt", "--format", "trn") == ({"a": 0}, 0, "")
    assert score(files, "h.txt", "--reference", "r.jsonl", "--format", "trn") == ({"a": 0}, 0, "")


@pytest.mark.parametrize("name", ["h.trn", "h.stm"])
def test_alternatives_of_a_hypothesis(score, name):
    """A hypothesis with alternatives is refused: all of them would be scored as words."""
    files = {
        "r.trn": "okay so (a)\n",
        "h.trn": "{ okay / o k } so (a)\n",
        "r.stm": "a A s 0 2 okay so\n",
        "h.stm": "a A s 0 2 { okay / o k } so\n",
    }
    errors, status, err = score(files, name, "--reference", name.replace("h.", "r."))

    assert (errors, status) == ({}, 2)
    assert f"{name}:1: a hypothesis with alternatives" in err


@pytest.mark.parametrize(
    "options", [("--column", "hypothesis=text"), ("--column", "hypothesis=text", "--column", "reference=text")]
)
def test_one_column_of_both_texts(score, options):
    """A column that would be read as the reference and as the hypothesis is refused: every text would be right."""
    errors, status, err = score({"x.jsonl": '{"id": "a", "text": "hello"}\n'}, "x.jsonl", *options)

    assert (errors, status) == ({}, 2)
    assert "x.jsonl:1: the column 'text' holds the reference and the hypothesis" in err


def test_accents_of_ids(score):
    """An id is that of its reference however its accented letters are composed, as in file names of a Mac."""
    one, other = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    files = {
        "r.jsonl": json.dumps({"id": one, "text": "hello there"}),
        "h.jsonl": json.dumps({"id": other, "text": "hello"}),
    }

    assert score(files, "h.jsonl", "--reference", "r.jsonl") == ({one: 1}, 0, "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.jsonl", '{"id": "a", "reference": "b", "hypothesis": "b", "speaker": "Unknown"}\n'),
        ("x.csv", "id,reference,hypothesis,speaker\na,b,b,nan\n"),
    ],
)
def test_a_speaker_who_is_not_known(name, content, tmp_path, monkeypatch, capsys):
    """A word for nobody is no speaker, as in a corpus."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(content)
    assert main(["score", name, "--language", "en", "--record", "run.jsonl"]) == 0

    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert "speaker" not in capsys.readouterr().out
    assert {line.get("group") for line in lines} == {None}
