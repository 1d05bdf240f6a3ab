"""Where settings come from: command line and `[tool.asrlab]`; and how each mistake ends a run."""

import pytest

from asrlab_pytest.session.header import DEFAULTS
from asrlab_pytest.settings import Settings

SHOW = """
def test_it(asr_case, request):
    from asrlab_pytest.session.beginning import begun_session

    settings = begun_session(request.config).suite.settings
    print("rounds:", settings.rounds, "warmup:", settings.warmup, "model:", *settings.model, settings.require_device)
"""


@pytest.fixture
def shown(project):
    """A project whose only test prints the settings that it runs under."""
    project.configure(models=("polly", "kakapo"))
    project.clip("one", "hello there")
    project.write(test_it=SHOW)
    return project


def settings(result):
    return next("rounds:" + line.partition("rounds:")[2] for line in result.outlines if "rounds:" in line)


def test_the_command_line_is_the_strongest(shown):
    """An option overrides [tool.asrlab], each for itself."""
    shown.configure("rounds = 3\nwarmup = 3\nrequire_device = true\n")

    assert settings(shown.run("-s", "--asr-rounds", "5")) == "rounds: 5 warmup: 3 model: polly True"


def test_options_in_addopts(shown):
    """Options in pytest's addopts override [tool.asrlab], and give way to the command line."""
    shown.configure("rounds = 3\nwarmup = 3\n")
    (shown.path / "pytest.ini").write_text("[pytest]\naddopts = --asr-rounds 4 --asr-warmup 4\n")

    assert settings(shown.run("-s", "--asr-warmup", "0")) == "rounds: 4 warmup: 0 model: polly False"


def test_ini_values_are_no_settings(shown):
    """A setting in pytest's own configuration is reported as an unknown option, and changes nothing."""
    (shown.path / "pytest.ini").write_text("[pytest]\nasr_rounds = 4\n")

    result = shown.run("-s")

    assert settings(result).startswith("rounds: 1")
    result.stdout.fnmatch_lines(["*Unknown config option: asr_rounds*"])


def test_models_of_the_command_line_replace_those_of_the_project(shown):
    """--asr-model replaces the project's list, and does not add to it."""
    assert settings(shown.run("-s", "--asr-model", "kakapo")).split("model: ")[1] == "kakapo False"


def test_the_table_of_the_nearest_project(shown):
    """A run of a folder below the project has the project's table."""
    (shown.path / "sub").mkdir()
    (shown.path / "test_it.py").rename(shown.path / "sub" / "test_it.py")

    assert settings(shown.run("-s", "sub")).startswith("rounds: 1")


def test_no_table_at_all(project):
    """A project without [tool.asrlab] is evaluated by options alone."""
    project.clip("one", "hello there")
    project.real_clips("short-rms")
    (project.path / "pyproject.toml").unlink()
    project.evals("accuracy")

    result = project.run("--collect-only", "-q", "--asr-corpus", "clips", "--asr-model", "pocketsphinx-en-us")

    result.stdout.fnmatch_lines(["*test_accuracy[[]pocketsphinx-en-us-one]", "*[[]pocketsphinx-en-us-short-rms]"])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[tool.asrlab]\nmodle = []", "unknown key (did you mean 'model'?)"),
        ("[tool.asrlab]\nmodel = 'polly'", "key 'model': *array: write [[]\"polly\"]"),
        ("[tool.asrlab]\nmodel = 5", "key 'model': *array"),
        ("[tool.asrlab]\ndevice = 'tpu'", "key 'device': *'auto', 'mps', 'cuda' or 'cpu'"),
        ("[tool.asrlab]\nrounds = 0", "rounds must be 1 or more, not 0"),
        ("[tool.asrlab]\nrounds = '2'", "key 'rounds': *integer: write 2"),
        ("[tool.asrlab.thresholds]\nwer = -1", "wer must be a number from 0 up, not -1*"),
        ("[tool.asrlab.thresholds]\nwer = nan", "wer must be a number from 0 up, not nan"),
        ("[[tool.asrlab.known_failures]]\nmodel = 'a'", "key 'known_failures.0.clip': missing key*"),
        (
            "[[tool.asrlab.known_failures]]\nmodel = 'a'\nclip = 'b'\nreason = ' '",
            "key 'known_failures.0': reason must say why it fails",
        ),
        (
            "[tool.asrlab]\ncorpus = 'clips'\n[tool.asrlab.models.a]\nengine = 'parrot'",
            "*pyproject.toml: [[]tool.asrlab.models.a]: key 'weights': missing key",
        ),
        (
            "[tool.asrlab]\ncorpus = 'clips'\n[tool.asrlab.models.a]\nengin = 'parrot'\nweights = 'w'",
            "*unknown key (did you mean 'engine'?)*",
        ),
        ("[tool]\nasrlab = 3", "*input should be a table"),
        ("[tool.asrlabs]\ncorpus = 'clips'", "*pyproject.toml: [[]tool.asrlabs] is not read"),
    ],
)
def test_a_wrong_table(shown, table, words):
    """A mistake in the project's table ends the run with status 4 and one sentence that names file and key."""
    (shown.path / "pyproject.toml").write_text(table + "\n")

    result = shown.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *{words}"])
    assert "[tool.asrlab" in result.stderr.str()
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--asr-rounds", "many"], "argument --asr-rounds: invalid int value: 'many'"),
        (["--asr-rounds", "0"], "rounds must be 1 or more, not 0"),
        (["--asr-device", "tpu"], "argument --asr-device: invalid choice: 'tpu'"),
    ],
)
def test_a_wrong_option(shown, arguments, words):
    """A wrong value on the command line ends the run with status 4 and names the value, without a traceback."""
    result = shown.run(*arguments)

    output = result.stdout.str() + result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in output
    assert "Traceback" not in output


@pytest.mark.parametrize("option", ["--asr-batch-size", "--asr-timeout", "--asr-device", "--asr-download"])
def test_a_secret_in_a_wrong_option(shown, option):
    """A value that an option does not take is quoted without its secrets."""
    result = shown.run(option, "https://bob:hunter22@host")

    output = result.stdout.str() + result.stderr.str()
    assert "https://host" in output
    assert "hunter22" not in output


@pytest.mark.parametrize("option", ["corpus", "prompts", "dialogues", "shard"])
def test_two_inputs_for_one_option(shown, option):
    """A second corpus, or another input of which pytest would keep the last, is refused; addopts may be overridden."""
    flag = f"--asr-{option}"

    result = shown.run(flag, "1/2", flag, "2/2")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: {flag} is given with 1/2 and with 2/2", f"  hint: run pytest once for each {option.rstrip('s')}"]
    )
    result = shown.run("-o", f"addopts={flag} 1/2", flag, "2/2")
    result.stderr.no_fnmatch_line("*is given with*")


@pytest.mark.parametrize("option", ["record", "rescore", "baseline", "markdown", "report"])
def test_two_files_for_one_option(shown, option):
    """An option that names a file is refused if it names two, of which pytest would keep one; the same twice is not."""
    flag = f"--asr-{option}"

    result = shown.run(flag, "a.jsonl", f"{flag}=b.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {flag} is given with *.jsonl and with *.jsonl", "  hint: name one file"])
    result = shown.run(flag, "a.jsonl", flag, "./a.jsonl")
    result.stderr.no_fnmatch_line("*is given with*")


@pytest.mark.parametrize(
    "table",
    [
        "[tool.asrlab]\nmodle = []",
        "[tool.asrlab]\nmodel = 5",
        "[tool]\nasrlab = 3",
        "[tool.asrlab]\ncorpus = 'nowhere'",
        "[tool.asrlab-pytest]\ncorpus = 'clips'",
    ],
)
def test_a_wrong_table_harms_no_other_tests(project, table):
    """A project whose table is wrong still runs the tests that use no ASR fixture."""
    (project.path / "pyproject.toml").write_text(table + "\n")
    project.write(test_plain="def test_plain(): pass")

    result = project.run()

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)


def test_the_header(project):
    """The header says what is asked for, and nothing in a project that asks for nothing."""
    project.write(test_plain="def test_plain(): pass")

    asked = project.run("--asr-device", "cpu")
    (project.path / "pyproject.toml").unlink()
    plain = project.run()

    asked.stdout.fnmatch_lines(["asrlab: models polly; corpus clips; device cpu"])
    assert not [line for line in plain.outlines if line.startswith("asrlab")]


@pytest.mark.parametrize(
    ("tests", "line"),
    [
        (["tts"], "asrlab: models coco, kea; prompts fixtures/prompts; judge polly; device auto"),
        (["conversation"], "asrlab: models kea; dialogues talks; judge polly; device auto"),
        (["accuracy"], "asrlab: models polly; corpus clips; device auto"),
        (
            ["accuracy", "tts", "conversation"],
            (
                "asrlab: models polly, coco, kea; corpus clips; prompts fixtures/prompts; dialogues talks; "
                "judge polly; device auto"
            ),
        ),
    ],
)
def test_what_is_evaluated(project, tests, line):
    """Where models speak one line names what the tests of the run evaluate, their models, and who hears them."""
    speaking = '[tool.asrlab.models.{}]\nengine = "parrot"\nweights = "here"\ntasks = {}\n'
    tables = speaking.format("coco", '["tts"]') + speaking.format("kea", '["tts", "conversation"]')
    keys = 'model = ["polly", "coco", "kea"]\njudge = "polly"\ndialogues = "talks"'
    project.configure(keys, tables=tables)
    project.clip("one", "hello there")
    project.prompt("one", "hello there")
    project.dialogue("one", "hello there")
    (project.path / "fixtures" / "dialogues").rename(project.path / "talks")
    project.evals(*tests)

    told = [one for one in project.run().outlines if one.startswith("asrlab: models")]

    assert told == [line]
    if tests == ["tts"]:
        assert "asrlab: models" not in project.run("-q").stdout.str()


def test_defaults_of_the_line():
    """What the line says where nothing is asked for is what holds then."""
    settings = Settings()

    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS
