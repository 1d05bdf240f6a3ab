"""``asrlab merge``: merge the records of shards or machines into one."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.checking import check
from asrlab_pytest.records.reading import read_run
from stored_runs import (
    HASH,
    HEARER,
    benchmark,
    end,
    environment,
    failure,
    held,
    observed,
    older,
    row,
    said,
    turn,
    write,
)


@pytest.fixture
def merged(tmp_path, monkeypatch, capsys):
    """Merges records, each given by its lines; gives the status, what was printed, and the merged run."""
    monkeypatch.chdir(tmp_path)

    def merge(*parts, options=()):
        names = [write(tmp_path / f"{chr(97 + place)}.jsonl", *part).name for place, part in enumerate(parts)]
        status = main(["merge", *names, "-o", "out.jsonl", *options])
        output = tmp_path / "out.jsonl"
        if status < 2:
            assert check(output).faults == ()
        return status, capsys.readouterr(), read_run(output, empty=True) if status < 2 else None

    return merge


def test_two_shards(merged):
    """Two shards become one record with every observation, the plan of both, and both environments."""
    one = environment(plan={"polly": ["one"]}, cpu="abacus")
    two = environment(plan={"polly": ["two"], "kakapo": ["one"]}, cpu="slide rule")

    status, output, run = merged(
        (one, row(), end(polly={"status": "ready", "load_s": 1.0})),
        (two, row(clip="two"), row("kakapo"), end(kakapo={"status": "ready", "load_s": 2.0})),
    )

    assert status == 0
    assert [(each.model, each.clip) for each in run.observations] == [
        ("polly", "one"),
        ("polly", "two"),
        ("kakapo", "one"),
    ]
    assert run.environment.plan == {"polly": ["one", "two"], "kakapo": ["one"]}
    assert [part.cpu for part in run.environment.parts] == ["abacus", "slide rule"]
    assert {model: state.load_s for model, state in run.models.items()} == {"polly": 1.0, "kakapo": 2.0}
    assert run.is_ended
    assert "cpu: abacus in a.jsonl, slide rule in b.jsonl" in output.out


def test_merged_again(merged):
    """A merged record can be merged with a third, and keeps every part's environment."""
    _, _, run = merged((environment(parts=[environment(cpu="x"), environment(cpu="y")]), row()), (environment(), row()))

    assert [part.cpu for part in run.environment.parts] == ["x", "y", "abacus"]


def test_duplicates(merged):
    """Of an observation that two parts have, the first is kept; a later pass is not a duplicate."""
    status, output, run = merged(
        (environment(), row(latency_s=1.0), end()), (environment(), row(latency_s=2.0), row(repeat=1), end())
    )

    assert status == 0
    assert [(each.latency_s, each.repeat) for each in run.observations] == [(1.0, 0), (1.0, 1)]
    assert "(the first is kept): 1" in output.out


def test_contradictions(merged):
    """A case with two texts is named with both, the first is kept, and the status is 1."""
    status, output, run = merged(
        (environment(), row(hypothesis="hello")), (environment(), row(hypothesis="goodbye " * 20))
    )

    assert status == 1
    assert [each.hypothesis for each in run.observations] == ["hello"]
    assert "polly on one: 'hello' in a.jsonl, 'goodbye goodbye" in output.out
    assert "...' in b.jsonl" in output.out


def test_contradictions_in_what_cannot_be_seen(merged):
    """Control characters and line breaks of ids and texts are shown as everywhere else."""
    _, output, _ = merged(
        (environment(), row(clip="a\r\nb", hypothesis="x")), (environment(), row(clip="a\r\nb", hypothesis="\x1b[1m"))
    )

    assert "polly on a↵b: 'x' in a.jsonl, 'U+001B[1m' in b.jsonl" in output.out


def test_contradicting_answers(merged):
    """A dialogue in which the same was heard and something else written is a contradiction, with both answers."""
    lists = {"corpus": None, "dialogues": {"name": "dialogues", "manifest_sha256": HASH}}

    status, output, _ = merged(
        (environment(**lists), held(turn("hello"), turn("I am Polly", "I am Dolly"))),
        (environment(**lists), held(turn("hello"), turn("I am Molly", "I am Dolly"))),
    )

    assert status == 1
    assert "coco on one: 'I am Polly' in a.jsonl, 'I am Molly' in b.jsonl" in output.out


def test_one_id_for_two_tasks(merged):
    """A model that recognizes in one part and speaks in another is told; its cases are no contradictions."""
    status, output, run = merged((environment(), row("coco")), (environment(), said("hello", "hello")))

    assert (status, len(run.observations)) == (1, 2)
    assert "(the first is kept): 1\n  coco: one id for several tasks: asr, tts\n" in output.out


def test_other_judges(merged):
    """Speech of one model that two judges heard is told: status 1."""
    other = said("good morning", "good morning", clip="two")
    other["spoken"] = {**other["spoken"], "hearer": {**HEARER, "model": "kea", "weights_sha256": "1" * 64}}

    status, output, _ = merged((environment(), said("hello", "hello")), (environment(), other))

    assert status == 1
    assert "coco: its speech was transcribed by different judges: polly 0.1 (000000000000), kea 0.1 (1111" in output.out


def test_shards_of_tasks(merged):
    """A part without recognition does not differ in its corpus from one that has some."""
    prompts = {"name": "prompts", "manifest_sha256": HASH}
    spoken = environment(corpus=None, prompts=prompts)

    status, output, run = merged((environment(), row(), end()), (spoken, said("hello", "hello"), end()))

    assert status == 0
    assert "manifest_sha256" not in output.out
    assert (run.environment.corpus.name, run.environment.prompts.as_json()) == ("clips", prompts)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"weights_sha256": "1" * 64}, "weights: 000000000000, 111111111111"),
        ({"engine_version": "2"}, "versions of its engine: parrot 0.1, parrot 2"),
        ({"compute_type": "int8"}, "number formats: squawk8, int8"),
        ({"configuration": "1" * 64}, "options, decoding, language or engine code: 000000000000, 111111111111"),
        (
            {"configuration": "1" * 64, "settings": {"beam": 5}},
            "options, decoding, language or engine code: beam None and 5",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_another_model_under_one_id(merged, keys, sentence):
    """A model whose parts ran other weights, options or code is no one model: status 1."""
    one = row(configuration=HASH, settings={})

    status, output, _ = merged((environment(), one), (environment(), {**one, "clip": "two", **keys}))

    assert status == 1
    assert f"polly: its texts come from different {sentence}\n" in output.out


def test_options_that_older_records_do_not_say(merged):
    """That a part does not say by which options and code it was made is said, where another has the model as well."""
    status, output, _ = merged(
        (environment(), row(), row("lory")), (environment(), row(clip="two", configuration=HASH))
    )

    assert status == 0
    assert "not recorded in every part, by which options and engine code: polly\n" in output.out


def test_gaps(merged):
    """What was planned and is in no part is named, with the reason where there is one, and the status is 1."""
    one = environment(plan={"polly": ["one", "two", "three"]})

    status, output, run = merged((one, row(), failure(clip="two")), (environment(plan={}), row(clip="four")))

    assert status == 1
    assert "planned, and in no part: 2\n  polly on two: no file\n  polly on three\n" in output.out
    assert [each.clip for each in run.failures] == ["two"]
    assert not run.is_ended


def test_a_gap_that_another_part_fills(merged):
    """A case that failed in one part and was transcribed in another is not a gap, and no failure."""
    one = environment(plan={"polly": ["one"]})
    unread = {"polly": {"status": "ready", "load_s": None, "unread": {"one": "no file"}}}

    status, _, run = merged(
        (one, failure(), end(**unread)), (one, row(), end(polly={"status": "ready", "load_s": 1.0, "unread": {}}))
    )

    assert (status, run.failures) == (0, [])
    assert (run.models["polly"].load_s, run.models["polly"].unread) == (1.0, {})


def test_clips_that_a_model_lacks(merged):
    """Where no plan is recorded, a clip that one model has and another lacks is told."""
    status, output, _ = merged((environment(), row(), row(clip="two")), (environment(), row("kakapo")))

    assert status == 0
    assert "what was planned is not recorded): 1\n  kakapo on two\n" in output.out


MIXED = [
    (environment(manifest="1" * 64), ["two corpora: a.jsonl is of clips (000000000000), b.jsonl is of clips (1111"]),
    (
        environment(protocols={"normalization": ["asrlab-norm/1.1+en#33333333"], "entities": []}),
        ["two protocols: normalization en is asrlab-norm/1.0+en#11111111 in a.jsonl, and asrlab-norm/1.1+en#33333333"],
    ),
    (
        environment(protocols={"normalization": [], "entities": ["asrlab-entities/1.1+en#4444"]}),
        ["two protocols: entities en is asrlab-entities/1.0+en#2222", "asrlab-entities/1.1+en#4444 in b.jsonl"],
    ),
    (
        environment(settings={"normalization": "raw"}),
        ["two protocols: the setting normalization is None in a.jsonl, and raw in b.jsonl"],
    ),
]


@pytest.mark.parametrize(("other", "sentences"), MIXED, ids=["corpus", "normalization", "entities", "setting"])
def test_what_is_not_merged(merged, tmp_path, other, sentences):
    """Other corpora and other protocols are refused with both values, and nothing is written."""
    status, output, _ = merged((environment(), row()), (other, row(clip="two")))

    assert status == 2
    for sentence in sentences:
        assert sentence in output.err
    assert not (tmp_path / "out.jsonl").exists()


def test_shards_by_language(merged):
    """Shards whose clips are scored by the rules of other languages are of one protocol."""
    other = environment(protocols={"normalization": ["asrlab-norm/1.0+und#55555555"], "entities": []})

    status, _, run = merged((environment(), row()), (other, row(clip="zwei")))

    assert status == 0
    assert run.environment.protocols["normalization"] == [
        "asrlab-norm/1.0+en#11111111",
        "asrlab-norm/1.0+und#55555555",
    ]


def test_no_environment(merged):
    """A part without environment line is refused in words."""
    status, output, _ = merged((environment(), row()), (row(),))

    assert status == 2
    assert "b.jsonl has no environment line" in output.err


def test_an_older_record(merged):
    """A record of version 0.1 is merged into one of this version."""
    status, _, run = merged((environment(), row()), (older(environment()), older(row(clip="two"))))

    assert status == 0
    assert [each.clip for each in run.observations] == ["one", "two"]


def test_a_damaged_part(merged):
    """A lost line is named and makes the status 1; an unfinished last one does not."""
    status, output, _ = merged((environment(), row(), b"{]\n"))
    assert (status, "a.jsonl: line 3: not JSON" in output.err) == (1, True)

    status, output, run = merged((environment(), row(), b"{]"), options=["--force"])
    assert (status, "unfinished" in output.err) == (0, True)
    assert not run.is_ended


def test_a_benchmark_json(tmp_path, monkeypatch):
    """A pytest-benchmark JSON is merged with a record; its scores, which follow from the texts, are left out."""
    monkeypatch.chdir(tmp_path)
    plain = {key: value for key, value in environment().items() if key != "kind"}
    (tmp_path / "results.json").write_text(benchmark(row(clip="two"), environment=plain))
    write(tmp_path / "a.jsonl", environment(), row())

    assert main(["merge", "results.json", "a.jsonl", "-o", "sub/out.jsonl"]) == 0

    run = read_run(tmp_path / "sub" / "out.jsonl")
    assert run.observations == [observed(clip="two"), observed()]


def test_nothing_is_written_over(merged, tmp_path):
    """A record that exists is left alone, unless --force says otherwise, and another file always is."""
    out = tmp_path / "out.jsonl"
    part = (environment(), row())

    for mine, options, hint in (
        ("mine", [], "--force"),
        ("mine", ["--force"], "is not a record of asrlab"),
        (json.dumps(environment()), [], "--force"),
    ):
        out.write_text(mine)
        status, output, _ = merged(part, options=options)
        assert (status, out.read_text()) == (2, mine)
        assert hint in output.err

    status, _, run = merged(part, options=["--force"])
    assert (status, len(run.observations)) == (0, 1)


@pytest.mark.parametrize("options", [[], ["--force"]], ids=str)
def test_a_part_is_not_written_over(tmp_path, capsys, options):
    """A part is refused as the output under any name, even with --force: its other texts would be lost."""
    path = write(tmp_path / "a.jsonl", environment(), row())
    other = write(tmp_path / "b.jsonl", environment(), row(hypothesis="other words"))
    link = tmp_path / "link.jsonl"
    link.hardlink_to(other)
    before = other.read_bytes()

    for output in (other, link):
        assert main(["merge", str(path), str(other), "-o", str(output), *options]) == 2
        assert "the file is an input, and would be overwritten" in capsys.readouterr().err
    assert other.read_bytes() == before


@pytest.mark.parametrize("output", ["a.jsonl/out.jsonl", "."])
def test_an_output_that_cannot_be_written(tmp_path, monkeypatch, capsys, output):
    """A file that cannot be made is named in words, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.jsonl", environment(), row())

    assert main(["merge", "a.jsonl", "-o", output, "--force"]) == 2
    assert f"asrlab: {output} cannot be written: " in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["a.jsonl"]


@pytest.mark.parametrize("content", [None, b"", b"text\n", b'{"benchmarks": []}'])
def test_unusable_parts(tmp_path, capsys, content):
    """A part that is not a record is refused in words."""
    path = tmp_path / "a.jsonl"
    if content is not None:
        path.write_bytes(content)

    assert main(["merge", str(path), "-o", str(tmp_path / "out.jsonl")]) == 2
    assert str(path) in capsys.readouterr().err


def test_shards_of_a_real_run(project, monkeypatch, capsys):
    """Two shards of a corpus, merged, are scored as the unbroken run is."""
    project.clip("one", "hello there")
    project.clip("two", "good morning", says="good evening")
    project.evals("accuracy")
    for name, options in {
        "whole.jsonl": [],
        "a.jsonl": ["--asr-clip", "one"],
        "b.jsonl": ["--asr-clip", "two"],
    }.items():
        project.run("--asr-record", name, *options)
    monkeypatch.chdir(project.path)
    capsys.readouterr()

    assert main(["merge", "a.jsonl", "b.jsonl", "-o", "out.jsonl"]) == 0

    capsys.readouterr()
    figures = []
    for name in ("whole.jsonl", "out.jsonl"):
        assert main(["rescore", name, "--json"]) == 0
        figures.append(json.loads(capsys.readouterr().out))
    assert figures[0] == figures[1]
    assert main(["record", "validate", "out.jsonl"]) == 0
