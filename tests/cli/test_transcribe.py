"""``asrlab transcribe``: the run without pytest."""

import json

import pytest

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest.cli import main
from asrlab_pytest.records.checking import check
from quick_search import TABLE

OF_THIS_RUN = (
    *("latencies_s", "cpu_s", "latency_s", "rtf", "cpu_percent", "load_per_core", "load_s", "warmup_s"),
    "peak_rss_bytes",
)
"""What no two runs have in common: times, and the memory and work of the machine."""


def observations(path):
    """The lines of a record's observations as they are written, less what no two runs have in common."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        json.dumps({key: value for key, value in row.items() if key not in OF_THIS_RUN})
        for row in rows
        if row["kind"] == "observation"
    ]


@pytest.fixture
def parrots(project, monkeypatch):
    """A project of two parrots and four clips, in the working directory."""
    project.configure(models=("polly", "kea"))
    for number in range(4):
        project.clip(f"clip-{number}", f"word {number}", group="ann", tags=["read"])
    monkeypatch.chdir(project.path)
    return project


def test_same_observations_as_pytest(parrots, capsys):
    """The record has the lines of the record that pytest writes, byte for byte but for times, and is complete."""
    parrots.evals("accuracy")
    assert parrots.run("--asr-record", "tested.jsonl").ret == 0

    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    output = capsys.readouterr()
    assert output.out.splitlines()[-3:] == [
        "polly: 4 observations",
        "kea: 4 observations",
        "judge: pytest --asr-rescore run.jsonl",
    ]
    assert observations(parrots.path / "run.jsonl") == observations(parrots.path / "tested.jsonl")
    first, other = ((parrots.path / name).read_text().splitlines() for name in ("run.jsonl", "tested.jsonl"))
    assert json.loads(first[0])["plan"] == json.loads(other[0])["plan"]
    assert json.loads(first[-1])["models"].keys() == json.loads(other[-1])["models"].keys()
    assert str(check(parrots.path / "run.jsonl")) == "8 observations of 2 models, complete"
    assert parrots.run("--asr-rescore", "run.jsonl").ret == 0


@pytest.mark.parametrize("shard", ["", "1/2", "2/2"])
def test_a_large_manifest(parrots, monkeypatch, shard):
    """A manifest whose clips are read one at a time gives the record, and the shards, of one that is held whole."""
    parrots.clip("dropped", "not this", review={"decision": "drop", "date": "2026-11-28", "reason": "noise"})
    parrots.clip("foreign", "hallo", language="de")
    kea = '[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\nlanguages = ["en"]\n'
    parrots.configure('model = ["polly", "kea"]', tables=kea)
    asked = ["--shard", shard] if shard else []
    assert main(["transcribe", *asked, "-o", "whole.jsonl"]) == 0
    monkeypatch.setattr("asrlab_pytest.suite.workload.LARGE", 0)

    assert main(["transcribe", *asked, "-o", "run.jsonl"]) == 0
    assert observations(parrots.path / "run.jsonl") == observations(parrots.path / "whole.jsonl")
    first, other = (parrots.record(name)[0] for name in ("run.jsonl", "whole.jsonl"))
    assert {key: first[key] for key in ("corpus", "plan", "protocols")} == {
        key: other[key] for key in ("corpus", "plan", "protocols")
    }


@pytest.mark.parametrize("line", ['{"audio": "a.wav"}', '{"audio": "a.wav", "text": "a", "id": "clip-1"}', "nonsense"])
def test_a_fault_in_a_large_manifest(parrots, monkeypatch, capsys, line):
    """A line that is wrong ends the command with file and line, as in a manifest that is held whole."""
    with (parrots.path / "clips" / "manifest.jsonl").open("a") as file:
        file.write(f"{line}\n")
    assert main(["transcribe", "-o", "run.jsonl"]) == 2
    whole = capsys.readouterr().err
    monkeypatch.setattr("asrlab_pytest.suite.workload.LARGE", 0)

    assert main(["transcribe", "-o", "run.jsonl"]) == 2
    assert capsys.readouterr().err == whole
    assert "manifest.jsonl:5: " in whole


def test_same_observations_of_a_real_engine(project, monkeypatch):
    """An engine that listens writes the same texts, times and confidences of words as in pytest."""
    project.configure('model = ["pocketsphinx-en-us"]', models=(), tables=TABLE)
    project.real_clips("goforward", "short-rms")
    project.evals("accuracy")
    monkeypatch.chdir(project.path)
    project.run("--asr-record", "tested.jsonl")

    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    assert observations(project.path / "run.jsonl") == observations(project.path / "tested.jsonl")
    assert len(observations(project.path / "run.jsonl")) == 2


@pytest.mark.parametrize("end", [b"", b'{"kind": "obs'], ids=["whole line", "half a line"])
def test_going_on(parrots, end, capsys):
    """After a kill the next call transcribes what the record lacks, and the record is that of one run."""
    assert main(["transcribe", "-o", "whole.jsonl"]) == 0
    lines = (parrots.path / "whole.jsonl").read_bytes().splitlines(keepends=True)
    (parrots.path / "run.jsonl").write_bytes(b"".join(lines[:4]) + end)
    before = len(parrots.heard())

    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    assert parrots.heard()[before:] == ["polly word 3", *(f"kea word {number}" for number in range(4))]
    assert observations(parrots.path / "run.jsonl") == observations(parrots.path / "whole.jsonl")
    assert check(parrots.path / "run.jsonl").faults == ()
    assert "polly: 4 observations" in capsys.readouterr().out

    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    assert "run.jsonl is complete: 8 observations, 0 failed" in capsys.readouterr().out
    assert len(parrots.heard()) == before + 5


def test_going_on_from_the_store(parrots):
    """Without a record of its own, a call transcribes what the store lacks, which pytest then judges."""
    parrots.evals("accuracy")
    assert main(["transcribe", "--clip", "clip-[01]"]) == 0
    assert main(["transcribe"]) == 0

    assert sorted(parrots.heard()) == sorted(f"{model} word {n}" for model in ("kea", "polly") for n in range(4))
    assert parrots.run("--asr-resume").ret == 0
    assert len(parrots.heard()) == 8


def test_failed_clips(parrots, capsys):
    """A clip that fails costs itself and status 1; the next call leaves it alone unless it is to try again."""
    (parrots.path / "clips" / "clip-1.wav").write_bytes(b"")
    assert main(["transcribe", "--model", "polly", "-o", "run.jsonl"]) == 1
    output = capsys.readouterr()
    assert "polly: 3 observations, 1 failed" in output.out
    assert "asrlab: polly: clip clip-1: " in output.err
    assert "is empty" in output.err

    parrots.clip("another", "word 1")
    (parrots.path / "clips" / "clip-1.wav").write_bytes((parrots.path / "clips" / "another.wav").read_bytes())
    manifest = parrots.path / "clips" / "manifest.jsonl"
    manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[:4]))
    assert main(["transcribe", "--model", "polly", "-o", "run.jsonl"]) == 1
    assert "run.jsonl is complete: 3 observations, 1 failed" in capsys.readouterr().out
    assert main(["transcribe", "--model", "polly", "-o", "run.jsonl", "--retry"]) == 0
    assert str(check(parrots.path / "run.jsonl")) == "4 observations of 1 model, complete"


def test_a_model_that_does_not_load(parrots, capsys):
    """A model that does not load costs status 1 and its own transcripts alone, until it is fixed."""
    parrots.configure(
        models=("polly", "kea"), tables='[tool.asrlab.models.lory]\nengine = "parrot"\nweights = "rotten"'
    )

    assert main(["transcribe", "--model", "lory", "--model", "kea", "-o", "run.jsonl"]) == 1
    output = capsys.readouterr()
    assert "kea: 4 observations" in output.out
    assert "asrlab: the parrot is dead" in output.err
    assert "lory: 0 observations" in output.out
    last = json.loads((parrots.path / "run.jsonl").read_text().splitlines()[-1])
    assert last["models"]["lory"]["status"] == "broken"

    table = '[tool.asrlab.models.lory]\nengine = "parrot"\nweights = "here"'
    parrots.configure(models=("polly", "kea"), tables=table)
    assert main(["transcribe", "--model", "lory", "--model", "kea", "-o", "run.jsonl"]) == 0
    assert str(check(parrots.path / "run.jsonl")) == "8 observations of 2 models, complete"


def test_shards(parrots, capsys):
    """The records of all shards are together the record of the whole."""
    for index in (1, 2):
        assert main(["transcribe", "--shard", f"{index}/2", "-o", f"{index}.jsonl"]) == 0
    assert main(["merge", "1.jsonl", "2.jsonl", "-o", "all.jsonl"]) == 0

    assert main(["transcribe", "-o", "whole.jsonl"]) == 0
    assert sorted(observations(parrots.path / "all.jsonl")) == sorted(observations(parrots.path / "whole.jsonl"))
    assert main(["record", "validate", "all.jsonl"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--model", "polly", "-o", "run.jsonl"],
            "run.jsonl is the record of a different run: different models or clips",
        ),
        (["-o", "notes.txt"], "notes.txt already exists and is not a record of asrlab"),
        (["-o", "notes.txt", "--force"], "hint: choose another file with -o"),
        (["--model", "pol"], "'pol'"),
        (["--model", "lory"], "the parrot has flown"),
        (["--corpus", "nowhere"], "does not exist"),
        (["--shard", "3/2"], "is not of the form i/n"),
        (["--retry"], "--retry, --force and --on need a record"),
        (["--store="], "nowhere to write transcripts"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_mistakes(parrots, capsys, arguments, told):
    """A slip of the user ends the command with status 2 and a sentence, before a model is loaded."""
    parrots.configure(
        models=("polly", "kea"), tables='[tool.asrlab.models.lory]\nengine = "parrot"\nweights = "nowhere"'
    )
    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    (parrots.path / "notes.txt").write_text("my notes\n")
    before = len(parrots.heard())
    capsys.readouterr()

    assert main(["transcribe", *arguments]) == 2
    output = capsys.readouterr()
    assert output.err.startswith("asrlab: ")
    assert told in output.err
    assert "hint: " in output.err
    assert len(parrots.heard()) == before


@pytest.mark.parametrize("kept", [3, None], ids=["interrupted", "complete"])
def test_not_the_same_model(parrots, capsys, kept):
    """A record is not gone on with by a model of other decoding, nor over audio that changed meanwhile.

    A complete one does not pass for today's either.
    """
    assert main(["transcribe", "-o", "run.jsonl"]) == 0
    path = parrots.path / "run.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    parrots.configure(models=("polly", "kea"), tables='[tool.asrlab.models.polly.options]\nsays = "hm"')
    assert main(["transcribe", "-o", "run.jsonl"]) == 2
    assert "model polly has different weights, decoding, device or versions" in capsys.readouterr().err

    parrots.configure(models=("polly", "kea"))
    parrots.clip("another", "another word")
    (parrots.path / "clips" / "another.wav").replace(parrots.path / "clips" / "clip-0.wav")
    manifest = parrots.path / "clips" / "manifest.jsonl"
    manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[:4]))
    assert main(["transcribe", "-o", "run.jsonl"]) == 2
    assert "clip-0.wav has changed since it was transcribed" in capsys.readouterr().err
    assert main(["transcribe", "-o", "run.jsonl", "--force"]) == 0


PIP = '[tool.asrlab.models.pip]\nengine = "parrot"\nweights = "{weights}"\n'


@pytest.fixture
def pip(parrots):
    """Configures a parrot whose weights only have a name, and transcribes; gives the status."""

    def transcribe(keys="", *arguments, weights="polly-1"):
        parrots.configure('model = ["pip"]', models=(), tables=PIP.format(weights=weights) + keys)
        return main(["transcribe", "-o", "run.jsonl", *arguments])

    return transcribe


@pytest.mark.parametrize("kept", [3, None], ids=["interrupted", "complete"])
def test_not_the_same_model_by_name(parrots, pip, capsys, kept):
    """A record of a model whose weights only have a name is gone on with by the same name, options and language."""
    assert pip() == 0
    path = parrots.path / "run.jsonl"
    begun = b"".join(path.read_bytes().splitlines(keepends=True)[:kept])
    path.write_bytes(begun)

    for again in (
        lambda: pip(weights="polly-2"),
        lambda: pip('options = { says = "hm" }'),
        lambda: pip('language = "de"'),
        lambda: pip('profile = "fast"'),
        lambda: pip('compute_type = "whistle8"'),
        lambda: pip("", "--language", "de"),
    ):
        assert again() == 2
        assert "different" in capsys.readouterr().err
        assert path.read_bytes() == begun
    assert pip() == 0
    assert "model pip: its weights cannot be identified" in capsys.readouterr().err


def test_not_on_the_same_device(parrots, pip, capsys):
    """A record of a model whose weights only have a name is not gone on with on another device."""
    elsewhere = 'options = { takes = "cuda" }'
    assert pip(elsewhere) == 0
    content = (parrots.path / "run.jsonl").read_bytes()

    for again in (lambda: pip(elsewhere, "--device", "cpu"), lambda: pip(f'device = "cpu"\n{elsewhere}')):
        assert again() == 2
        assert "model pip has different device than in the record, cuda" in capsys.readouterr().err
        assert (parrots.path / "run.jsonl").read_bytes() == content
    assert pip(elsewhere) == 0
    assert pip("", "--force") == 0
    assert pip("", "--device", "cpu") == 0


def test_a_record_that_does_not_say_by_which_options(parrots, pip, capsys):
    """An older record of weights that only have a name is not gone on with, and if it is complete, it is said."""
    assert pip() == 0
    path = parrots.path / "run.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    older = [json.dumps({key: line[key] for key in line.keys() - {"configuration"}}) + "\n" for line in lines]
    path.write_text("".join(older), encoding="utf-8")
    assert pip() == 0
    assert "does not say by which options" in capsys.readouterr().err

    path.write_text("".join(older[:3]), encoding="utf-8")
    assert pip() == 2
    assert "does not say by which options" in capsys.readouterr().err


def test_shards_of_other_options(parrots, pip, capsys):
    """Shards of a model whose options changed in between contradict each other, wherever the project lies."""
    pip("", "--shard", "1/2", "--force")
    (parrots.path / "run.jsonl").rename(parrots.path / "one.jsonl")
    pip('options = { says = "hm" }', "--shard", "2/2")
    capsys.readouterr()

    assert main(["merge", "one.jsonl", "run.jsonl", "-o", "all.jsonl"]) == 1
    assert (
        "pip: its texts come from different options, decoding, language or engine code: says" in capsys.readouterr().out
    )
