"""Plants faults in the source, one at a time, and reports which of them the tests find.

python tools/mutants.py [--check] [--passing] [ID ...]

Works in a copy of the repository, so that the checkout stays unchanged. Each fault is run against the tests that it
concerns; the exit status is 1 if one is not found, or if its place in the source is gone and the list must be updated.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in the source, what it becomes, and the tests that must not pass then."""

    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="*", help="faults to plant; all by default")
    parser.add_argument("--check", action="store_true", help="only see that each fault has its place")
    parser.add_argument("--passing", action="store_true", help="first see that the tests pass without a fault")
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if not options.ids or fault.id in options.ids]
    missed = list(_misplaced(chosen))
    if not options.check:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            _copy_to(copy)
            if options.passing:
                _refuse_failing({fault.tests for fault in chosen}, copy)
            missed += [fault.id for fault in chosen if fault.id not in missed and not _is_found(fault, copy)]
    sys.exit(f"not found: {', '.join(missed)}" if missed else 0)


def _misplaced(faults: list[Fault]) -> Iterator[str]:
    for fault in faults:
        path = ROOT / "src/asrlab_pytest" / fault.file
        places = path.read_text(encoding="utf-8").count(fault.old) if path.is_file() else 0
        if places != 1:
            print(f"{fault.id}  {fault.file} has {places} places like: {fault.old}")
            yield fault.id


def _copy_to(copy: Path) -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)


def _refuse_failing(groups: set[tuple[str, ...]], copy: Path) -> None:
    """Tests that fail without a fault cannot find one."""
    for tests in sorted(groups):
        failure = _first_failure(tests, copy)
        if failure is not None:
            raise SystemExit(f"without a fault: {failure}")


def _is_found(fault: Fault, copy: Path) -> bool:
    path = copy / "src/asrlab_pytest" / fault.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(fault.old, fault.new), encoding="utf-8")
    start = time.monotonic()
    try:
        failure = _first_failure(fault.tests, copy)
    finally:
        path.write_text(whole, encoding="utf-8")
    print(f"{fault.id}  {time.monotonic() - start:4.0f} s  {failure or 'NOT FOUND'}", flush=True)
    return failure is not None


def _first_failure(tests: tuple[str, ...], copy: Path) -> str | None:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-n", "0", *tests]
    env = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode not in (0, 1) or "error during collection" in done.stdout:
        raise SystemExit(f"{' '.join(tests)} did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED tests/", "ERROR tests/"))]
    return (lines or ["the run ended"])[0][:150] if done.returncode else None


def _faults(tests: str, *rows: tuple[str, str, str, str]) -> list[Fault]:
    return [Fault(*row, tests=tuple(tests.split())) for row in rows]


FAULTS = [
    *_faults(
        "tests/gates/test_accuracy_gate.py",
        ("g01", "gates/regression.py", "if evidence.p_worse > SIDE:", "if evidence.p_worse > SIDE / 2:"),
        ("g02", "gates/regression.py", "CHANGED_BLOCKS = 5", "CHANGED_BLOCKS = 4"),
        (
            "g03",
            "gates/regression.py",
            "return max(self.absolute, self.relative * baseline_rate)",
            "return min(self.absolute, self.relative * baseline_rate)",
        ),
        (
            "g04",
            "gates/paired_clips.py",
            "if words or (counts_additions and before + now):",
            "if True:",
        ),
    ),
    *_faults(
        "tests/gates/test_tripwires.py",
        (
            "g05",
            "gates/tripwires.py",
            "if now.loop is not None and before.loop is None:",
            "if now.loop is not None:",
        ),
        ("g06", "gates/tripwires.py", "now.cer - before.cer <= cer_rise", "now.cer - before.cer < cer_rise"),
    ),
    *_faults(
        "tests/gates/test_directions.py",
        (
            "g07",
            "gates/bounds.py",
            "value < bound.limit if _METRICS[bound.metric].is_least else value > bound.limit",
            "value < bound.limit if _METRICS[bound.metric].is_least else value >= bound.limit",
        ),
    ),
    *_faults(
        "tests/gates/test_speed.py",
        ("g08", "gates/speed.py", "if model_s > 0 and reference_s > 0:", "if model_s > 0:"),
        (
            "g09",
            "gates/speed.py",
            'seconds = times.wall_s if clock == "wall" else times.process_s',
            "seconds = times.wall_s",
        ),
    ),
    *_faults(
        "tests/scoring",
        (
            "s01",
            "scoring/counts.py",
            "return self.substitutions + self.deletions + self.insertions",
            "return self.substitutions + self.deletions",
        ),
        (
            "s02",
            "scoring/counts.py",
            "return self.hits + self.substitutions + self.deletions",
            "return self.hits + self.substitutions + self.insertions",
        ),
        (
            "s03",
            "scoring/corpus.py",
            "self._capped += min(words.errors, length)",
            "self._capped += words.errors",
        ),
        (
            "s04",
            "scoring/corpus.py",
            "self._wrong_silent += words.insertions > 0",
            "self._wrong_silent += 1",
        ),
        (
            "s05",
            "scoring/loops.py",
            "if extra - said.get(phrase, 0) >= EXTRA_TOKENS",
            "if extra >= EXTRA_TOKENS",
        ),
        (
            "s06",
            "scoring/intervals.py",
            "Interval(low=estimate / factor, high=estimate * factor)",
            "Interval(low=estimate * (2 - factor), high=estimate * factor)",
        ),
        (
            "s07",
            "scoring/intervals.py",
            "return sorted(values)[math.ceil(share * len(values)) - 1]",
            "return sorted(values)[math.floor(share * len(values)) - 1]",
        ),
        (
            "s08",
            "scoring/p_values.py",
            "adjusted[index] = largest",
            "adjusted[index] = min(1.0, p_values[index] * (len(p_values) - rank))",
        ),
        ("s09", "scoring/p_values.py", "return (1 + hits) / (1 + DRAWS)", "return hits / DRAWS"),
        (
            "s10",
            "scoring/score.py",
            "return None if self.words.reference_length else self.words.insertions",
            "return self.words.insertions",
        ),
    ),
    *_faults(
        "tests/records tests/cli/test_merge.py tests/integration/test_option_asr_resume.py",
        (
            "r01",
            "records/recorder.py",
            "came_from_there = isinstance(line, Observation) and line.recorded",
            "came_from_there = False",
        ),
        ("r02", "records/writing.py", "self._good_bytes += len(line)", "self._good_bytes = len(line)"),
        ("r03", "records/writing.py", "del self.waiting[0]", "self.waiting.clear()"),
        ("r04", "records/reading.py", "if version > VERSION:", "if version[0] > VERSION[0]:"),
        (
            "r05",
            "records/run.py",
            "return chosen(self.observations, lambda row: row.is_first_pass)",
            "return chosen(self.observations, lambda row: row.repeat == 0)",
        ),
        (
            "r06",
            "records/store.py",
            "if observation.key is not None and not observation.recorded",
            "if observation.key is not None",
        ),
        ("r07", "records/store.py", 'write_whole(ignore, "*\\n"', 'write_whole(ignore, "\\n"'),
        (
            "r08",
            "records/merging.py",
            "if texts_of(first) == texts_of(row):",
            "if True:",
        ),
    ),
    *_faults(
        "tests/corpus/test_audio.py tests/corpus/test_segments.py tests/corpus/test_downmix.py",
        (
            "c01",
            "corpus/audio.py",
            "if clip.sha256 is not None and clip.sha256.lower() != sha256:",
            'if clip.sha256 is not None and clip.sha256.lower()[:8] == "":',
        ),
        ("c02", "corpus/downmix.py", "block.mean(axis=1, dtype=np.float32)", "block[:, 0].copy()"),
        (
            "c03",
            "corpus/audio.py",
            "if first >= frames or last > frames + round(OVERSHOOT * sample_rate):",
            "if first >= frames or last > frames + round(OVERSHOOT * SAMPLE_RATE) * 9:",
        ),
    ),
    *_faults(
        "tests/corpus/test_select.py",
        (
            "c04",
            "corpus/select.py",
            "return tuple(clip for clip in corpus.samples if clip.id in chosen)",
            "return tuple(sorted((clip for clip in corpus.samples if clip.id in chosen), key=lambda clip: clip.id))",
        ),
        ("c05", "corpus/select.py", "if all(term(clip) for term in terms)}", "if any(term(clip) for term in terms)}"),
    ),
    *_faults(
        "tests/corpus/test_dialogues.py tests/corpus/test_manifest.py",
        ("c06", "corpus/json_lines.py", "is already in line {first}", "is already in line {number}"),
    ),
    *_faults(
        "tests/models/test_device.py tests/integration/test_option_asr_device.py",
        (
            "m01",
            "models/device.py",
            'self.requested not in ("auto", self.used)',
            "self.requested != self.used",
        ),
        (
            "m02",
            "models/device.py",
            'PREFERENCE: tuple[Device, ...] = ("mps", "cuda", "cpu")',
            'PREFERENCE: tuple[Device, ...] = ("cuda", "mps", "cpu")',
        ),
    ),
    *_faults(
        "tests/models/test_registry.py",
        (
            "m03",
            "models/registry.py",
            "{**known_models.get(name, {}), **table}",
            "{**table, **known_models.get(name, {})}",
        ),
    ),
    *_faults(
        "tests/models/test_pocketsphinx.py",
        (
            "m04",
            "inference/on_demand.py",
            "cpu_percent=100 * sum(clock.cpu_s) / sum(clock.latencies_s)",
            "cpu_percent=sum(clock.cpu_s) / sum(clock.latencies_s)",
        ),
    ),
    *_faults(
        "tests/models/test_failures.py",
        ("m05", "inference/on_demand.py", "if self.load_error is not None:", "if False:"),
    ),
    *_faults(
        "tests/inference/test_ahead.py",
        (
            "m06",
            "inference/loading.py",
            "beginning = first.samples[: int(WARM_UP_SECONDS * SAMPLE_RATE)]",
            "beginning = first.samples",
        ),
    ),
    *_faults(
        "tests/inference/test_stopwatch.py",
        (
            "m07",
            "inference/on_demand.py",
            "self._model.synchronize()\n        self.latencies_s.append(",
            "self.latencies_s.append(",
        ),
    ),
    *_faults(
        "tests/session/test_ledger.py",
        ("e01", "session/ledger.py", "if case not in self._seen:", "if True:"),
    ),
    *_faults(
        "tests/integration/test_never_green.py",
        ("e03", "session/session.py", "return self.expected - self.reported", "return set()"),
    ),
    *_faults(
        "tests/integration/test_option_asr_record.py",
        (
            "e05",
            "session/session.py",
            "is_whole = self.is_worker or not (self.lost or self.planned.is_unknown)",
            "is_whole = True",
        ),
    ),
    *_faults(
        "tests/integration/test_memo.py",
        (
            "e02",
            "session/collecting.py",
            "            _first(item, SAMPLES) is None,\n        ),\n    )\n    for place",
            "        ),\n    )\n    for place",
        ),
    ),
    *_faults(
        "tests/integration/test_never_green.py",
        (
            "e04",
            "session/ending.py",
            "    if session.notices and pytest_session.exitstatus == pytest.ExitCode.OK:",
            "    if False and session.notices:",
        ),
    ),
    *_faults(
        "tests/session/test_first_passes.py",
        (
            "e06",
            "models/spec.py",
            "return {self.id, self.name, self.full_id}",
            "return {self.id, self.full_id}",
        ),
    ),
    *_faults(
        "tests/session/test_first_passes.py",
        (
            "e07",
            "session/ledger.py",
            "        if observation.is_first_pass:\n            self.first_of",
            "        if True:\n            self.first_of",
        ),
    ),
]

if __name__ == "__main__":
    main()
