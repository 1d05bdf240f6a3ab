"""``asrlab score``: transcripts that exist already, scored without an engine."""

import json
from functools import partial

import pytest

import voices
from asrlab_pytest.cli import main

PAIRS = (
    {"id": "one", "reference": "hello there", "hypothesis": "hello bear", "language": "en"},
    {"id": "two", "reference": "It cost five dollars.", "hypothesis": "it cost $6", "language": "English"},
)


@pytest.fixture
def score(asrlab):
    """Runs `asrlab score`."""
    return partial(asrlab, "score")


@pytest.fixture
def scored(score):
    """The figures of each hypothesis by model and id, of a call that must succeed without a word of complaint."""

    def run(*arguments):
        status, out, err = score(*arguments, "--json")
        assert (status, err) == (0, "")
        rows = map(json.loads, out.splitlines())
        return {(row["model"], row["id"]): row for row in rows}

    return run


def lines(path, *rows, ending="\n"):
    path.write_bytes("".join(json.dumps(row, ensure_ascii=False) + ending for row in rows).encode())
    return path


def text(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def errors(rows):
    """Word errors by model and id."""
    return {key: sum(row["counts"].values()) - row["counts"]["hits"] for key, row in rows.items()}


def test_json(folder, scored):
    """Each hypothesis has its id, rates, counts and entities, and the language in its standard form."""
    rows = scored(lines(folder / "base.jsonl", *PAIRS))

    one, two = rows["base", "one"], rows["base", "two"]
    assert (one["wer"], one["equal"]) == (0.5, False)
    assert one["counts"] == {"hits": 1, "substitutions": 1, "deletions": 0, "insertions": 0}
    assert one["characters"] == {"hits": 7, "substitutions": 3, "deletions": 1, "insertions": 0}
    assert one["cer"] == pytest.approx(4 / 11)
    assert (two["language"], two["entities"]["substituted"], two["entities"]["recall"]) == ("en", 1, 0.0)
    assert two["normalization"].startswith("asrlab-norm/")


def test_the_scorecard(folder, score):
    """Several files are several models of one scorecard, in which nothing that an engine would have taken stands."""
    status, out, _ = score(lines(folder / "base.jsonl", *PAIRS), f"tiny={lines(folder / 'x.jsonl', *PAIRS)}")

    table = [line.split() for line in out.splitlines() if "40.0%" in line]
    assert status == 0
    assert [line[0] for line in table[:2]] == ["base", "tiny"]
    assert table[0][-3:] == ["-"] * 3


@pytest.mark.parametrize(
    ("line", "equal"),
    [
        (("他住在北京，很好。", "他住在 北京 很好", "zh"), True),
        (("ขอบคุณ มาก", "ขอบคุณมาก", "th"), True),
        (("They sold thirty. Three men left.", "They sold 30. 3 men left.", "en"), True),
        (("They sold thirty. Three men left.", "They sold thirty-three men left.", "en"), False),
        (("made by N A S A", "made by NASA", "en"), True),
        (("siebenundvierzig Prozent", "47 %", "de"), True),
        (("Isparta ve İzmir", "ısparta ve izmir", "tr"), True),
        (("mas", "más", None), False),
        (("Read (aloud) by me. [noise]", "Read, aloud, by me.", "en"), True),
    ],
)
def test_each_language_has_its_rules(folder, scored, line, equal):
    """The rules are those of each line's own language, and of none where it states none."""
    reference, hypothesis, language = line
    row = {"reference": reference, "hypothesis": hypothesis, "language": language, "why": "a key of somebody else's"}

    (found,) = scored(lines(folder / "a.jsonl", row)).values()

    assert (found["id"], found["language"], found["equal"]) == ("line-1", language, equal)
    assert (found["cer"] == 0.0) is equal


def test_byte_order_mark_and_line_ends(folder, scored):
    """Files of Windows, with a byte order mark and carriage returns, are read as any other."""
    plain = scored(lines(folder / "base.jsonl", *PAIRS))
    text(folder / "base.jsonl", b"\xef\xbb\xbf" + lines(folder / "x.jsonl", *PAIRS, ending="\r\n").read_bytes())

    assert scored(folder / "base.jsonl") == plain


def test_nemo(folder, scored):
    """A manifest of NeMo is read by `text` and `pred_text`; parts of one file are told apart."""
    one = {"audio_filepath": "wav/one.wav", "duration": 2.0, "text": "hello there", "pred_text": "hello", "lang": "en"}

    rows = scored(lines(folder / "nemo.json", one, {**one, "offset": 2.0, "pred_text": ""}))

    assert errors(rows) == {("nemo", "one"): 1, ("nemo", "one-2.0"): 2}


@pytest.mark.parametrize("name", ["audio_filepath", "path"])
def test_files_of_one_name(folder, score, scored, name):
    """Rows whose files have one name in several folders are refused with the option that makes ids of their paths."""
    row = {"duration": 2.0, "reference": "hello there", "hypothesis": "hello"}
    file = lines(
        folder / "n.json", *({name: f"{place}/x.wav", **row} for place in "ab"), {name: "a/x.wav", "offset": 2.0, **row}
    )

    status, _, err = score(file)
    assert (status, "n.json:2: the id 'x' is already in" in err) == (2, True)
    assert f"or use paths as ids: --column id={name}" in err
    rows = scored(file, "--column", f"id={name}")
    assert [of for _, of in rows] == ["a/x.wav", "b/x.wav", "a/x.wav-2.0"]
    repeated = lines(folder / "r.json", *({"id": "x", name: f"{place}/x.wav", **row} for place in "ab"))
    assert "--column" not in score(repeated)[2]


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("t.csv", 'id,reference,hypothesis\n1,"hello, there",hello bear\n2,good,\n', ()),
        ("t.tsv", 'utt_id\ttranscript\tpred_text\r\n1\thello "there\thello bear\r\n2\tgood\t\r\n', ("--no-quotes",)),
        (
            "t.csv",
            "id;truth;out\n1;hello there;hello bear\n2;good;\n",
            ("--delimiter", ";", "--column", "reference=truth", "--column", "hypothesis=out"),
        ),
    ],
)
def test_tables(folder, scored, name, content, options):
    """CSV and TSV are read by their headings, of which the columns can be named."""
    rows = scored(text(folder / name, content), *options, "--language", "en")

    assert errors(rows) == {("t", "1"): 1, ("t", "2"): 1}


def test_trn(folder, scored):
    """Hypotheses of a trn meet the references of another by their ids, in any order."""
    said = text(folder / "ref.trn", "hello there (s1-a)\n;; comment\ngood night (s1-b)\n")
    heard = text(folder / "hyp.trn", "good knight (s1-b)\r\nhello there (s1-a)\r\n")

    assert errors(scored(heard, "--reference", said, "--language", "en")) == {("hyp", "s1-a"): 0, ("hyp", "s1-b"): 1}


STM = """;; comment
call A ann 0.0 2.0 <o,f0,male> hello there
call A bob 2.0 4.0 good night
call A bob 4.0 5.0 IGNORE_TIME_SEGMENT_IN_SCORING
call B cem 0.0 2.0 <o> what now
solo 1 dan 0 9 <unk> quiet
"""
CTM = """call 1 2.6 0.3 knight 0.9
call 1 0.1 0.3 hello
call 1 1.7 0.4 there
call 1 2.1 0.3 good
call 1 4.1 0.3 rubbish
call B 0.2 0.1 what
"""


def test_ctm_beside_an_stm(folder, score):
    """Words belong to the segment that their middle lies in; a recording without words has no hypothesis."""
    said, heard = text(folder / "ref.stm", STM), text(folder / "hyp.ctm", CTM)

    status, out, err = score(heard, "--reference", said, "--language", "en", "--json")

    rows = {row["id"]: row for row in map(json.loads, out.splitlines())}
    assert {name: row["hypothesis"] for name, row in rows.items()} == {
        "call-A-0.0-2.0": "hello there",
        "call-A-2.0-4.0": "good knight",
        "call-B-0.0-2.0": "what",
    }
    assert (status, "has no hypothesis for solo" in err) == (1, True)


def test_words_in_no_segment(folder, score):
    """A word of a ctm that lies in no segment is named, and not dropped in silence."""
    said = text(folder / "ref.stm", STM.rpartition("solo")[0])
    heard = text(folder / "hyp.ctm", CTM + "call A 7 0.3 late\n")

    status, _, err = score(heard, "--reference", said)

    assert status == 1
    assert f"{heard}:7: in no segment of the reference: 'late' (call at 7 s)" in err
    assert score(heard, "--reference", said, "--partial")[0] == 0


def test_ctm_beside_a_trn(folder, scored):
    """Without segments the words of a recording are one text, of the id that is the recording's name."""
    said = text(folder / "ref.trn", "hello there (one)\ngood night (two)\n")
    heard = text(folder / "hyp.ctm", "two 1 0.5 0.2 night\none 1 0 1 hello\none 1 1 1 there\ntwo 1 0 0.2 good\n")

    assert errors(scored(heard, "--reference", said)) == {("hyp", "one"): 0, ("hyp", "two"): 0}


def test_a_corpus_and_a_folder_or_table(folder, scored):
    """The references of a corpus, silent clips included, meet a folder of texts, or a table, by clip id."""
    clips = folder / "clips"
    clips.mkdir()
    clip = {"audio": "one.wav", "text": "hello there", "language": "en"}
    silent = {"audio": "hush.wav", "text": "", "language": "en", "tags": ["silence"]}
    lines(clips / "manifest.jsonl", clip, silent)
    text(folder / "small" / "one.txt", "\ufeffhello\r\nbear\r\n")
    text(folder / "small" / "hush.txt", "")
    table = text(folder / "big.csv", "id,text\none,hello there\nhush,um thanks\n")

    rows = scored(folder / "small", table, "--corpus", "clips")

    assert errors(rows) == {("small", "one"): 1, ("small", "hush"): 0, ("big", "one"): 0, ("big", "hush"): 1}
    assert rows["small", "hush"]["wer"] is None


def test_alternatives(folder, score, scored):
    """Alternatives of sclite are those of a profile that reads them, and refused where they would count as words."""
    said = text(folder / "ref.trn", "good { evening / night } { uh / @ } sir (one)\n")
    heard = text(folder / "hyp.trn", "good night sir (one)\n")

    status, _, err = score(heard, "--reference", said, "--language", "en")
    assert (status, f"{said}:1: the reference holds alternatives" in err) == (2, True)
    text(folder / "pyproject.toml", "[tool.asrlab.normalizations.mine]\nalternatives = true\n")
    assert errors(scored(heard, "--reference", said, "--normalization", "mine")) == {("hyp", "one"): 0}
    nested = lines(folder / "n.jsonl", ROW, {**ROW, "id": "two", "reference": "{a|{b|c}}"})
    status, out, err = score(nested, "--normalization", "mine", "--json")
    assert (status, out, "n.jsonl:2: alternatives within alternatives" in err) == (2, "", True)


def test_the_rules_of_the_project(folder, scored):
    """Replacements, language and profile of `[tool.asrlab]` hold as in a run; the command line is stronger."""
    text(
        folder / "pyproject.toml",
        '[tool.asrlab]\nlanguage = "de"\nnormalization = "mine"\n'
        '[tool.asrlab.normalizations.mine]\nreplacements = { "akme" = "Acme" }\n',
    )
    row = {"id": "one", "reference": "Acme sings", "hypothesis": "akme sings"}
    file = lines(folder / "a.jsonl", row)

    found = scored(file)["a", "one"]
    assert (found["language"], found["wer"]) == ("de", 0.0)
    found = scored(file, "--normalization", "en", "--language", "eng")["a", "one"]
    assert (found["language"], found["wer"]) == ("en", 0.5)


ROW = {"id": "one", "reference": "hello", "hypothesis": "hello"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jsonl", [{"id": "one", "reference": "hello"}], "a.jsonl:1: no column for the hypothesis: none of"),
        ("a.jsonl", [ROW, {"id": "two", "hypothesis": "hi"}], "a.jsonl:2: no reference: the key 'reference'"),
        ("a.jsonl", [{**ROW, "hypothesis": None}], "a.jsonl:1: no hypothesis: the key 'hypothesis' is null"),
        ("a.jsonl", [{**ROW, "hypothesis": 3}], "a.jsonl:1: key 'hypothesis': expected text, not 3"),
        ("a.jsonl", [ROW, {**ROW, "id": "two"}, ROW], "a.jsonl:3: the id 'one' is already in a.jsonl:1"),
        ("a.jsonl", [ROW, {**ROW, "id": "two", "reference": " "}], "a.jsonl:2: the reference is empty"),
        ("a.jsonl", [{**ROW, "language": "klingon"}], "a.jsonl:1: key 'language': unknown language 'klingon'"),
        ("a.jsonl", [{**ROW, "language": ["en"]}], "a.jsonl:1: the language ['en'] is not a text"),
        ("a.jsonl", [{**ROW, "id": 1.5}], "a.jsonl:1: the id 1.5 is not a text"),
        ("a.jsonl", [{**ROW, "id": None, "audio": "a.wav", "offset": "x"}], "a.jsonl:1: 'offset' must be a number"),
        ("a.jsonl", b'{"reference": "caf\xe9", "hypothesis": "x"}\n', "a.jsonl:1: not UTF-8"),
        ("a.jsonl", '{"reference": "hello", "hypothesis": "hello"}\nhello\n', "a.jsonl:2: not valid JSON"),
        ("a.jsonl", json.dumps([ROW]), "a.jsonl:1: not a JSON object, but a JSON array"),
        ("a.jsonl", "[" * 100_000, "a.jsonl:1: not a JSON object, but a JSON array"),
        ("a.jsonl", '{"a":' * 100_000, "a.jsonl:1: not valid JSON"),
        ("a.jsonl", "\n", "a.jsonl is empty"),
        ("a.csv", "id,reference,hypothesis\n", "a.csv is empty, or has only a heading"),
        ("a.csv", "id,reference\n1,hello\n", "a.csv:1: no column for the hypothesis"),
        ("a.csv", "id;reference;hypothesis\n1;hello;hello\n", "--delimiter"),
        ("a.csv", "id,reference,hypothesis\n1,,hello\n", "a.csv:2: the reference is empty"),
        ("a.csv", "id,reference,hypothesis\n1,hello\n", "a.csv:2: 2 columns, where the heading has 3"),
        ("a.csv", "id,id,reference\n", "a.csv:1: the column 'id' is duplicated"),
        ("a.trn", "hello (one)\n", "a.trn has hypotheses alone"),
        ("a.txt", "hello\n", "a.txt: its format cannot be told from its name"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_mistakes_in_a_file_of_both(folder, score, name, content, sentence):
    """A mistake is a sentence with file and line, and nothing is scored."""
    path = folder / name
    _ = lines(path, *content) if isinstance(content, list) else text(path, content)

    status, out, err = score(name)

    assert (status, out) == (2, "")
    assert sentence in err
    assert "\n  hint: " in err


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ref.trn", "hello\n", "ref.trn:1: no id in parentheses at the end"),
        ("ref.trn", "a (one)\nb (one)\n", "ref.trn:2: the id 'one' is already in ref.trn:1"),
        ("ref.trn", "a { b / { c / d } } (one)\n", "ref.trn:1: alternatives within alternatives"),
        ("ref.trn", "other (two)\n", "hyp.trn and ref share no id: hyp.trn has one; ref has two"),
        ("ref.stm", "one A s 0 2 hi\none A s 1 3 ho\n", "ref.stm:2: the segment overlaps that of ref.stm:1"),
        ("ref.stm", "one A s 2 2 hi\n", "ref.stm:1: the end (2) must be after the begin (2)"),
        ("ref.stm", "one A s x 2 hi\n", "ref.stm:1: 'begin' must be a number of seconds"),
        ("ref.stm", "one A s 2\n", "ref.stm:1: not of the form file channel speaker begin end"),
        ("ref.stm", ";; comment\n", "ref.stm has no references"),
        ("ref.ctm", "one A 0 1 hi\n", "ref.ctm cannot be a reference"),
    ],
)
def test_mistakes_in_a_reference(folder, score, name, content, sentence):
    """A mistake in what was said is a sentence with file and line."""
    text(folder / "hyp.trn", "hello (one)\n")
    text(folder / name, content)

    status, out, err = score("hyp.trn", "--reference", name)

    assert (status, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("one 1 x 1 hello\n", "hyp.ctm:1: 'start' must be a number of seconds"),
        ("one 1 hello\n", "hyp.ctm:1: not of the form file channel start duration word"),
        ("one 1 * * <ALT_BEGIN>\n", "hyp.ctm:1: a hypothesis with alternatives"),
    ],
)
def test_mistakes_in_a_ctm(folder, score, content, sentence):
    """A mistake in a ctm is a sentence with file and line."""
    text(folder / "ref.trn", "hello (one)\n")
    text(folder / "hyp.ctm", content)

    status, _, err = score("hyp.ctm", "--reference", "ref.trn")

    assert (status, sentence in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("missing.jsonl",), "missing.jsonl is missing"),
        (("a.jsonl", "b/a.jsonl"), "are both of the model 'a'"),
        (("a.jsonl", "--language", "klingon"), "--language: unknown language 'klingon'"),
        (("a.jsonl", "--normalization", "nope"), "no normalization 'nope'"),
        (("a.jsonl", "--column", "foo=bar"), "no column 'foo'"),
        (("a.jsonl", "--column", "foo"), "not of the form KEY=NAME"),
        (("a.jsonl", "--column", "id=nope"), "a.jsonl:1: no column 'nope'"),
        (("a.jsonl", "--delimiter", "::"), "is not one character"),
        (("a.jsonl", "--record", "a.jsonl"), "a.jsonl already exists and is not a record"),
        (("a.jsonl", "--corpus", "nowhere"), "no corpus at"),
        (("b", "--reference", "a.jsonl"), "b has no .txt file"),
        (("b",), "b is a folder, whose texts are hypotheses alone"),
        (("a.jsonl", "other=c.jsonl"), "c.jsonl:1: the id 'one' has another reference than in a.jsonl:1"),
        (("a.jsonl", "d.jsonl"), "d.jsonl:1: the language of 'one' is fr, and not stated in a.jsonl:1"),
        (("e.jsonl",), "there are: segments\n  hint: name it: --column reference=NAME"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistakes_on_the_command_line(folder, score, arguments, sentence):
    """What cannot be used is said, and no file is touched."""
    before = lines(folder / "a.jsonl", ROW).read_bytes()
    (folder / "b").mkdir()
    lines(folder / "b" / "a.jsonl", ROW)
    lines(folder / "c.jsonl", {**ROW, "reference": "good bye"})
    lines(folder / "d.jsonl", {**ROW, "language": "fr"})
    lines(folder / "e.jsonl", {"segments": []})

    status, out, err = score(*arguments)

    assert (status, out) == (2, "")
    assert sentence in err
    assert (folder / "a.jsonl").read_bytes() == before


def test_what_has_no_counterpart(folder, score):
    """A hypothesis without a reference, or a reference without one, is named and fails the command; --partial takes it.

    What pairs is scored all the same.
    """
    text(folder / "ref.trn", "hello (one)\ngood night (two)\n")
    text(folder / "hyp.trn", "hello (one)\nwhat (three)\n")

    status, out, err = score("hyp.trn", "--reference", "ref.trn", "--json")

    assert (status, [json.loads(line)["id"] for line in out.splitlines()]) == (1, ["one"])
    assert "hyp.trn:2: no reference for three" in err
    assert "hyp.trn has no hypothesis for two (ref.trn:2)" in err
    assert score("hyp.trn", "--reference", "ref.trn", "--partial")[0] == 0


@pytest.mark.parametrize("row", [{"id": "one", "reference": "hello"}, {"audio_filepath": "one.wav", "text": "hello"}])
def test_references_are_never_hypotheses(folder, score, row):
    """A list of references, such as a manifest of NeMo without `pred_text`, is not scored as what a model wrote."""
    text(folder / "ref.trn", "hello (one)\n")
    lines(folder / "a.jsonl", row)

    status, _, err = score("a.jsonl", "--reference", "ref.trn")

    assert (status, "a.jsonl:1: no column for the hypothesis" in err) == (2, True)


def test_silence(folder, scored):
    """With --silence an empty reference is a clip where nobody speaks: words there count, and no rate is made."""
    file = lines(folder / "a.jsonl", {"id": "hush", "reference": "", "hypothesis": "thank you", "language": "en"})

    found = scored(file, "--silence")["a", "hush"]

    assert (found["wer"], found["counts"]["insertions"], found["equal"]) == (None, 2, False)


def test_a_record(folder, score, capsys):
    """A record of transcripts is valid, is compared and scored again as any other, and has no time or size."""
    ours = [{**ROW, "id": f"c{number}", "hypothesis": "hello", "language": "en"} for number in range(12)]
    worse = [{**row, "hypothesis": "yellow"} for row in ours]
    lines(folder / "old.jsonl", *ours)
    lines(folder / "new.jsonl", *worse)
    assert score("m=old.jsonl", "--record", "then.jsonl")[0] == 0
    assert score("m=new.jsonl", "--record", "now.jsonl")[0] == 0

    assert main(["record", "validate", "then.jsonl"]) == 0
    assert "12 observations of 1 model, complete" in capsys.readouterr().out
    row = json.loads((folder / "then.jsonl").read_text().splitlines()[1])
    measured = ("load_s", "audio_s", "audio_sha256", "latency_s", "rtf", "peak_rss_bytes", "cpu_percent")
    assert [row[key] for key in measured] == [None] * len(measured)
    assert main(["compare", "then.jsonl", "now.jsonl"]) == 1
    assert "FAIL       m " in capsys.readouterr().out
    assert main(["rescore", "now.jsonl", "--normalization", "en"]) == 0
    assert "100.0%" in capsys.readouterr().out
    assert main(["merge", "then.jsonl", "now.jsonl", "-o", "both.jsonl"]) == 1
    assert "contradictions" in capsys.readouterr().out


def test_an_audit(folder, score, capsys):
    """The audit takes a record of transcripts for what a model heard, and finds two exchanged texts by it."""
    texts = {
        "one": "the quick brown fox jumps over the lazy dog",
        "two": "every morning she walks along the quiet river",
        "three": "nobody expected the train to arrive on time today",
        "four": "fresh bread from the bakery smells wonderful",
        "five": "the committee will publish its report next month",
        "six": "a small boat drifted slowly towards the harbour",
    }
    (folder / "clips").mkdir()
    for number, name in enumerate(texts):
        voices.write(folder / "clips" / f"{name}.wav", voices.voice(3.0, seed=number))
    heard = {**texts, "one": texts["two"], "two": texts["one"]}
    lines(
        folder / "clips" / "manifest.jsonl", *({"audio": f"{name}.wav", "text": said} for name, said in texts.items())
    )
    lines(folder / "m.jsonl", *({"id": name, "hypothesis": written} for name, written in heard.items()))
    assert score("m.jsonl", "--corpus", "clips", "--language", "en", "--record", "run.jsonl")[0] == 0

    assert main(["audit", "clips", "run.jsonl"]) == 1

    assert "the audio matches the text of two" in capsys.readouterr().out


def test_a_record_with_gaps(folder, score, capsys):
    """A record of a part says so to whoever reads it."""
    text(folder / "ref.trn", "hello (one)\ngood night (two)\n")
    text(folder / "hyp.trn", "hello (one)\n")

    score("hyp.trn", "--reference", "ref.trn", "--record", "part.jsonl", "--partial")

    assert main(["rescore", "part.jsonl"]) == 1
    assert "has no observation of hyp on two" in capsys.readouterr().err
