from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from doc_pages import DOCS, PAGES, ROOT, anchors, links

COMMANDS = (
    "python -m pip install -q uv && uv run pytest evals/ --benchmark-json results.json",
    "python -m pip install -q uv && uv run pytest",
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    """A relative link of the documentation leads to a file that exists, and to a heading of it."""
    for target in links(page):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), target


def test_every_page_is_reachable():
    """The index links to every page of the documentation."""
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in links(DOCS / "index.md")}
    assert linked >= set(PAGES) - {ROOT / "README.md", DOCS / "index.md"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_two_commands_stand_in_the_readme_and_in_ci(command: str):
    """What a newcomer is told to type is what CI runs, to the letter."""
    for file in ("README.md", ".ci/run"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        assert command in {line.strip() for line in lines}, file


def test_no_file_names_a_package_host():
    """A host in a committed file would tie the project to one index: the index is the user's choice."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    halves = (("pypi", ".org"), ("python", "hosted.org"), ("npmjs", ".org"), ("npmjs", ".com"), ("debian", ".org"))
    hosts = ["".join(half).encode() for half in halves]
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    naming = [str(path) for path in paths if path.is_file() and any(host in path.read_bytes() for host in hosts)]
    assert naming == []
