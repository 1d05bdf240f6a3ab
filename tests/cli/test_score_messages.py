"""Messages of `asrlab score` and the commands after it about a wrong file, corpus or rule."""

import json
import shlex

import pytest

from stored_runs import HASH, end, environment, row, write

PAIR = {"id": "one", "reference": "it cost five dollars", "hypothesis": "it cost five dollars", "language": "en"}


def pairs(path, *rows):
    path.write_text("".join(json.dumps({**PAIR, **entry}) + "\n" for entry in rows))
    return path.name


@pytest.mark.parametrize(
    "command",
    [("score", "a.jsonl", "--corpus", "nowhere"), ("audit", "nowhere"), ("corpus", "entities", "nowhere")],
    ids=["score", "audit", "entities"],
)
def test_a_corpus_that_is_missing(folder, asrlab, command):
    """The hint of a command does not name pytest's options as its own."""
    pairs(folder / "a.jsonl", {})

    status, _, err = asrlab(*command)

    assert (status, "no corpus at" in err) == (2, True)
    assert "hint: name a folder with a manifest.jsonl (in pytest: --asr-corpus), or create a starter project" in err


def test_a_filter_of_clips_without_its_option(folder, asrlab):
    """A wrong filter is called a filter, not by an option that the command does not have."""
    (folder / "clips").mkdir()
    (folder / "clips" / "manifest.jsonl").write_text('{"audio": "a.wav", "text": "hello", "language": "en"}\n')

    status, _, err = asrlab("audit", "clips", "--clip", "colour:red")

    assert (status, "the clip filter 'colour:red' has no key 'colour'" in err, "--asr-clip" in err) == (2, True, False)


@pytest.mark.parametrize("reference", ["...", "[laughter]", "um"])
def test_a_reference_that_normalizes_to_nothing(folder, asrlab, reference):
    """A reference without words is refused like an empty one, with its line, and --silence accepts it."""
    pairs(folder / "a.jsonl", {}, {"id": "two", "reference": reference})

    status, out, err = asrlab("score", "a.jsonl")

    assert (status, out) == (2, "")
    assert f"a.jsonl:2: normalization leaves no words of the reference {reference!r}\n  hint: " in err
    assert asrlab("score", "a.jsonl", "--silence")[0] == 0
    assert asrlab("score", "a.jsonl", "--normalization", "raw")[0] == 0


LONG = "a" * 1_000_001


@pytest.mark.parametrize("side", ["reference", "hypothesis"])
def test_a_text_too_long(folder, asrlab, side):
    """A text longer than a run takes from an engine is refused with its line, as it would take minutes to score."""
    pairs(folder / "a.jsonl", {}, {"id": "two", side: LONG})

    status, out, err = asrlab("score", "a.jsonl")

    assert (status, out) == (2, "")
    assert "a.jsonl:2: the text has 1,000,001 characters, and 1,000,000 is the limit\n  hint: split the " in err


@pytest.mark.parametrize("format_", ["manifest", "csv"])
def test_a_reference_of_a_corpus_too_long(folder, asrlab, format_):
    """A reference of a corpus that is too long is refused with its line, in every format."""
    pairs(folder / "a.jsonl", {})
    if format_ == "csv":
        (folder / "clips.csv").write_text(f"audio,text\none.wav,{LONG}\n")
    else:
        (folder / "clips.jsonl").write_text(json.dumps({"audio": "one.wav", "text": LONG}) + "\n")

    status, _, err = asrlab("score", "a.jsonl", "--corpus", "clips.csv" if format_ == "csv" else "clips.jsonl")

    assert (status, ": the text has 1,000,001 characters" in err) == (2, True)


@pytest.mark.parametrize("reference", ["{|}", "{um|} {...|}"])
def test_alternatives_without_words(folder, asrlab, reference):
    """A reference whose alternatives all have no words is refused; one that may be silence is not."""
    (folder / "pyproject.toml").write_text("[tool.asrlab.normalizations.mine]\nalternatives = true\n")
    pairs(folder / "a.jsonl", {"reference": "{|hello}"}, {"id": "two", "reference": reference})

    status, out, err = asrlab("score", "a.jsonl", "--normalization", "mine")

    assert (status, out) == (2, "")
    assert f"a.jsonl:2: normalization leaves no words of the reference {reference!r}\n  hint: " in err


def test_hypotheses_that_are_missing(folder, asrlab):
    """Scored transcripts with gaps are reported as missing hypotheses, never as a run that stopped."""
    pairs(folder / "a.jsonl", {}, {"id": "two"})
    pairs(folder / "b.jsonl", {})

    status, out, _ = asrlab("score", "b.jsonl", "--reference", "a.jsonl", "--record", "r.jsonl")

    assert ("no engine ran" in out, "asr_memory" in out) == (True, False)
    assert (status, "incomplete 1 of 2 hypotheses missing\n" in out) == (1, True)
    status, out, err = asrlab("report", "r.jsonl")
    assert (status, "incomplete 1 of 2 hypotheses missing\n" in out) == (1, True)
    assert "r.jsonl has 1 of 2 hypotheses: the scored files lack the others" in err
    status, out, err = asrlab("record", "validate", "r.jsonl")
    assert (status, "1 of 2 hypotheses missing" in out, "stopped" in out + err) == (1, True, False)


def test_entities_of_transcripts_without_a_corpus(folder, asrlab):
    """A report names a working command that lists entities if the corpus has a manifest here, and otherwise none."""
    pairs(folder / "a.jsonl", {})
    asrlab("score", "a.jsonl", "--record", "r.jsonl")
    out = asrlab("report", "r.jsonl")[1]
    assert ("1 clip has no entities listed" in out, "corpus entities" in out) == (True, False)

    (folder / "calls").mkdir()
    said = {key: value for key, value in PAIR.items() if key != "hypothesis"}
    said = {"id": said["id"], "audio": "one.wav", "text": said["reference"], "language": "en"}
    (folder / "calls" / "manifest.jsonl").write_text(json.dumps(said) + "\n")
    head = environment(corpus={"name": "calls", "manifest_sha256": HASH}, settings={"corpus": "calls"})
    write(folder / "run.jsonl", head, row(clip="one", reference=PAIR["reference"], language="en"), end())
    out = asrlab("report", "run.jsonl")[1]
    hint = next(line for line in out.splitlines() if line.startswith("hint"))
    command = hint.partition(": ")[2].removeprefix("uv run ")
    assert command == "asrlab corpus entities calls --write"
    assert asrlab(*shlex.split(command)[1:])[0] == 0


def test_a_record_in_place_of_transcripts(folder, asrlab):
    """A record that is passed as transcripts is called a record, with the commands that score it."""
    write(folder / "my run.jsonl", environment(), row(), end())
    pairs(folder / "a.jsonl", {})

    for arguments in (["m=my run.jsonl"], ["a.jsonl", "--reference", "my run.jsonl"]):
        status, out, err = asrlab("score", *arguments)
        assert (status, out) == (2, "")
        assert "my run.jsonl is a record of a run, not a file of transcripts\n  hint: " in err
        assert "asrlab report 'my run.jsonl', or score it by other rules: " in err
    assert asrlab("report", "my run.jsonl")[0] == 0


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("def normalize(text):\n    sys.exit(3)\n", 'failed on "Hello, World!'),
        ("sys.exit(3)\n", "does not load: SystemExit: 3"),
        ("class normalize:\n    def __init__(self):\n        sys.exit(3)\n", "normalize() failed: SystemExit: 3"),
        ("class normalize:\n    def __init__(self, code):\n        ...\n", "normalize() failed: TypeError: "),
    ],
    ids=["call", "import", "class", "arguments"],
)
def test_a_normalizer_that_ends_the_process(folder, asrlab, code, sentence):
    """A custom normalizer that exits, or cannot be created, is an error with its name and status 2."""
    module = f"rules_of_{len(code)}_characters"
    (folder / f"{module}.py").write_text(f"import sys\n\n{code}")
    pairs(folder / "a.jsonl", {})

    status, out, err = asrlab("score", "a.jsonl", "--normalization", f"python:{module}:normalize")

    assert (status, out) == (2, "")
    assert f"python:{module}:normalize" in err
    assert sentence in err


def test_a_corpus_that_ends_the_process(folder, asrlab):
    """A corpus in Python that exits is an error with its file and status 2."""
    (folder / "made.py").write_text("import sys\n\n\ndef corpus():\n    sys.exit(0)\n")

    status, _, err = asrlab("corpus", "info", "made.py:corpus")

    assert (status, "made.py: corpus() failed: SystemExit: 0" in err) == (2, True)


def test_the_heading_of_a_table(folder, asrlab):
    """A heading that lacks a column is named by its own line, and an empty table with what `score` needs."""
    (folder / "a.csv").write_text("id,truth,asr\na,one,one\n")
    (folder / "empty.csv").write_text("")

    assert "a.csv:1: no column for the reference" in asrlab("score", "a.csv")[2]
    assert "hint: give it a heading such as: id,reference,hypothesis" in asrlab("score", "empty.csv")[2]
