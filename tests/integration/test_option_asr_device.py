"""--asr-device and --asr-require-device: what was asked for and what was used."""

import sys

import pytest

ABSENT = "cuda" if sys.platform == "darwin" else "mps"
"""A device that the parrot knows and this machine does not have."""


@pytest.fixture
def cage(project):
    """A project with a clip and the record of its runs."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    return project


def devices(project):
    _, (row,) = project.record()
    return row["device_requested"], row["device"]


def test_the_device_that_is_there(cage):
    """A device that is there is used, and recorded as asked for and used."""
    result = cage.run("--asr-device", "cpu", "--asr-require-device", "--asr-record", "run.jsonl")

    result.assert_outcomes(passed=1)
    assert devices(cage) == ("cpu", "cpu")
    result.stdout.fnmatch_lines(["* | cpu | *"])


def test_a_fallback_is_shown(cage):
    """Where a device is not there the model runs on the CPU, and record and scorecard say what was asked for."""
    result = cage.run("--asr-device", ABSENT, "--asr-record", "run.jsonl")

    result.assert_outcomes(passed=1)
    assert devices(cage) == (ABSENT, "cpu")
    result.stdout.fnmatch_lines([f"* | cpu, not {ABSENT} | *"])


def test_a_required_device_that_is_not_there(cage):
    """A device that is required and not there fails the case in words, with nothing loaded."""
    result = cage.run("--asr-device", ABSENT, "--asr-require-device")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [f"model polly: device {ABSENT} was required, but it would run on cpu (no {ABSENT} device here)"]
    )
    assert cage.events() == []


def test_an_engine_that_takes_another_device(cage):
    """An engine that settles for another device than it was given is found out, and closed, where it is required."""
    cage.configure('device = "cpu"', tables="[tool.asrlab.models.polly.options]\ntakes = 'cuda'\n")

    shown = cage.run("--asr-record", "run.jsonl")
    refused = cage.run("--asr-require-device")

    shown.assert_outcomes(passed=1)
    assert devices(cage) == ("cpu", "cuda")
    refused.assert_outcomes(failed=1)
    refused.stdout.fnmatch_lines(["model polly: device cpu was required, but it would run on cuda (* did not take it)"])
    assert len(cage.events("close")) == 2


def test_a_model_of_its_own_mind(cage):
    """A model's own device is stronger than the run's."""
    cage.configure(tables="")
    (cage.path / "pyproject.toml").write_text(
        (cage.path / "pyproject.toml").read_text().replace('weights = "here"', 'weights = "here"\ndevice = "cpu"')
    )

    cage.run("--asr-device", ABSENT, "--asr-record", "run.jsonl").assert_outcomes(passed=1)

    assert devices(cage) == ("cpu", "cpu")


def test_an_engine_without_such_a_build(cage):
    """A model whose engine has no build for the device is unsupported here: skipped, or refused when named."""
    cage.real_clips("short-rms")
    cage.configure('model = ["polly", "pocketsphinx-en-us"]')

    skipped = cage.run("--asr-device", ABSENT, "--asr-clip", "one")
    refused = cage.run("--asr-device", ABSENT, "--asr-model", "pocketsphinx-en-us")

    skipped.assert_outcomes(passed=1, skipped=1)
    skipped.stdout.fnmatch_lines(["not run    pocketsphinx-en-us  unsupported here"])
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines([f"*pocketsphinx has no {ABSENT} build, only cpu"])


def test_another_word(cage):
    """A device that does not exist is refused by the command line."""
    assert cage.run("--asr-device", "tpu").ret == pytest.ExitCode.USAGE_ERROR


def test_a_numbered_device(cage):
    """A device with a number is asked for as its kind; where there is none of it, the model runs on the CPU."""
    result = cage.run("--asr-device", "cuda:1", "--asr-record", "run.jsonl")

    result.assert_outcomes(passed=1)
    assert devices(cage)[0] == "cuda"


@pytest.mark.parametrize("device", ["cuda:", "cuda:-1", "cpu:1"])
def test_a_number_that_is_none(cage, device):
    """A device with anything but a number after its kind is a usage error."""
    assert cage.run("--asr-device", device).ret == pytest.ExitCode.USAGE_ERROR
