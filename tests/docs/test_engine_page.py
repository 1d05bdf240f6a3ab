"""The page about engines of your own, followed literally; and the program of the docs that is not Python."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import textwrap
from typing import Any

import numpy as np
import pytest
from doc_pages import DOCS, configure

from asrlab_pytest.engines import ModelSpec
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models import engine

PAGE = DOCS / "how-to/add-an-engine.md"


def block(kind: str, number: int) -> str:
    """A block of code of the page."""
    blocks = re.findall(rf"^ *```{kind}\n(.*?)^ *```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return textwrap.dedent(blocks[number])


def test_an_engine_made_from_the_page(project: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any):
    """The package from the page can be installed, and its model transcribes."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed: install it and put it on the PATH")
    package, target = tmp_path_factory.mktemp("echo_engine"), tmp_path_factory.mktemp("installed")
    (package / "src/asrlab_echo").mkdir(parents=True)
    (package / "pyproject.toml").write_text(block("toml", 0), encoding="utf-8")
    (package / "src/asrlab_echo/__init__.py").write_text(block("python", 0), encoding="utf-8")
    # uv builds it with its built-in backend, so no index is needed.
    command = [uv, "pip", "install", "--offline", "--no-deps", "--target", str(target), str(package)]
    subprocess.run(command, check=True, capture_output=True, cwd=target)
    monkeypatch.setenv("PYTHONPATH", str(target))
    monkeypatch.syspath_prepend(target)
    monkeypatch.chdir(project.path)
    engine._entry_points.cache_clear()
    engine.engine.cache_clear()
    configure(project, f"[tool.asrlab]\n{block('toml', 1)}")
    project.evals("corpus")
    result = project.run("--asr-model", "floor")
    engine._entry_points.cache_clear()
    engine.engine.cache_clear()

    result.stdout.fnmatch_lines(["floor *%*", "worst *-> the"])


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed: install it and put it on the PATH")
def test_a_program_in_another_language():
    """The program for Node reads exact samples, says how it computes, and ends."""
    program = str(DOCS / "how-to/example_command/serve.mjs")
    options = {"command": ["node", program]}
    loaded = loaded_by_engine(ModelSpec(id="node", engine="command", weights="word", options=options), "cpu")[0]

    assert loaded.transcribe(np.ones(40_000, np.float32), "en").text == "word word word"
    assert loaded.compute_type == "float32"
    process = loaded.loaded._child._process
    loaded.close()
    assert process.returncode == 0
