"""Whisper tiny.en in each engine: WER, speed, memory and installed size, side by side.

python benchmarks/engine_scorecard.py FOLDER [--only MODEL]

FOLDER is what tools/engine_weights.py makes; run it in an environment with the extras of these engines (uv run
--no-default-groups --group test --extra whisper --extra faster-whisper and so on). Transcribes the human recordings in
fixtures/audio, times every engine in turn with openai-whisper in one thread, measures the memory of each in a separate
process, and adds up the files of the distributions that its extra installs. Writes benchmarks/engine_scorecard.json
and the table in docs/reference/models.md.

--only measures one model against openai-whisper, on fewer clips in turn, and writes only its row: for an engine so slow
that it would hold up the others. Its RTF is left out, because that of the others was measured in another run.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_suffix(".json")
PAGE = ROOT / "docs" / "reference" / "models.md"
BEGIN, END = "<!-- benchmarks/engine_scorecard.py begins -->\n", "<!-- benchmarks/engine_scorecard.py ends -->\n"
EXTRAS = {
    "openai-tiny.en": "whisper",
    "faster-tiny.en": "faster-whisper",
    "sherpa-tiny.en": "sherpa",
    "cpp-tiny.en": "whisper-cpp",
    "hf-tiny.en": "transformers",
}
"""The models of the project, the reference model first, and the extra that each needs."""
SLOW = {"mlx-tiny.en": "mlx"}
"""The same for models that are measured with --only."""
REFERENCE = next(iter(EXTRAS))
# The profile "fair" in one thread, since threads that wait for each other on a busy machine are no figure of an engine.
OPTIONS = """
[tool.asrlab.gates]
speed_clips = {clips}
speed_rounds = {rounds}

[tool.asrlab.profiles.one-thread]
beam_size = 1
temperature = 0.0
condition_on_previous_text = false
timestamps = "segment"
vad = false
threads = 1

[tool.asrlab.thresholds]
wer = 1

[tool.asrlab.corpus_thresholds]
wer = 1
"""
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An engine."""

    engine: str
    version: str
    compute_type: str
    wer: float
    words: int
    """What the WER is of."""
    rtf: float | None
    """Of all clips, one engine after the other; None where the machine was too busy for it to be shown."""
    speed: float
    """Times as fast as openai-whisper, in turn."""
    memory_bytes: int | None
    """Peak of a separate process that loads it and transcribes the longest clip; None if it was not measured."""
    installed_bytes: int
    """Of the distributions that its extra brings."""


def main(folder: Path, only: str | None) -> None:
    if only:
        found = with_row(only, folder)
    else:
        record = observe(folder, list(EXTRAS), clips=6, rounds=3)
        found = {
            "rows": [asdict(row) for row in rows_of(record)],
            "clips": clips_of(record),
            "cpu": environment_of(record)["cpu"],
            "python": platform.python_version(),
        }
    rows = [Row(**row) for row in found["rows"]]
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + table(rows) + END + after, encoding="utf-8")
    print(table(rows))


def with_row(model: str, folder: Path) -> dict[str, Any]:
    """What was found, with the row of one model added or replaced."""
    record = observe(folder, [REFERENCE, model], clips=3, rounds=2)
    found: dict[str, Any] = json.loads(RESULT.read_text(encoding="utf-8"))
    *_, row = rows_of(record)
    added = asdict(replace(row, rtf=None))
    others = [each for each in found["rows"] if each["engine"] != row.engine]
    return {**found, "rows": [*others, added]}


def observe(folder: Path, chosen: list[str], *, clips: int, rounds: int) -> Path:
    """Run the evals in a copy of the project, with the texts of an interrupted run; where the record is."""
    work = folder / "-".join(["scorecard", *(model for model in chosen if model in SLOW)])
    work.mkdir(exist_ok=True)
    options = OPTIONS.format(clips=clips, rounds=rounds)
    project = (folder / "pyproject.toml").read_text(encoding="utf-8").replace('"./', '"../')
    (work / "pyproject.toml").write_text(project + options, encoding="utf-8")
    for name in ("corpus", "speed", "memory"):
        shutil.copy(ROOT / "evals" / f"test_{name}.py", work)
    models = [f"--asr-model={model}" for model in chosen]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["--asr-clip=human", "--asr-profile=one-thread", "--asr-resume"]
    subprocess.run([*command, *models, "--asr-record=run.jsonl"], cwd=work, check=True)
    return work / "run.jsonl"


def environment_of(record: Path) -> dict[str, str]:
    with record.open(encoding="utf-8") as lines:
        environment: dict[str, str] = json.loads(next(lines))
    return environment


def clips_of(record: Path) -> int:
    with record.open(encoding="utf-8") as lines:
        return len({line["clip"] for line in map(json.loads, lines) if line["kind"] == "observation"})


def rows_of(record: Path) -> Iterator[Row]:
    """What the scorecard of the run says, and the sizes of what is installed here."""
    from asrlab_pytest.records.reading import read_run
    from asrlab_pytest.settings import Settings
    from asrlab_pytest.suite.stored import stored_scorecard

    run = read_run(record)
    card = stored_scorecard(run, Settings(reference=REFERENCE))
    assert card is not None
    first = {row.model: row for row in reversed(run.observations)}
    for row in card.rows:
        figures, made = row.figures, first[row.model]
        assert figures is not None
        yield Row(
            engine=made.engine,
            version=made.engine_version,
            compute_type=made.compute_type,
            wer=figures.score.wer or 0.0,
            words=figures.score.words.reference_length,
            rtf=figures.rtf,
            speed=figures.speedup or 1.0,
            memory_bytes=figures.memory_bytes,
            installed_bytes=installed_bytes({**EXTRAS, **SLOW}[row.model]),
        )


def installed_bytes(extra: str) -> int:
    """The size of the distributions that an extra brings, beyond those of asrlab-pytest itself."""
    added = closure(f"asrlab-pytest[{extra}]") - closure("asrlab-pytest")
    files = (file for name in added for file in distribution(name).files or ())
    return sum(file.size or 0 for file in files)


def closure(wanted: str) -> set[str]:
    """The names of distributions that a requirement needs here, itself included."""
    names: set[str] = set()
    seen: set[tuple[str, str]] = set()
    pending = [Requirement(wanted)]
    while pending:
        requirement = pending.pop()
        for extra in ["", *requirement.extras]:
            key = requirement.name.lower(), extra
            if key in seen:
                continue
            seen.add(key)
            pending += _needs(requirement.name, extra)
        names.add(requirement.name.lower().replace("_", "-"))
    return {name for name in names if _is_installed(name)}


def _needs(name: str, extra: str) -> list[Requirement]:
    if not _is_installed(name):
        return []
    needs = [Requirement(each) for each in distribution(name).requires or ()]
    return [each for each in needs if each.marker is None or each.marker.evaluate({"extra": extra})]


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def table(rows: list[Row]) -> str:
    """The rows as a table of Markdown."""
    head = "| engine | number format | WER | RTF | speed | memory | installed |\n|---|---|--:|--:|--:|--:|--:|\n"
    return head + "".join(map(_line, rows))


def _line(row: Row) -> str:
    wer = f"{row.wer:.1%}"
    rtf = "-" if row.rtf is None else f"{row.rtf:.3f}"
    sizes = (row.memory_bytes, row.installed_bytes)
    memory, installed = ("-" if size is None else f"{size / MEGABYTE:,.0f} MB" for size in sizes)
    return (
        f"| {row.engine} {row.version}".rstrip()
        + f" | {row.compute_type} | {wer} | {rtf} | {row.speed:.2f}x | {memory} | {installed} |\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=SLOW)
    options = parser.parse_args()
    main(options.folder.resolve(), options.only)
