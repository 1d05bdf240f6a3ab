"""``asrlab compare``: two files, judged as pytest judges a run beside a baseline."""

import json
import re

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.baseline import by_model, write_baseline
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.observation import observation_of
from stored_runs import end, environment, failure, row, said
from stored_runs import write as write_lines

NAMES = ["amber", "birch", "cedar", "daisy", "ember", "fern", "grape", "hazel", "ivory", "jade", "koala", "lemon"]
KINDS = ("record", "benchmark", "baseline")


def rows(wrong=lambda number: 0, model="polly", clips=range(12), **keys):
    """Observations of clips of five words, of which so many of the first are misheard."""
    found = []
    for number in clips:
        words = [NAMES[number], "likes", "to", "sing", "songs"]
        text = " ".join(["mumble"] * wrong(number) + words[wrong(number) :])
        texts = {"reference": " ".join(words), "hypothesis": text, "audio_sha256": f"{number:064x}"}
        found.append(row(model, f"c{number}", **{**texts, **keys}))
    return found


def write(path, observations, kind="record", commit="c0ffee"):
    """A file of one of the kinds that can be compared."""
    first = environment(git={"commit": commit, "dirty": False})
    if kind == "baseline":
        write_baseline(path, Environment.model_validate(first), by_model(map(observation_of, observations)))
    elif kind == "benchmark":
        infos = [{"extra_info": {"asr": one}} for one in observations]
        path.write_text(json.dumps({"benchmarks": infos, "asrlab": {"environment": first}}))
    else:
        path.write_text("".join(json.dumps(line) + "\n" for line in [first, *observations, end()]))
    return path


@pytest.fixture
def compare(folder, capsys):
    """Compares rows of two sides; the exit status, what was printed, and the errors."""

    def run(base, head, *options, kinds=("record", "record")):
        write(folder / "base", base, kinds[0])
        write(folder / "head", head, kinds[1])
        status = main(["compare", "base", "head", *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.mark.parametrize("head", KINDS)
@pytest.mark.parametrize("base", KINDS)
def test_every_mix_of_files(compare, base, head):
    """A record, a pytest-benchmark JSON and a baseline can stand on either side, and come to one verdict."""
    status, out, _ = compare(rows(), rows(lambda _: 1), kinds=(base, head))

    assert status == 1
    lines = out.splitlines()
    assert lines[0] == "head (commit c0ffee) against base (commit c0ffee)"
    assert lines[1].strip("=") == " asrlab gates "
    assert lines[2] == "FAIL       polly                 WER 0.0% -> 20.0%   12 clips worse, 0 better"
    assert lines[3] == "           More than the +0.5 points allowed (at least 20.0, 95% confidence)."
    assert "             now        MUMBLE likes to sing songs" in lines
    assert ("head is a baseline: it has texts but no times" in out) == (head == "baseline")
    assert lines[-1].startswith("normalization asrlab-norm/1.1+en#")


@pytest.mark.parametrize(
    ("wrong", "options", "status"),
    [
        (0, (), 0),
        (12, (), 1),
        (2, (), 3),
        (12, ("--fail-on", "regression"), 1),
        (2, ("--fail-on", "regression"), 0),
        (2, ("--fail-on", "undecided"), 1),
        (0, ("--fail-on", "undecided"), 0),
        (12, ("--fail-on", "never"), 0),
        (2, ("--fail-on", "never"), 0),
    ],
)
def test_exit_status(compare, wrong, options, status):
    """0 is a pass, 1 a failure, 3 undecided; --fail-on chooses what is a failure."""
    assert compare(rows(), rows(lambda number: int(number < wrong)), *options)[0] == status


def test_better_is_no_failure(compare):
    """A model that became better passes, and the clips that gained are named."""
    status, out, _ = compare(rows(lambda _: 1), rows())

    assert status == 0
    assert "PASS       polly                 WER 20.0% -> 0.0%   0 clips worse, 12 better" in out.splitlines()
    assert "better     c11, c10, c9 and 9 more" in out.splitlines()


def test_the_project_around(compare, folder):
    """Margins, rules, pairs of models and what undecided means are those of the project around."""
    (folder / "pyproject.toml").write_text("[tool.asrlab.gates]\nabsolute = 0.5\n")
    status, out, _ = compare(rows(), rows(lambda _: 1))
    assert status == 0
    assert "Within the +50.0 points allowed." in out

    (folder / "pyproject.toml").write_text('[tool.asrlab]\nundecided = "fail"\nnormalization = "raw"\n')
    status, out, _ = compare(rows(), rows(lambda number: int(number < 2)))
    assert status == 1
    assert "normalization asrlab-norm/1.1+raw#" in out

    (folder / "pyproject.toml").write_text('[tool.asrlab]\nbaseline_model = ["lora=polly"]\n')
    status, out, _ = compare(rows(), rows(model="lora"))
    assert status == 0
    assert "           against polly" in out.splitlines()


def test_one_set_of_rules(compare):
    """Both sides are scored by the rules of today: how either file was made forbids no comparison."""
    old = rows(clip_normalization="raw", wer=1.0, normalization="asrlab-norm/0.1+en#00000000")
    capitals = [{**one, "hypothesis": one["hypothesis"].upper()} for one in rows()]

    assert compare(old, capitals)[0] == 0
    status, out, _ = compare(old, capitals, "--normalization", "raw")
    assert status == 1
    assert "WER 0.0% -> 100.0%" in out


def test_another_model(compare):
    """A model is compared with another one of BASE where that is asked for."""
    status, out, _ = compare([*rows(), *rows(model="old")], rows(lambda _: 1, "new"), "--model", "new=old")

    assert status == 1
    assert "FAIL       new " in out
    assert "           against old" in out.splitlines()
    assert "removed model, not compared: polly is only in base" in out


def test_a_model_of_both_compared_with_another(compare):
    """A model that HEAD has is not called removed because another of its models takes the place of it in BASE."""
    both = [*rows(), *rows(model="other")]

    assert "removed model" not in compare(both, both, "--model", "polly=other")[1]


def test_nothing_is_dropped_in_silence(compare):
    """New and removed models and clips, clips of other audio and clips that failed are named: it is undecided."""
    base = [*rows(clips=range(10)), *rows(model="gone")]
    head = [*rows(clips=range(2, 12)), *rows(model="fresh")]
    head[3] = {**head[3], "audio_sha256": "e" * 64}
    head.append({"kind": "failure", "model": "polly", "clip": "torn", "problem": "no audio"})

    status, out, _ = compare(base, head)

    assert status == 3
    for line in (
        "UNDECIDED  polly                 WER 0.0%   same text in all 7 clips",
        "           2 clips not in the baseline: c10, c11",
        "           2 clips only in the baseline: c0, c1",
        "           1 clip with different audio than in the baseline: c5",
        "new model, not compared: fresh is not in base",
        "removed model, not compared: gone is only in base",
        "no observation in head: polly on torn",
    ):
        assert line in out.splitlines()


def test_a_model_without_a_common_clip(compare):
    """A model of which no clip could be compared is undecided beside one that passed, and never passes in silence."""
    base = [*rows(), *rows(model="kea", clips=[0])]
    head = [*rows(), *rows(model="kea", clips=[1])]

    status, out, _ = compare(base, head)

    assert status == 3
    assert "UNDECIDED  kea                   WER: No clip could be compared." in out.splitlines()


def test_passes_of_head(compare):
    """A rise within what the passes of HEAD differ by is undecided, as in a run."""
    again = rows(lambda _: 3, repeat=1)
    status, out, _ = compare(rows(), [*rows(lambda _: 1), *again])

    assert status == 3
    assert "but WER also varies by 40.0 points between passes of this run" in " ".join(out.split())


def test_json(compare):
    """The JSON has the verdict, each gate with its outcome, both sides, and what was not compared."""
    _, out, _ = compare(rows(), [*rows(lambda _: 1), *rows(model="new")], "--json")

    found = json.loads(out)
    assert found["outcome"] == "fail"
    assert found["base"] == {"path": "base", "commit": "c0ffee"}
    assert [gate["outcome"] for gate in found["gates"]] == ["fail"]
    assert len(found["gates"][0]["worse"]) == 12
    assert found["remarks"] == ["new model, not compared: new is not in base"]


@pytest.mark.parametrize(("kind", "has_table"), [("record", True), ("benchmark", True), ("baseline", False)])
def test_markdown(compare, folder, kind, has_table):
    """The document has HEAD's scorecard, where the file has times, and the gates."""
    compare(rows(), rows(lambda _: 1), "--markdown", "out/asr.md", kinds=("baseline", kind))

    text = (folder / "out" / "asr.md").read_text()
    assert "## ❌ asrlab: FAIL" in text
    assert "- head (commit c0ffee) against base (commit c0ffee)" in text
    assert ("| <code>polly</code> | 12 | 20.0% |" in text) == has_table
    assert ("has texts but no times" in text) != has_table


def test_hostile_text(compare):
    """What a model wrote can neither turn nor clear the terminal, nor is it lost to half a character."""
    _, out, _ = compare(rows(), rows(hypothesis="\x1b[2J\ud800\u202e\n::error::no"))
    assert not {"\x1b", "\ud800", "\u202e"} & set(out)
    assert not any(line.startswith("::") for line in out.splitlines())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--model", "polly"), "--model 'polly' is not of the form NEW=OLD"),
        (("--model", "kea=polly"), "--model kea=polly: head has no text of kea"),
        (("--model", "polly=kea"), "--model polly=kea: base has no text of kea"),
        (("--normalization", "rew"), "no normalization 'rew' (did you mean 'raw'?)"),
        (("--markdown", "base/asr.md"), "base/asr.md cannot be written: "),
    ],
)
def test_options_of_no_use(compare, options, sentence):
    """An option that cannot be followed ends the command with status 2, in words that say how to go on."""
    status, _, err = compare(rows(), rows(), *options)

    assert status == 2
    assert err.startswith(f"asrlab: {sentence}")
    assert "\n  hint: " in err


@pytest.mark.parametrize(
    "head", [rows(clips=[0]), rows(model="kea"), rows(clips=[5], audio_sha256="e" * 64)], ids=["clip", "model", "audio"]
)
def test_nothing_in_common(compare, head):
    """Two files that share no clip of one model and audio cannot be compared: status 2, in words."""
    status, _, err = compare(rows(clips=range(1, 12)), head)

    assert status == 2
    assert err.startswith("asrlab: base and head share no clip of a model: base has polly on 11 clips; head has ")
    assert "hint: name two runs on the same clips, or pair models with --model NEW=OLD" in err


def test_another_task(compare):
    """A model that did something else is not compared, whatever its clips are called, and each side is told rightly."""
    heard, spoken = [row(clip="one")], [said("hello there", "hello", clip="one", model="polly")]

    for base, head in ((heard, spoken), (spoken, heard)):
        status, _, err = compare(base, head)
        assert status == 2
        assert "share no case of a model" in err
        assert "polly on 1 clip" in err
        assert "polly on 1 prompt" in err


BASELINE = '{"kind": "baseline", "schema": "asrlab-baseline/1.0"}\n'
TEXTLESS = json.dumps({key: value for key, value in row().items() if key != "hypothesis"})
UNUSABLE = [
    (None, " does not exist"),
    ("", "holds no observation"),
    ("\x00\x01\x02", "holds no observation"),
    ("[]", "holds no observation"),
    ("{}", "holds no observation"),
    ('{"benchmarks": 3}', "holds no observation"),
    ('{"benchmarks": [3, {"extra_info": 4}], "asrlab": 5}', "holds no observation"),
    ('{"benchmarks": [], "asrlab": {"environment": 7}}', "holds no observation"),
    (json.dumps(environment(schema="asrlab-record/9.0")) + "\n", "a newer asrlab-pytest wrote it"),
    (TEXTLESS + "\n", "key 'hypothesis': missing key"),
    (json.dumps({"benchmarks": [{"extra_info": {"asr": json.loads(TEXTLESS)}}]}), "key 'hypothesis': missing key"),
    (json.dumps(row()) + "\n" + TEXTLESS + "\n", "is damaged: line 2: key 'hypothesis': missing key"),
    (BASELINE.replace("1.0", "9.0"), "its schema is 'asrlab-baseline/9.0'"),
    (BASELINE, "share no clip"),
    (BASELINE + "{", "is damaged: line 2: not JSON"),
    (BASELINE + '{"kind": "text", "model": "polly"}\n', "is damaged: line 2: key 'clip': missing key"),
    (BASELINE + '{"kind": "times"}\n', "is damaged: line 2: key 'reference': missing key"),
    (BASELINE + '{"kind": "song", "model": "polly"}\n', "line 2: unknown kind 'song'; there are text, times, memory"),
    (BASELINE + '{"kind": [], "model": "polly"}\n', "is damaged: line 2: unknown kind []"),
    (
        BASELINE + '{"kind": "text", "model": "polly", "clip": "c0", "task": "song"}\n',
        "line 2: key 'task': input should be 'asr'",
    ),
    (
        BASELINE + '{"kind": "text", "model": "polly", "clip": "c0", "task": null}\n',
        "line 2: key 'task': input should be 'asr'",
    ),
    (
        BASELINE + '{"kind": "text", "model": "polly", "clip": "c0", "group": []}\n',
        "line 2: key 'group': input",
    ),
    (
        BASELINE + '{"kind": "text", "model": "polly", "clip": "c0", "keywords": "a"}\n',
        "key 'keywords': input",
    ),
]


@pytest.mark.parametrize("side", ["base", "head"])
@pytest.mark.parametrize(("content", "sentence"), UNUSABLE)
def test_files_of_no_use(folder, capsys, side, content, sentence):
    """A file that is missing, damaged, newer or without raw text ends the command with status 2, in words."""
    for name in ("base", "head"):
        write(folder / name, rows())
    (folder / side).unlink()
    if content is not None:
        (folder / side).write_text(content)

    assert main(["compare", "base", "head"]) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert "\n  hint: " in err


def test_the_verdicts_of_pytest(project, monkeypatch, capsys):
    """The command prints what the gate prints under pytest, line by line: a pass, a failure and an undecided one."""
    for number, name in enumerate(NAMES):
        project.clip(f"c{number}", f"{name} likes 5 songs", says=f"{name} likes 5 songs", group=f"speaker{number // 2}")
    tables = "[tool.asrlab.models.worse.options]\nappends = ' mumble mumble'\n[tool.asrlab.gates]\nabsolute = 0.01\n"
    project.configure(models=("polly", "worse"), tables=tables)
    project.evals("accuracy", "regression")
    project.run("--asr-record", "head.jsonl", "--benchmark-json", "head.json")
    lines = [json.loads(line) for line in (project.path / "head.jsonl").read_text().splitlines()]
    changed = {"polly": 2, "worse": 12}
    for line in lines:
        if line["kind"] == "observation":
            number, line["transcript"] = int(line["clip"][1:]), None
            line["hypothesis"] = line["reference"] if number < changed[line["model"]] else line["hypothesis"]
            if line["model"] == "polly" and number == 11:
                line["hypothesis"] += " mumble"
    (project.path / "base.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (project.path / "same.jsonl").write_bytes((project.path / "head.jsonl").read_bytes())
    monkeypatch.chdir(project.path)

    for base, head, expected in (("base", "head", 1), ("same", "head", 0), ("head", "base", 3)):
        files = (f"{base}.jsonl", f"{head}.jsonl")
        result = project.run("test_regression.py", "--asr-baseline", files[0], "--asr-rescore", files[1])
        lines = result.outlines
        start = next(number for number, line in enumerate(lines) if "asrlab gates" in line) + 1
        end = next(number for number, line in enumerate(lines[start:], start) if line.startswith(("=", "asrlab: ")))
        told = lines[start:end]
        capsys.readouterr()

        assert main(["compare", *files]) == expected

        printed = capsys.readouterr().out.splitlines()
        assert printed[2:-1] == told
        assert sum(line.startswith(("PASS ", "FAIL ", "UNDECIDED ")) for line in told) == 2
        assert (expected == 1) == (result.ret == pytest.ExitCode.TESTS_FAILED)


PLAN = {"polly": [f"c{number}" for number in range(12)], "kea": [f"c{number}" for number in range(12)]}


@pytest.mark.parametrize("told", ["failures", "plan", "state"])
def test_a_model_that_gave_nothing(folder, capsys, told):
    """A model that failed on every clip, or that HEAD did not get to or could not load, is undecided, not removed."""
    write(folder / "base", [*rows(), *rows(model="kea")])
    lines = {
        "failures": [failure(model="kea", clip=clip) for clip in PLAN["kea"]],
        "plan": [],
        "state": [end(polly={"status": "ready"}, kea={"status": "broken", "reason": "no weights"})],
    }[told]
    plan = None if told == "failures" else {**PLAN, "kea": PLAN["kea"] if told == "plan" else []}
    write_lines(folder / "head", environment(plan=plan), *rows(), *lines)

    status = main(["compare", "base", "head"])

    out = capsys.readouterr().out
    assert status == 3
    assert re.search(r"^UNDECIDED  kea +WER: No clip could be compared\.$", out, re.MULTILINE)
    assert "removed model" not in out


@pytest.mark.parametrize(("ended", "status"), [(True, 0), (False, 3)])
def test_a_run_that_stopped_without_a_plan(folder, capsys, ended, status):
    """Of a run that stopped and has no plan, nobody knows what is missing: it does not pass."""
    write_lines(folder / "base", environment(), *rows())
    write_lines(folder / "head", environment(plan=None), *rows(clips=range(8)), *([end()] if ended else []))

    assert main(["compare", str(folder / "base"), str(folder / "head")]) == status
    out = " ".join(capsys.readouterr().out.split())
    assert ("the number of planned cases is unknown" in out) is not ended


def test_a_model_that_gave_nothing_before(folder, capsys):
    """A model that failed on every clip in BASE is undecided, not new."""
    write_lines(folder / "base", environment(plan=PLAN), *rows(), *(failure("kea", clip) for clip in PLAN["kea"]))
    write(folder / "head", [*rows(), *rows(model="kea")])

    assert main(["compare", "base", "head"]) == 3
    assert "new model" not in capsys.readouterr().out


@pytest.mark.parametrize("told", ["failures", "plan"])
def test_a_new_model_that_gave_nothing(folder, capsys, told):
    """A model that BASE does not know and that gave HEAD no result is undecided; where BASE was to run it, removed."""
    lost = [failure("kea", clip) for clip in PLAN["kea"]] if told == "failures" else []
    write_lines(folder / "base", environment(), *rows(), end())
    write_lines(folder / "head", environment(plan=PLAN), *rows(), *lost, end())

    assert main(["compare", "base", "head"]) == 3
    assert re.search(r"^UNDECIDED  kea +WER: No clip could be compared\.$", capsys.readouterr().out, re.MULTILINE)
    assert main(["compare", "head", "base"]) == 0
    assert "removed model, not compared: kea is only in head" in capsys.readouterr().out.splitlines()
