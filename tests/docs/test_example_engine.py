from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from doc_pages import DOCS

EXAMPLE = DOCS / "how-to/example_engine"
CONFIGURATION = """
[tool.asrlab]
model = ["floor", "pocketsphinx-en-us"]
[tool.asrlab.models.floor]
engine = "energy"
weights = "the"
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the example package is installed into, as uv installs it."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("uv, which builds the example, is not here")
    target, source = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("source") / "example"
    shutil.copytree(EXAMPLE, source)
    # uv builds it with the backend that it has in itself, so no index is asked.
    command = [uv, "pip", "install", "--offline", "--no-deps", "--target", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=target)
    return target


@pytest.fixture
def with_example(project: pytest.Pytester, installed: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    project.makepyprojecttoml(CONFIGURATION)
    return project


def test_an_outside_engine_runs_beside_ours(with_example: pytest.Pytester):
    """An engine of an installed package is found by its entry point, transcribes, and stands in the scorecard."""
    with_example.makepyfile(
        """
        def test_text(asr_case):
            text = asr_case.transcribe().text
            if asr_case.model.id == "floor":
                assert set(text.split()) == {"the"}
                assert asr_case.transcript.segments[0].end <= 2.0

        def test_floor(asr_corpus):
            assert (asr_corpus.wer > 0.9) == (asr_corpus.model.id == "floor")
        """
    )
    result = with_example.runpytest_subprocess("--benchmark-disable")
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["floor * 2 *1.00x", "*", "floor * cpu * ready"])


def test_an_outside_engine_stands_in_the_table_of_models(with_example: pytest.Pytester):
    """`asrlab models` shows the model with the status that the outside engine gives it."""
    with_example.run(sys.executable, "-m", "asrlab_pytest.cli", "models").stdout.re_match_lines(
        [r"floor +energy +recognition +the .* cpu +float32 +ready"]
    )


def test_wrong_weights_are_broken_with_a_mend(with_example: pytest.Pytester):
    """The example says in words what is wrong with its weights."""
    with_example.makepyprojecttoml(CONFIGURATION.replace('"the"', '"two words"'))
    with_example.makepyfile("def test_accuracy(asr_case):\n    asr_case.transcribe()\n")
    result = with_example.runpytest_subprocess("--asr-model", "floor")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*weights must be one word, not 'two words'", "*correct weights in*"])


def test_unknown_options_are_refused(with_example: pytest.Pytester):
    """The example names an option that it does not know, and those that it does."""
    with_example.makepyprojecttoml(CONFIGURATION + "options = { loudness = 3 }\n")
    with_example.makepyfile("def test_accuracy(asr_case):\n    asr_case.transcribe()\n")
    result = with_example.runpytest_subprocess("--asr-model", "floor", "--asr-clip", "goforward")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*engine energy has no option loudness*", "*below_peak_db, shortest_s*"])
