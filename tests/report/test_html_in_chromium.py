"""The HTML report in a real Chromium, where the system has one."""

import shutil

import pytest

from asrlab_pytest.cli import main
from stored_runs import end, environment, row, write

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browsed(tmp_path_factory):
    """A page of the report as the browser shows it, with what it logged and asked for."""
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("report")
    hostile = '<img src="http://example.org/x">\u202e'
    rows = [row(), row(model="kea", hypothesis="hello where"), row(clip=hostile, hypothesis=hostile)]
    record = write(folder / "run.jsonl", environment(), *rows, end())
    assert main(["report", str(record), "-o", str(folder / "report.html")]) == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        logged, asked = [], []
        page.on("console", lambda message: logged.append(message.text))
        page.on("pageerror", lambda error: logged.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "report.html").as_uri())
        yield page, logged, asked
        browser.close()


def test_in_a_browser(browsed):
    """Search finds the right rows, keys open a clip, texts stay text, nothing is logged and nothing is fetched."""
    page, logged, asked = browsed
    names = page.locator("#items button.name")

    assert names.count() == 2
    assert page.locator("img").count() == 0
    page.keyboard.press("/")
    page.keyboard.type("there -> where")
    assert names.all_inner_texts() == ["one"]
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.locator(".diff .S").first.inner_text().startswith("where")
    assert logged == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
