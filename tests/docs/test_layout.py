"""The page on the layout of the code, held against the code."""

import re

import pytest
from doc_pages import DOCS

from test_layers import LAYERS, SOURCE

PAGE = (DOCS / "explanation" / "layout.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## A new task")[2]
ROW = re.compile(r'^    "conversation": |^_\w+: Mapping\[Task, .*"conversation": ', re.MULTILINE)
"""A row of a table by task."""


def test_folders_in_the_order_of_layers():
    """The page lists the folders of the package in the order of their imports."""
    folders = [name for layer in LAYERS for name in layer.split() if (SOURCE / name).is_dir()]
    listed = re.findall(r"`(\w+)/`", PAGE[: PAGE.index("The row that")].partition("|---|---|")[2])
    assert sorted(listed) == sorted(folders)
    place = {name: number for number, layer in enumerate(LAYERS) for name in layer.split()}
    assert [place[name] for name in listed] == sorted(place[name] for name in listed)


def test_every_table_by_task_is_listed():
    """The page lists all files that a new task touches, no others, and they exist."""
    listed = set(re.findall(r"`([\w/]+\.py)`", TABLE))
    tables = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "engines" not in path.parts and ROW.search(path.read_text(encoding="utf-8"))
    }
    assert listed >= tables
    assert all((SOURCE / name).is_file() for name in listed)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.py)`", TABLE))))
def test_every_listed_file_names_the_tasks(name):
    """A file that a new task touches, according to the page, names what the existing tasks have there."""
    text = (SOURCE / name).read_text(encoding="utf-8").lower()
    assert "dialogue" in text or "conversation" in text
