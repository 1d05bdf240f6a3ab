"""The HTML report of a night's run: 4 models × 2,620 clips of some 20 words, each with its time. No audio.

python benchmarks/html_report.py [--clips 2620] [--models 4] [--rounds 3] [--chromium PATH]

The record is made from a seed. Each round makes the page with `asrlab report -o`, opens it in Chromium and filters its
clips by the search field and by each choice. The first paint is that of the browser's own clock (paint timing); a
filter takes until the next frame is drawn.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pairs import run
from playwright.sync_api import Page, sync_playwright
from rescoring import environment, observations

SPEAKERS = 40
TAGS = ("clean", "snr20", "snr10", "snr0")
TEXTS = ("hello", "train station", "the -> of", "clip-1234", "nothing has this")
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
FILTER = """([id, value]) => new Promise((resolve) => {
  const control = document.getElementById(id);
  const start = performance.now();
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=2620)
    parser.add_argument("--models", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="default: that of the system")
    options = parser.parse_args()
    made, paints, filters = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        record, report = Path(folder, "run.jsonl"), Path(folder, "report.html")
        record.write_text("".join(json.dumps(line) + "\n" for line in _lines(options.models, options.clips)))
        command = [sys.executable, "-m", "asrlab_pytest.cli", "report", str(record), "-o", str(report)]
        for _ in range(options.rounds):
            made.append(run(command, cwd=folder))
            paint, times = _browsed(report, options.chromium)
            paints.append(paint)
            filters += times
        size = report.stat().st_size
    print(f"{options.clips} clips x {options.models} models, {options.rounds} rounds, medians (smallest to largest)")
    print(f"  made, wall time: {_of([one.wall for one in made])} s; processor time: {_of([one.cpu for one in made])} s")
    print(f"  size: {size / 1e6:.1f} MB")
    print(f"  first paint: {_of([ms / 1000 for ms in paints])} s")
    print(f"  a filter: {_of(filters)} ms, of {len(filters)}")


def _lines(models: int, clips: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(1)
    yield environment()
    for number, one in enumerate(observations(models, clips)):
        clip = number % clips
        words = [
            {"text": word, "start": 0.4 * place, "end": 0.4 * place + 0.3, "probability": 0.9}
            for place, word in enumerate(one["hypothesis"].split())
        ]
        one["transcript"]["segments"][0]["words"] = words
        latency = draw.lognormvariate(0, 0.4)
        times = {"latencies_s": [latency], "latency_s": latency, "rtf": latency / one["audio_s"]}
        yield {**one, **times, "group": f"speaker-{clip % SPEAKERS}", "tags": [TAGS[clip % len(TAGS)]]}
    yield {"kind": "end", "time": "2026-11-22T00:00:00+00:00", "models": {}}


def _browsed(report: Path, chromium: str | None) -> tuple[float, list[float]]:
    """Milliseconds to the first paint, and of each filter."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(report.as_uri())
        paint: float = page.evaluate(PAINT)
        times = [_filtered(page, *choice) for choice in _choices(page)]
        browser.close()
    return paint, times


def _choices(page: Page) -> Iterator[tuple[str, str]]:
    for text in TEXTS:
        yield "search", text
    yield "search", ""
    for name in ("model", "tag", "speaker", "only"):
        values: Sequence[str] = page.eval_on_selector_all(f"#{name} option", "every => every.map((one) => one.value)")
        for value in [*values[:5], ""]:
            yield name, value


def _filtered(page: Page, name: str, value: str) -> float:
    taken: float = page.evaluate(FILTER, [name, value])
    return taken


def _of(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
