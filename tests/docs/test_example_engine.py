from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doc_pages import DOCS, configure

from asrlab_pytest.cli import main
from asrlab_pytest.models import engine

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
        pytest.skip("uv is not installed: install it and put it on the PATH")
    target, source = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("source") / "example"
    shutil.copytree(EXAMPLE, source)
    # uv builds it with the backend that it has in itself, so no index is asked.
    command = [uv, "pip", "install", "--offline", "--no-deps", "--target", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=target)
    return target


@pytest.fixture
def with_example(project: Any, installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A project that the example is installed for, in this process and in others."""
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.syspath_prepend(installed)
    monkeypatch.chdir(project.path)
    forget_engines()
    configure(project, CONFIGURATION)
    yield project
    forget_engines()


def forget_engines() -> None:
    """Let the installed engines be looked up again."""
    engine._entry_points.cache_clear()
    engine.engine.cache_clear()


def test_an_outside_engine_runs_beside_ours(with_example: Any):
    """An engine of an installed package is found by its entry point, transcribes, and is in the scorecard."""
    with_example.write(
        test_outside="""
        def test_text(asr_case):
            text = asr_case.transcribe().text
            if asr_case.model.id == "floor":
                assert set(text.split()) == {"the"}
                assert asr_case.transcript.segments[0].end <= 2.0

        def test_floor(asr_corpus):
            assert (asr_corpus.wer > 0.9) == (asr_corpus.model.id == "floor")
        """
    )
    result = with_example.run_fresh("--benchmark-disable")
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["2 clips, * | cpu | *", "floor *%*"])


@pytest.mark.usefixtures("with_example")
def test_an_outside_engine_stands_in_the_table_of_models(capsys: pytest.CaptureFixture[str]):
    """`asrlab models` shows the model with the status that the outside engine gives it."""
    assert main(["models"]) == 0
    assert re.search(r"^floor +energy +asr +the .* cpu +float32 +ready", capsys.readouterr().out, re.MULTILINE)


def test_wrong_weights_are_broken_with_a_mend(with_example: Any):
    """The example says in words what is wrong with its weights."""
    configure(with_example, CONFIGURATION.replace('"the"', '"two words"'))
    with_example.evals("accuracy")
    result = with_example.run("--asr-model", "floor")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*weights must be one word, not 'two words'", "*correct weights in*"])


def test_unknown_options_are_refused(with_example: Any):
    """The example's base class names an option that the example does not know, and one that looks like it."""
    configure(with_example, CONFIGURATION + "options = { below_peak = 3 }\n")
    with_example.evals("accuracy")
    result = with_example.run("--asr-model", "floor", "--asr-clip", "goforward")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*engine energy has no option 'below_peak'; did you mean below_peak_db?*"])


def test_the_example_is_short():
    """The example has fewer than 50 lines, and imports of this package nothing but `asrlab_pytest.engines`."""
    source = (EXAMPLE / "src/asrlab_energy/__init__.py").read_text(encoding="utf-8")
    assert source.count("\n") < 50
    assert set(re.findall(r"^(?:from|import) (asrlab_pytest\S*)", source, re.MULTILINE)) == {"asrlab_pytest.engines"}


def test_the_docs_send_engine_authors_to_one_module():
    """No page sends the author of an engine to a module of the package but `asrlab_pytest.engines`."""
    pages = [DOCS / "how-to/add-an-engine.md", DOCS / "reference/engine-protocol.md"]
    modules = re.compile(r"asrlab_pytest\.\w+|src/asrlab_pytest/\S+")
    named = {name for page in pages for name in modules.findall(page.read_text(encoding="utf-8"))}
    assert named == {"asrlab_pytest.engines"}
