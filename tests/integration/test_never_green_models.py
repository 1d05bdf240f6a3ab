"""Whatever was asked for and did not happen makes the run not green: models, their code, records and files."""

import json
import sys

import pytest

CHECKED = "def test_accuracy(asr_case): asr_case.check('wer')"
LENIENT = "[tool.asrlab.thresholds]\nwer = 1.0\n"


@pytest.fixture
def two(project):
    """Two clips, and a test that judges one good model."""
    project.clip("one", "hello there")
    project.clip("two", "good night")
    project.write(test_accuracy=CHECKED)
    project.configure(tables=LENIENT)
    return project


def with_second(project, table, name="kea"):
    keys = {"engine": '"parrot"', "weights": '"here"', **table}
    own = f"[tool.asrlab.models.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
    project.configure(f'model = ["polly", "{name}"]\n', tables=LENIENT + own)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"engine": '"parott"'}, "no engine 'parott'; *"),
        ({"weights": '"./nosuch"', "engine": '"openai-whisper"'}, "*"),
        ({"weights": '"/x/nosuch.pt"', "engine": '"openai-whisper"'}, "no file /x/nosuch.pt*"),
        ({"weights": '"basee"', "engine": '"openai-whisper"'}, "'basee' is neither a size *"),
        ({"weights": '"basee"', "engine": '"faster-whisper"'}, "*"),
        ({"device": '"mps"', "engine": '"pocketsphinx"', "weights": '"en-us"'}, "*pocketsphinx has no mps build*"),
        ({"tasks": '["tts", "asr"]', "engine": '"pocketsphinx"', "weights": '"en-us"'}, None),
    ],
)
def test_a_mistake_in_a_table(two, table, words):
    """A chosen model whose table is wrong ends the run before any test, also where it is not asked for by name."""
    with_second(two, table)

    result = two.run()

    if words is None:
        assert result.ret == 0  # the task that it cannot do is not a test's
        return
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: model kea: *{words}"])


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("languages", '["xx"]', "*tool.asrlab.models.kea*unknown language 'xx'*"),
        ("language", '"Englsh"', "*tool.asrlab.models.kea*unknown language 'Englsh'*nearest: en*"),
        ("tags", '["digitts"]', "ERROR: model kea: no clip of *manifest.jsonl is meant for it (tags = *digitts*)"),
        ("languages", '["de"]', "ERROR: model kea: no clip of *manifest.jsonl is meant for it (languages = *de*)"),
    ],
)
def test_a_model_without_a_clip(two, key, value, words):
    """A wrong code of a language, and a chosen model that no clip is meant for, end the run before any test."""
    with_second(two, {key: value})

    result = two.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


def test_a_model_without_a_clip_in_a_narrowed_run(two):
    """Where clips were left out on purpose, a model that none of them is for is warned of."""
    two.clip("drei", "drei", tags=["german"])
    with_second(two, {"tags": '["german"]'})

    assert two.run().ret == 0
    result = two.run("--asr-clip", "one")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*AsrlabWarning: model kea: no clip *"])


def test_weights_that_are_missing(two):
    """A model whose weights are not there yet is skipped, as before."""
    with_second(two, {"weights": '"nowhere"'})

    result = two.run()

    assert result.ret == 0
    result.assert_outcomes(passed=2, skipped=1)


@pytest.mark.parametrize("language", ["Englsh", "xx"])
def test_an_unknown_language_of_a_clip(two, language):
    """A clip whose language is unknown is refused: by such a word it would be no model's."""
    two.line(id="three", audio="one.wav", text="hello there", language=language)

    result = two.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *manifest.jsonl:*unknown language '{language}'*"])


def test_the_name_of_a_language(two):
    """A language by its name or its longer code is the language that models are meant for: no clip is left out."""
    for language in ("English", "eng"):
        two.line(id=language, audio="one.wav", text="hello there", language=language)
    with_second(two, {"languages": '["en"]'})

    two.run().assert_outcomes(passed=8)


def test_clips_of_no_model(two):
    """Clips that no chosen model is meant for are named."""
    two.clip("drei", "drei")
    path = two.path / "clips" / "manifest.jsonl"
    path.write_text(path.read_text().replace('"text": "drei", "language": "en"', '"text": "drei", "language": "de"'))
    with_second(two, {"languages": '["en"]'})
    two.configure(
        'model = ["kea"]\n',
        tables=LENIENT + '[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\nlanguages = ["en"]\n',
    )

    result = two.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: no chosen model is for 1 clip (language de): drei"])


ENGINE = """
import os
import sys
import pytest
from asrlab_pytest.models.engine import Engine, Recognizer, Transcript, Weights
from asrlab_pytest.models.spec import READY
{head}

class Kea(Engine):
    name = "kea"
    devices = ("cpu",)

    def status(self, spec):
        {status}
        return READY

    def resolve_compute_type(self, spec, device):
        return "float32"

    def weights(self, spec):
        {weights}
        return Weights(location=spec.weights, sha256="0" * 64)

    def load(self, spec, device):
        {load}
        return Loaded()

    def download_url(self, spec):
        return None


class Loaded(Recognizer):
    device, compute_type, settings = "cpu", "float32", {{}}

    def transcribe(self, samples, language):
        {transcribe}
        return Transcript(text={text})
"""


@pytest.fixture
def kea(two, monkeypatch):
    """Writes an engine that is being worked on, and chooses its model."""
    folder = two.path / "engine"
    (folder / "kea_engine-1.0.dist-info").mkdir(parents=True)
    (folder / "kea_engine-1.0.dist-info" / "METADATA").write_text("Name: kea-engine\nVersion: 1.0\n")
    (folder / "kea_engine-1.0.dist-info" / "entry_points.txt").write_text("[asrlab.engines]\nkea = kea_engine:Kea\n")
    monkeypatch.setenv("PYTHONPATH", f"{folder}{':'.join(['', *sys.path])}")
    two.configure('model = ["kea"]\n', models=(), tables='[tool.asrlab.models.kea]\nengine = "kea"\nweights = "ok"\n'
                  + LENIENT)  # fmt: skip

    def write(text="'hello there'", **places):
        lines = dict.fromkeys(("status", "weights", "load", "transcribe", "head"), "pass")
        (folder / "kea_engine.py").write_text(ENGINE.format(**{**lines, **places}, text=text), encoding="utf-8")
        return two

    return write


@pytest.mark.parametrize("by", ["pytest.skip('no')", "sys.exit(0)", "os._exit(0)", "pytest.exit('done', 0)"])
@pytest.mark.parametrize("place", ["transcribe", "load"])
def test_an_engine_that_quits(kea, place, by):
    """An engine that skips, exits or ends the process fails its cases, and the run goes on to its end."""
    project = kea(**{place: by})

    result = project.run_apart()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*asrlab scorecard*"])


@pytest.mark.parametrize("place", ["status", "head", "weights"])
def test_an_engine_that_quits_before_it_is_loaded(kea, place):
    """Neither does one pass that quits when it is imported, asked for its status or for its weights."""
    for by in ("pytest.skip('no', allow_module_level=True)", "os._exit(0)"):
        result = kea(**{place: by}).run_apart()

        expected = pytest.ExitCode.TESTS_FAILED if place == "weights" else pytest.ExitCode.USAGE_ERROR
        assert result.ret == expected
        assert "EngineQuit" in str(result.outlines + result.errlines) or place == "weights"


def test_an_engine_whose_import_fails(kea):
    """An engine that does not import is a mistake, and not a package that is missing."""
    result = kea(head="import no_such_module_of_ours").run_apart()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: model kea: *engine 'kea' * does not load: ModuleNotFoundError: *"])


def test_a_resumed_run_of_a_changed_engine(kea):
    """A resumed run takes from the store what an engine's present code wrote, and nothing that older code did."""
    project = kea()
    project.run_apart("--asr-resume", "--asr-record", "first.jsonl")
    project.run_apart("--asr-resume", "--asr-record", "again.jsonl")
    assert [row["recorded"] for row in project.record("again.jsonl")[1]] == [True, True]

    kea(text="'garbage of another kind'")
    result = project.run_apart("--asr-resume", "--asr-record", "changed.jsonl", "--asr-baseline", "first.jsonl")

    assert [row["recorded"] for row in project.record("changed.jsonl")[1]] == [False, False]
    result.stdout.fnmatch_lines(["UNDECIDED * kea * WER 50.0% -> 200.0%*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_record_with_holes(two):
    """A record that lacks transcripts of its plan or of the corpus fails when it is scored, unless that is meant."""
    two.run("--asr-record", "run.jsonl")
    lines = (two.path / "run.jsonl").read_text().splitlines(keepends=True)
    (two.path / "run.jsonl").write_text("".join(lines[:2]))

    result = two.run("--asr-rescore", "run.jsonl")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: not scored, *run.jsonl has no transcript: polly on two", "  hint: *"])

    result = two.run("--asr-rescore", "run.jsonl", "--asr-partial")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: not scored, *run.jsonl has no transcript: polly on two"])
    assert two.run("--asr-rescore", "run.jsonl", "--asr-clip", "one").ret == 0

    manifest = two.path / "clips" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().splitlines(keepends=True)[0])
    result = two.run("--asr-rescore", "run.jsonl")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: not scored, planned but missing from *run.jsonl: polly on two*"])


def shared(project, *options):
    files = {
        path: path.read_bytes() for path in project.path.rglob("*") if path.is_file() and ".asrlab" not in str(path)
    }
    result = project.run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert {path: path.read_bytes() for path in files} == files
    return result


def test_one_file_for_input_and_output(two):
    """A file is never read and written by the same run, by whatever name, and no two outputs are one file."""
    two.run("--asr-record", "run.jsonl", "--asr-baseline", "base.jsonl", "--asr-update-baseline")
    (two.path / "alias.jsonl").symlink_to(two.path / "run.jsonl")

    for option, file, what in (
        ("--asr-record", "run.jsonl", "the record that is scored"),
        ("--asr-record", "alias.jsonl", "the record that is scored"),
        ("--asr-markdown", "clips/manifest.jsonl", "the list of clips"),
        ("--asr-markdown", "clips/one.wav", "the audio of one"),
        ("--asr-record", "pyproject.toml", "the project's configuration"),
        ("--asr-markdown", "test_accuracy.py", "a test of the run"),
        ("--asr-record", "base.jsonl", "the baseline"),
    ):
        result = shared(two, "--asr-rescore", "run.jsonl", "--asr-baseline", "base.jsonl", option, file)
        result.stderr.fnmatch_lines([f"ERROR: {option} *: the file is {what}, and would be overwritten"])
    shared(two, "--asr-record", "new", "--asr-markdown", "./new")
    shared(two, "--asr-baseline", "new", "--asr-update-baseline", "--asr-markdown", "new")


def test_thresholds_on_times_of_a_record(two):
    """What a record or store cannot say is warned of where texts are taken from it, and fails nothing."""
    two.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer', 'rtf')")
    two.configure("thresholds = { wer = 1.0, rtf = 50.0 }\nmax_rss = 0\n".replace("max_rss = 0\n", ""))
    assert two.run("--asr-record", "run.jsonl").ret == 0

    for options in (("--asr-rescore", "run.jsonl"), ("--asr-resume",)):
        result = two.run(*options)
        assert result.ret == 0
        result.stdout.fnmatch_lines(["*AsrlabWarning: times of a record or store are not judged: *thresholds] rtf"])


def test_environment_of_the_head(two):
    """The first line of a baseline states how many texts follow, and what the corpus had that it lacks."""
    two.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")

    head = json.loads((two.path / "base.jsonl").read_text().splitlines()[0])

    assert (head["texts"], head["missing"]) == (2, {"polly": []})
