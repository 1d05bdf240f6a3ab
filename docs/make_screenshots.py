"""Makes the screenshots of the HTML report from a stored run.

uv run python docs/make_screenshots.py RECORD [--clip librivox-0880] [--chromium PATH]

Those in the repository are of its own evals: `uv run pytest evals/ --asr-record run.jsonl`, on an idle machine, so that
times are shown. Writes report.png (the first screen) and report-clip.png (a clip with the words of all models) beside
this script.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from asrlab_pytest.cli import main as asrlab

HERE = Path(__file__).parent
WIDTH = 1180
LARGEST = 200_000
"""Bytes of a picture."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", type=Path, metavar="RECORD")
    parser.add_argument("--clip", default="librivox-0880")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="default: that of the system")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = Path(folder, "report.html")
        if asrlab(["report", str(options.record), "-o", str(report)]):
            raise SystemExit("the record is not whole")
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        page.goto(report.as_uri())
        _first_screen(page, HERE / "report.png")
        _clip(page, options.clip, HERE / "report-clip.png")
        browser.close()


def _first_screen(page: Page, path: Path) -> None:
    """From the title to the chart, and to the end of the sentence beside its end."""
    bottom = page.evaluate(
        """() => {
          const end = (part) => part.getBoundingClientRect().bottom;
          const chart = end(document.querySelector("figure"));
          return Math.min(...[...document.querySelectorAll(".beside p")].map(end).filter((each) => each >= chart));
        }"""
    )
    _shoot(page, path, top=0, bottom=bottom)


def _clip(page: Page, clip: str, path: Path) -> None:
    """The filters, and the clip as it is opened."""
    page.fill("#search", clip)
    page.locator("#items .name", has_text=clip).first.click()
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(500)
    top, bottom = page.locator("#clips").bounding_box(), page.locator("#items").bounding_box()
    assert top is not None
    assert bottom is not None
    _shoot(page, path, top=top["y"], bottom=bottom["y"] + bottom["height"])


def _shoot(page: Page, path: Path, *, top: float, bottom: float) -> None:
    offset = page.evaluate("window.scrollY")
    clip = {"x": 0, "y": top + offset, "width": WIDTH, "height": bottom - top + 6}
    page.screenshot(path=path, full_page=True, clip=clip)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path} has {size:,} bytes, which is too much for a repository")


if __name__ == "__main__":
    main()
