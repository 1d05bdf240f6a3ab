"""The hint of `asrlab transcribe` about its shard."""

import argparse

import pytest

from asrlab_pytest.cli import transcribe
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.shards import shard_of


def transcribing(*arguments):
    parser = argparse.ArgumentParser()
    transcribe.add_to(parser)
    options = parser.parse_args(arguments)
    return options.run(options)


@pytest.mark.parametrize(
    "environ", [{}, {"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "3"}], ids=["no scheduler", "nonsense"]
)
def test_the_hint_names_the_option_of_the_command(tmp_path, monkeypatch, environ):
    """Where no scheduler says the shard, each command's hint has its own option for it."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "SLURM_ARRAY_TASK_ID",
        "JOB_COMPLETION_INDEX",
        "CIRCLE_NODE_INDEX",
        "BUILDKITE_PARALLEL_JOB",
        "MATRIX_INDEX",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as transcribed:
        transcribing("--shard", "auto", "-o", "out.jsonl")
    with pytest.raises(ConfigError) as tested:
        shard_of("auto")
    assert transcribed.value.hint == "pass it: --shard 1/4"
    assert tested.value.hint == "pass it: --asr-shard 1/4"
