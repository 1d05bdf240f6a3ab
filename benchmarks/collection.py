"""Collection of 10,000 cases (4 models × 2,500 clips) against bare parametrization of as many.

python benchmarks/collection.py [--pairs 7]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from pairs import compare

MODELS = 4
CLIPS = 2_500

BARE = f"""
import pytest

@pytest.fixture(scope="session")
def model(request):
    return request.param

@pytest.mark.parametrize("clip", [f"clip-{{n}}" for n in range({CLIPS})])
@pytest.mark.parametrize("model", [f"model-{{n}}" for n in range({MODELS})], indirect=True)
def test_accuracy(model, clip):
    pass
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare, suite = Path(folder, "bare"), Path(folder, "suite")
        _write_bare(bare)
        _write_suite(suite)
        command = [sys.executable, "-m", "pytest", "-qq", "--collect-only", "-p", "no:cacheprovider"]
        found = compare([*command, str(suite)], [*command, str(bare)], options.pairs, cwd=folder)
    print(f"collection of {MODELS * CLIPS} cases against bare parametrization, {options.pairs} pairs, whole processes")
    print(f"  wall time: {found.medians('wall')}; ratio {found.ratio('wall')}")
    print(f"  processor time: {found.medians('cpu')}; ratio {found.ratio('cpu')}")


def _write_bare(folder: Path) -> None:
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.pytest]\n")
    (folder / "test_bare.py").write_text(BARE)


def _write_suite(folder: Path) -> None:
    folder.mkdir()
    lines = (
        json.dumps({"id": f"clip-{n}", "audio": f"{n}.wav", "text": "go forward ten meters"}) for n in range(CLIPS)
    )
    (folder / "manifest.jsonl").write_text("\n".join(lines))
    tables = "".join(
        f'[tool.asrlab.models.model-{n}]\nengine = "pocketsphinx"\nweights = "en-us"\n' for n in range(MODELS)
    )
    (folder / "pyproject.toml").write_text(f'[tool.pytest]\n[tool.asrlab]\ncorpus = "."\nmodel = ["model-*"]\n{tables}')
    (folder / "test_suite.py").write_text("def test_accuracy(asr_case):\n    asr_case.check()\n")


if __name__ == "__main__":
    main()
