"""A run fails when something that was requested did not happen: models, their code, records and files."""

import json
import sys

import pytest

from asrlab_pytest.models import engine

CHECKED = "def test_accuracy(asr_case): asr_case.check('wer')"
LENIENT = "[tool.asrlab.thresholds]\nwer = 1.0\n"


def add_clips(project):
    """Add two clips, and a test that checks every model on them."""
    project.clip("one", "hello there")
    project.clip("two", "good night")
    project.write(test_accuracy=CHECKED)
    project.configure(tables=LENIENT)
    return project


@pytest.fixture
def two(project):
    """A project with two clips, one good model, and a test that checks it."""
    return add_clips(project)


def with_second(project, table, name="kea"):
    keys = {"engine": '"parrot"', "weights": '"here"', **table}
    own = f"[tool.asrlab.models.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
    project.configure(f'model = ["polly", "{name}"]\n', tables=LENIENT + own)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"engine": '"parott"'}, "no engine 'parott'; *"),
        ({"weights": '"./nosuch"', "engine": '"openai-whisper"'}, "*"),
        ({"weights": '"/x/nosuch.pt"', "engine": '"openai-whisper"'}, "no file or folder /x/nosuch.pt*"),
        ({"weights": '"basee"', "engine": '"openai-whisper"'}, "'basee' is neither a size *"),
        ({"weights": '"basee"', "engine": '"faster-whisper"'}, "*"),
        ({"compute_type": '"int88"', "engine": '"pocketsphinx"', "weights": '"en-us"'}, "*not int88*"),
        ({"compute_type": '"int88"', "engine": '"faster-whisper"', "weights": '"base"'}, "*computes in *, not int88"),
        ({"device": '"mps"', "engine": '"pocketsphinx"', "weights": '"en-us"'}, "*pocketsphinx has no mps build*"),
        ({"tasks": '["tts", "asr"]', "engine": '"pocketsphinx"', "weights": '"en-us"'}, None),
    ],
)
def test_a_mistake_in_a_table(two, table, words):
    """A mistake in the table of a chosen model ends the run before any test, even if no option names the model."""
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
    """An unknown language, or a chosen model without a clip, ends the run before any test."""
    with_second(two, {key: value})

    result = two.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"engine": '"parott"'}, "ERROR: model kea: *no engine 'parott'; *"),
        ({"weights": '"nowhere"'}, "ERROR: model kea: *"),
        ({}, "ERROR: model kea: no clip of *"),
    ],
)
def test_a_named_model_that_no_clip_is_for(two, table, words):
    """A model named on the command line that no clip is meant for is an error, whether it is ready or not."""
    with_second(two, {**table, "languages": '["de"]'})

    result = two.run("--asr-model", "kea")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


def test_a_model_without_a_clip_in_a_narrowed_run(two):
    """If clips were deselected on purpose, a model without a clip is only warned about."""
    two.clip("drei", "drei", tags=["german"])
    with_second(two, {"tags": '["german"]'})

    assert two.run().ret == 0
    result = two.run("--asr-clip", "one")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*AsrlabWarning: model kea: no clip *"])


def test_weights_that_are_missing(two):
    """A model whose weights are missing is skipped."""
    with_second(two, {"weights": '"nowhere"'})

    result = two.run()

    assert result.ret == 0
    result.assert_outcomes(passed=2, skipped=1)


@pytest.mark.parametrize("language", ["Englsh", "xx"])
def test_an_unknown_language_of_a_clip(two, language):
    """A clip with an unknown language is refused: no model would be meant for it."""
    two.line(id="three", audio="one.wav", text="hello there", language=language)

    result = two.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *manifest.jsonl:*unknown language '{language}'*"])


def test_the_name_of_a_language(two):
    """A clip may give its language by name or three-letter code; models for that language run on it."""
    for language in ("English", "eng"):
        two.line(id=language, audio="one.wav", text="hello there", language=language)
    with_second(two, {"languages": '["en"]'})

    two.run().assert_outcomes(passed=8)


def test_clips_of_no_model(two):
    """Clips that no chosen model is meant for are listed."""
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
        loaded = Loaded()
        loaded.spec = spec
        return loaded

    def download_url(self, spec):
        return None


class Loaded(Recognizer):
    device, compute_type, settings = "cpu", "float32", {{}}

    def transcribe(self, samples, language):
        {transcribe}
        return Transcript(text={text})
"""


def engine_writer(project, patch):
    """Install an engine that is being worked on; what is returned writes its code, a line for each place."""
    folder = project.path / "engine"
    (folder / "kea_engine-1.0.dist-info").mkdir(parents=True)
    (folder / "kea_engine-1.0.dist-info" / "METADATA").write_text("Name: kea-engine\nVersion: 1.0\n")
    (folder / "kea_engine-1.0.dist-info" / "entry_points.txt").write_text("[asrlab.engines]\nkea = kea_engine:Kea\n")
    patch.setenv("PYTHONPATH", f"{folder}{':'.join(['', *sys.path])}")

    def write(text="'hello there'", **places):
        lines = dict.fromkeys(("status", "weights", "load", "transcribe", "head"), "pass")
        (folder / "kea_engine.py").write_text(ENGINE.format(**{**lines, **places}, text=text), encoding="utf-8")
        return project

    return write


def choose(project, *names):
    """Choose models of the engine that is being worked on."""
    tables = "".join(f'[tool.asrlab.models.{name}]\nengine = "kea"\nweights = "ok"\n' for name in names)
    project.configure(f"model = {json.dumps(names)}\n", models=(), tables=tables + LENIENT)


@pytest.fixture
def kea(two, monkeypatch):
    """Writes an engine that is being worked on, and chooses its model."""
    choose(two, "kea")
    write = engine_writer(two, monkeypatch)
    monkeypatch.syspath_prepend(two.path / "engine")
    engine._entry_points.cache_clear()
    yield write
    engine._entry_points.cache_clear()


def test_code_that_is_edited_during_a_run(kea):
    """What older code wrote in a run is not what a resumed run takes for the text of the code that replaced it."""
    broken = kea("'broken'").path / "engine" / "kea_engine.py"
    code = broken.read_text()
    project = kea()
    project.write(
        conftest="from pathlib import Path\n"
        f"def pytest_collection_finish():\n    Path({str(broken)!r}).write_text({code!r})\n"
    )
    project.run_apart().assert_outcomes(passed=2)
    (project.path / "conftest.py").unlink()

    result = project.run_apart("--asr-resume")

    result.stdout.no_fnmatch_line("*reused from*")
    result.stdout.fnmatch_lines(["kea *100.0%*", "worst *hello there -> broken"])


QUITTING = {"skip": "pytest.skip('no')", "exit": "sys.exit(0)", "kill": "os._exit(0)", "end": "pytest.exit('done', 0)"}
"""Ways to quit; a model named `skip-load` skips when it is loaded."""
QUIT_AT = f"""
def quit_at(place, spec):
    way, _, chosen = spec.id.partition("-")
    if chosen == place:
        eval({QUITTING!r}[way])
"""


@pytest.fixture(scope="module")
def quitters(fresh_project):
    """The result of a run of models that quit when they are loaded or transcribe, each in its own way."""
    with fresh_project("quitters") as project, pytest.MonkeyPatch.context() as patch:
        choose(add_clips(project), *(f"{way}-{place}" for place in ("load", "transcribe") for way in QUITTING))
        write = engine_writer(project, patch)
        write(head=QUIT_AT, load="quit_at('load', spec)", transcribe="quit_at('transcribe', self.spec)")
        return project.run_apart()


@pytest.mark.parametrize("way", QUITTING)
@pytest.mark.parametrize("place", ["transcribe", "load"])
def test_an_engine_that_quits(quitters, place, way):
    """An engine that skips, exits or ends the process fails all cases of its model."""
    quitters.stdout.fnmatch_lines_random(
        [f"FAILED test_accuracy.py::test_accuracy[[]{way}-{place}-{clip}]*" for clip in ("one", "two")]
    )


def test_a_run_of_engines_that_quit(quitters):
    """The run goes on to its end, with a scorecard, and fails."""
    assert quitters.ret == pytest.ExitCode.TESTS_FAILED
    quitters.assert_outcomes(failed=2 * 2 * len(QUITTING))
    quitters.stdout.fnmatch_lines(["*asrlab scorecard*"])


@pytest.mark.parametrize("place", ["status", "head", "weights"])
def test_an_engine_that_quits_before_it_is_loaded(kea, place):
    """An engine that quits when it is imported, asked for its status or asked for its weights fails the run."""
    for by in ("pytest.skip('no', allow_module_level=True)", "os._exit(0)"):
        project = kea(**{place: by})
        result = project.run_apart() if by.startswith("os.") else project.run()

        expected = pytest.ExitCode.TESTS_FAILED if place == "weights" else pytest.ExitCode.USAGE_ERROR
        assert result.ret == expected
        assert "EngineQuit" in str(result.outlines + result.errlines) or place == "weights"


def test_an_engine_whose_import_fails(kea):
    """An engine whose import fails is reported as a mistake, not as a missing package."""
    result = kea(head="import no_such_module_of_ours").run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: model kea: *engine 'kea' * does not load: ModuleNotFoundError: *"])


def test_a_resumed_run_of_a_changed_engine(kea):
    """A resumed run reuses transcripts of the engine's current code, and none of older code."""
    project = kea()
    project.run("--asr-resume", "--asr-record", "first.jsonl")
    project.run("--asr-resume", "--asr-record", "again.jsonl")
    assert [row["recorded"] for row in project.record("again.jsonl")[1]] == [True, True]

    kea(text="'garbage of another kind'")
    result = project.run_apart("--asr-resume", "--asr-record", "changed.jsonl", "--asr-baseline", "first.jsonl")

    assert [row["recorded"] for row in project.record("changed.jsonl")[1]] == [False, False]
    result.stdout.fnmatch_lines(["UNDECIDED * kea * WER 50.0% -> 200.0%*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_record_with_holes(two):
    """Rescoring fails if the record lacks planned transcripts or clips of the corpus, unless that is allowed."""
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
    """No run writes a file that it reads, under whatever name, or writes two outputs to one file."""
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


def test_a_table_that_is_not_read(two):
    """Tests below another project's table are not run by the settings of the project above it."""
    (two.path / "sub").mkdir()
    (two.path / "test_accuracy.py").rename(two.path / "sub" / "test_accuracy.py")
    (two.path / "sub" / "pyproject.toml").write_text("[tool.asrlab.thresholds]\nwer = 0.1\n")

    result = two.run("sub", "--rootdir", str(two.path))

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *pyproject.toml has [[]tool.asrlab], but that of * is read", "*-c *"])


def test_a_table_that_is_not_read_and_no_corpus(two):
    """A table that is not read is named before what the one above it lacks."""
    (two.path / "sub").mkdir()
    (two.path / "test_accuracy.py").rename(two.path / "sub" / "test_accuracy.py")
    (two.path / "pyproject.toml").rename(two.path / "sub" / "pyproject.toml")
    (two.path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")

    result = two.run("sub", "--rootdir", str(two.path), "-c", "pyproject.toml")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *pyproject.toml has [[]tool.asrlab], but that of * is read", "*-c *"])


def test_tests_in_forked_processes(two):
    """Tests of models are not run by pytest-forked, which would lose what they observe."""
    (two.path / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--forked', action='store_true')\n"
    )

    result = two.run("--forked")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *: pytest-forked cannot run tests that evaluate a model", "*isolate = true*"])


def test_thresholds_on_times_of_a_record(two):
    """Thresholds on times are not checked against a record or store: the run warns and passes."""
    two.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer', 'rtf')")
    two.configure("thresholds = { wer = 1.0, rtf = 50.0 }\nmax_rss = 0\n".replace("max_rss = 0\n", ""))
    assert two.run("--asr-record", "run.jsonl").ret == 0

    for options in (("--asr-rescore", "run.jsonl"), ("--asr-resume",)):
        result = two.run(*options)
        assert result.ret == 0
        result.stdout.fnmatch_lines(["*AsrlabWarning: times of a record or store are not judged: *thresholds] rtf"])


def test_environment_of_the_head(two):
    """The first line of a baseline states how many texts follow, and which clips of the corpus it lacks."""
    two.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")

    head = json.loads((two.path / "base.jsonl").read_text().splitlines()[0])

    assert (head["texts"], head["missing"]) == (2, {"polly": []})
