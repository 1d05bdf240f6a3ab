"""What JUnit files carry of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from xml.etree import ElementTree as ET

import pytest
from _pytest.junitxml import bin_xml_escape, xml_key

from asrlab_pytest.visible import harmless

METRICS = ("wer", "cer", "rtf")
"""Metrics that are properties of a test, of a case or pooled."""

_PROPERTY = "asrlab-pytest"
"""Property of the suite, named after the distribution whose version it is."""


def add_figures(item: pytest.Item, figure: Callable[[str], float | None]) -> None:
    """Add what was measured to a test's properties."""
    if not item.config.getoption("xmlpath", None):
        return
    figures = {metric: figure(metric) for metric in METRICS}
    item.user_properties += [(metric, round(value, 4)) for metric, value in figures.items() if value is not None]


def sign(config: pytest.Config) -> None:
    """Add the plugin's version to the file of this run, so that a later run knows whose it is."""
    file = config.stash.get(xml_key, None)
    if file is not None:
        file.add_global_property(_PROPERTY, version(_PROPERTY))


def add_failures(config: pytest.Config, notices: Sequence[str]) -> None:
    """Add a test that failed, named ``asrlab``, where the run fails for what no test of it shows."""
    file = config.stash.get(xml_key, None)
    if file is not None and notices:
        reporter = file.node_reporter("asrlab")
        reporter.attrs.update(classname="asrlab", name="run")
        text = bin_xml_escape(harmless("\n".join(notices)))
        failure = ET.Element("failure", message=text.partition("\n")[0])
        failure.text = text
        reporter.append(failure)


def is_ours(head: bytes) -> bool:
    """Whether a file that begins so is of a run of the plugin."""
    return f'<property name="{_PROPERTY}" '.encode() in head
