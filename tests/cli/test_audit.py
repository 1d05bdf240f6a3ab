"""``asrlab audit``: exit status, text, JSON, and the review."""

import io
import json
import shutil
from pathlib import Path

import pytest
import soundfile

import voices
from asrlab_pytest.cli import main
from asrlab_pytest.corpus.manifest import read_manifest
from quick_search import TABLE
from stored_runs import benchmark, environment, row, write

TEXTS = {
    "one": "the quick brown fox jumps over the lazy dog",
    "two": "every morning she walks along the quiet river",
    "three": "nobody expected the train to arrive on time today",
    "four": "fresh bread from the bakery smells wonderful",
    "five": "the committee will publish its report next month",
    "six": "a small boat drifted slowly towards the harbour",
    "seven": "children were playing football behind the school",
}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """A folder with the audio of seven clips."""
    folder = tmp_path_factory.mktemp("spoken")
    for number, name in enumerate(TEXTS):
        voices.write(folder / f"{name}.wav", voices.voice(3.0, seed=number))
    return folder


@pytest.fixture
def clips(spoken, tmp_path, monkeypatch):
    """A working directory with a good corpus of seven clips; gives a function that changes a clip's line."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(spoken, tmp_path / "clips")
    lines = {name: {"id": name, "audio": f"{name}.wav", "text": text, "language": "en"} for name, text in TEXTS.items()}

    def change(name=None, **keys):
        if name is not None:
            lines[name] |= keys
        text = "".join(json.dumps(line) + "\n" for line in lines.values())
        (tmp_path / "clips" / "manifest.jsonl").write_text(text)

    change()
    return change


def heard(path, texts=TEXTS):
    """A record of a model that heard these texts."""
    rows = [row(clip=clip, hypothesis=text, reference="", pcm_sha256=None) for clip, text in texts.items()]
    return str(write(path, environment(), *rows))


def lines():
    """The manifest's lines by clip."""
    text = Path("clips/manifest.jsonl").read_text(encoding="utf-8")
    return {entry["id"]: entry for entry in map(json.loads, text.splitlines())}


def test_a_clean_corpus(clips, tmp_path, capsys):
    """Nothing found is exit status 0 and one line; if no model has transcribed the clips, one more says so."""
    assert main(["audit", "clips"]) == 0
    remark, verdict = capsys.readouterr().out.splitlines()
    assert "no model has transcribed" in remark
    assert verdict == "7 clips of the corpus clips: 0 with errors, 0 suspect"

    assert main(["audit", "clips", heard(tmp_path / "run.jsonl")]) == 0
    assert capsys.readouterr().out == "7 clips of the corpus clips: 0 with errors, 0 suspect\n"


def test_an_error(clips, capsys):
    """A finding of level error is exit status 1, and stands with clip, text, sentence and what to do."""
    clips("two", sha256="0" * 64)

    assert main(["audit", "clips"]) == 1

    output = capsys.readouterr().out
    assert f"two: {TEXTS['two']!r}\n  error   changed: the file changed since" in output
    assert "          do: restore the file" in output
    assert output.endswith("7 clips of the corpus clips: 1 with errors, 0 suspect\n")


def test_suspects_and_notes(clips, capsys):
    """A suspicion alone is exit status 0; notes are counted, and shown where they are asked for."""
    clips("two", text=f"<i>{TEXTS['two']}</i>")
    clips("three", text="the cafe\u0301 in the village was closed on time today")

    assert main(["audit", "clips"]) == 0
    output = capsys.readouterr().out
    assert "  suspect markup: " in output
    assert "composition" not in output
    assert "1 note hidden (show with --notes)\n" in output

    assert main(["audit", "clips", "--notes"]) == 0
    assert "  note    composition: " in capsys.readouterr().out


def test_exchanged_texts(clips, tmp_path, capsys):
    """Two exchanged texts are found by a record or a pytest-benchmark JSON, before or after the corpus."""
    clips("one", text=TEXTS["two"])
    clips("two", text=TEXTS["one"])
    record = heard(tmp_path / "run.jsonl")
    rows = [row(clip=clip, hypothesis=text, reference="", pcm_sha256=None) for clip, text in TEXTS.items()]
    plain = {key: value for key, value in environment().items() if key != "kind"}
    (tmp_path / "results.json").write_text(benchmark(*rows, environment=plain))

    for arguments in (["clips", record], [record, "clips"], ["clips", "results.json"]):
        assert main(["audit", *arguments]) == 1
        output = capsys.readouterr().out
        assert f"the audio matches the text of two, and vice versa: {TEXTS['one']!r}\n" in output


def test_the_space_that_a_model_begins_with(clips, tmp_path, capsys):
    """What models write is shown, and proposed as the text, without the space before its first word."""
    clips("one", text="this is something else that nobody said")
    rows = [
        row(model=engine, engine=engine, clip=clip, hypothesis=f" {text}", reference="", pcm_sha256=None)
        for engine in ("whisper", "faster-whisper", "pocketsphinx")
        for clip, text in TEXTS.items()
    ]
    write(tmp_path / "run.jsonl", environment(), *rows)

    assert main(["audit", "clips", "run.jsonl"]) == 1

    assert f"agree on {TEXTS['one']!r}" in capsys.readouterr().out


def test_transcripts_in_the_store(clips, tmp_path, capsys):
    """What models heard is used under whatever name the corpus was then; other audio of such an id is passed over."""
    clips("one", text=TEXTS["two"])
    clips("two", text=TEXTS["one"])
    (tmp_path / "pyproject.toml").write_text("[tool.asrlab]\n")
    keys = {"corpus": "elsewhere", "reference": ""}
    rows = [
        row(clip=clip, hypothesis=text, key=64 * str(number), pcm_sha256=None, **keys)
        for number, (clip, text) in enumerate(TEXTS.items())
    ]
    (tmp_path / ".asrlab" / "runs").mkdir(parents=True)
    write(tmp_path / ".asrlab" / "runs" / "a.jsonl", environment(), *rows, row(clip="one", key=64 * "a", **keys))

    assert main(["audit", "clips"]) == 1
    output = capsys.readouterr()
    assert f"the audio matches the text of two, and vice versa: {TEXTS['one']!r}\n" in output.out
    assert "ignored" not in output.out + output.err


def test_data_set(clips, tmp_path, capsys):
    """A corpus whose texts all stand one place off is named as what it is."""
    names = [*TEXTS]
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        clips(name, text=TEXTS[other])

    assert main(["audit", "clips", heard(tmp_path / "run.jsonl")]) == 1
    assert "data set, not model: 7 of 7 clips of the corpus clips are flagged" in capsys.readouterr().out


def test_json(clips, capsys):
    """The findings are one JSON object, with the same exit status."""
    clips("two", duration=9.0)

    assert main(["audit", "clips", "--json"]) == 1

    found = json.loads(capsys.readouterr().out)
    assert (found["clips"], found["errors"], found["suspects"], found["data_set"]) == (7, ["two"], [], False)
    assert found["findings"] == [
        {
            "clip": "two",
            "check": "duration",
            "level": "error",
            "sentence": "3.80 s long; the manifest says 9.00 s",
            "hint": "restore the file, or correct the duration",
            "evidence": {"stated": 9.0, "found": 3.8},
        }
    ]


def test_the_corpus_of_the_project(clips, tmp_path, capsys):
    """Without a corpus the project's is audited; --clip chooses of it."""
    clips("two", duration=9.0)
    (tmp_path / "pyproject.toml").write_text('[tool.asrlab]\ncorpus = "clips"\n')

    assert main(["audit"]) == 1
    assert main(["audit", "--clip", "three"]) == 0
    assert capsys.readouterr().out.endswith("1 clip of the corpus clips: 0 with errors, 0 suspect\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "no corpus at"),
        (["clips", "nowhere.jsonl"], "nowhere.jsonl does not exist"),
        (["clips", "later.jsonl"], "a newer asrlab-pytest wrote it"),
        (["clips", "empty.jsonl"], "only one corpus"),
        (["clips", "--answers", "x"], "needs --review"),
        (["clips", "--review"], "standard input is not a terminal"),
        (["clips", "--review", "--json"], "cannot be combined"),
        (["clips", "--review", "--answers", "nowhere"], "cannot be read"),
        (["clips", "--clip", "seventeen"], "seventeen"),
    ],
)
@pytest.mark.usefixtures("clips")
def test_unusable_input(tmp_path, capsys, arguments, words):
    """What cannot be used is exit status 2, in words."""
    write(tmp_path / "later.jsonl", environment(schema="asrlab-record/99.0"), row())
    (tmp_path / "empty.jsonl").write_text("")

    assert main(["audit", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_damaged_record(clips, tmp_path, capsys):
    """A line of a record that was lost is told, and the exit status is not 0."""
    path = tmp_path / "run.jsonl"
    heard(path)
    path.write_bytes(path.read_bytes() + b"{]\n")

    assert main(["audit", "clips", str(path)]) == 1
    assert "not JSON" in capsys.readouterr().err


@pytest.fixture
def review(clips, tmp_path, monkeypatch, capsys):
    """Reviews the corpus with these answers, given by a file or by standard input."""

    def make(*answers, records=(), by="file"):
        (tmp_path / "answers").write_text("\n".join(answers))
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers)))
        source = "-" if by == "stdin" else "answers"
        status = main(["audit", "clips", *records, "--review", "--answers", source])
        return status, capsys.readouterr().out

    return make


def today(decided):
    """The decision without its date, which is one."""
    assert len(decided["date"]) == len("2026-11-22")
    return {key: value for key, value in decided.items() if key != "date"}


@pytest.mark.parametrize("by", ["file", "stdin"])
def test_review(clips, review, tmp_path, by):
    """Decisions are written into the lines of their clips with date and reason; all else stays, and a copy is kept."""
    clips("one", text=TEXTS["two"])
    clips("two", text=TEXTS["one"])
    clips("four", text="<b>fresh</b> bread from the bakery smells wonderful")
    clips("five", text="the {um} committee will publish its report")
    before = (tmp_path / "clips" / "manifest.jsonl").read_bytes()
    record = heard(tmp_path / "run.jsonl")

    answers = ["t", "", "listened", "text", "my own text", "", "q", "two voices", "nonsense", "d", "no use"]
    status, output = review(*answers, records=[record], by=by)

    assert status == 0
    after = lines()
    assert (after["one"]["text"], after["two"]["text"]) == (TEXTS["one"], "my own text")
    assert today(after["one"]["review"]) == {
        "decision": "text",
        "reason": "listened",
        "checks": ["swapped"],
        "before": TEXTS["two"],
    }
    assert today(after["four"]["review"]) == {"decision": "quarantine", "reason": "two voices", "checks": ["markup"]}
    assert today(after["five"]["review"]) == {"decision": "drop", "reason": "no use", "checks": ["markup"]}
    assert "review" not in after["three"]
    assert "'nonsense' is not a choice" in output
    assert [line for line in output.splitlines() if line.startswith(("  one: ", "  four: ", "  five: "))] == [
        "  one: corrected",
        "  four: in quarantine: left out of pooled figures and gates",
        "  five: dropped: in no run",
    ]
    assert f"heard     {TEXTS['one']!r} (polly)" in output
    assert f"proposed  {TEXTS['one']!r}" in output
    (backup,) = (tmp_path / "clips").glob("manifest.jsonl.bak-*")
    assert backup.read_bytes() == before
    corpus = read_manifest(tmp_path / "clips")
    assert (corpus.by_id["four"].quarantined, corpus.by_id["five"].is_dropped) == (True, True)


def test_review_accepts(clips, review, capsys):
    """What was accepted is not told again."""
    clips("four", text="<b>fresh</b> bread from the bakery smells wonderful")

    assert review("accept", "it is said like that")[0] == 0

    assert today(lines()["four"]["review"])["decision"] == "accept"
    assert main(["audit", "clips"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "7 clips of the corpus clips: 0 with errors, 0 suspect"


@pytest.mark.parametrize("answers", [["x"], [], ["s"], ["", "x"], ["t", "", "x"]])
def test_review_that_decides_nothing(clips, review, tmp_path, answers):
    """Where nothing is decided, nothing is written and no copy is made."""
    clips("four", text="<b>fresh</b> bread from the bakery smells wonderful")
    before = (tmp_path / "clips" / "manifest.jsonl").read_bytes()

    status, output = review(*answers)

    assert status == 0
    assert "decided 0 of 1" in output
    assert (tmp_path / "clips" / "manifest.jsonl").read_bytes() == before
    assert [path.name for path in (tmp_path / "clips").iterdir() if "bak" in path.name] == []


@pytest.mark.parametrize(("answers", "end"), [(["s"], "; the answers ended at clip 2 (five)"), (["s", "x"], "")])
def test_review_whose_answers_end(clips, review, answers, end):
    """If the answers end before the clips do, the last line says at which clip."""
    for clip in ("five", "four"):
        clips(clip, text="<b>fresh</b> bread from the bakery smells wonderful")

    assert review(*answers)[1].splitlines()[-1] == f"decided 0 of 2{end}"


def test_review_of_a_fact(clips, review):
    """An error that no opinion can settle stays one; dropping the clip settles it."""
    clips("four", sha256="0" * 64)

    assert review("a", "")[0] == 1
    assert review("d", "")[0] == 0
    assert main(["audit", "clips"]) == 0


def test_review_of_another_form(clips, tmp_path, capsys, monkeypatch):
    """A corpus that is not an asrlab manifest is not written to."""
    (tmp_path / "table.csv").write_text("audio,text\nclips/one.wav,<b>hello there</b>\n")
    (tmp_path / "answers").write_text("a\n")

    assert main(["audit", "table.csv", "--review", "--answers", "answers"]) == 2
    assert "not an asrlab manifest" in capsys.readouterr().err


def test_a_person_reviews(clips, monkeypatch, capsys):
    """A person at a terminal hears each clip, is asked, and may hear it again."""
    clips("four", text="<b>fresh</b> bread from the bakery smells wonderful")
    played = []

    def play(command, check):
        played.append(soundfile.info(command[-1]).duration)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: name if name == "aplay" else None)
    monkeypatch.setattr("subprocess.run", play)
    answers = iter(["p", "q", "noisy"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))

    assert main(["audit", "clips", "--review"]) == 0
    assert played == [pytest.approx(3.8), pytest.approx(3.8)]
    assert lines()["four"]["review"]["reason"] == "noisy"


def test_witness(tmp_path, monkeypatch, capsys):
    """Pocketsphinx finds two exchanged references of real clips, and what it heard stays in the project's store."""
    monkeypatch.chdir(tmp_path)
    source = Path(__file__).parents[2] / "fixtures" / "audio"
    entries = [json.loads(line) for line in (source / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = {entry["id"]: entry for entry in entries if entry["id"] in ("read-slt", "read-rms", "read-awb")}
    chosen["read-slt"]["text"], chosen["read-rms"]["text"] = chosen["read-rms"]["text"], chosen["read-slt"]["text"]
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "clips").mkdir()
    moved = [{**entry, "audio": str(source / entry["audio"])} for entry in chosen.values()]
    (tmp_path / "clips" / "manifest.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in moved))

    for _ in range(2):
        assert main(["audit", "clips", "--witness", "pocketsphinx-en-us"]) == 1
        assert "the audio matches the text of read-slt, and vice versa: " in capsys.readouterr().out

    (record,) = (tmp_path / ".asrlab" / "runs").iterdir()
    assert main(["record", "validate", str(record)]) == 0


def test_witness_that_is_not_installed(clips, monkeypatch, capsys):
    """Without pocketsphinx the witness is refused, with what to install."""
    from asrlab_pytest.models.spec import Readiness, Status

    absent = Status(Readiness.PACKAGE_MISSING, "pocketsphinx is not installed", "pip install ...")
    monkeypatch.setattr("asrlab_pytest.inference.witness.model_status", lambda spec, device: absent)

    assert main(["audit", "clips", "--witness", "pocketsphinx-en-us"]) == 2
    assert "pocketsphinx is not installed" in capsys.readouterr().err
