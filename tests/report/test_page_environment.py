"""The environment of a run on the HTML page."""

from dataclasses import asdict

from asrlab_pytest.records.plain import plain
from asrlab_pytest.report.html.environment import environment_lines
from asrlab_pytest.settings import Settings
from stored_runs import environment_of


def lines(**keys):
    return dict(environment_lines(environment_of(**keys)))


def test_for_people():
    """Memory is in GiB, load has two digits, and only settings that differ from their defaults are shown."""
    settings = plain(asdict(Settings(model=("kea", "polly"), repeat=3)))
    settings["gates"]["speed"] = 0.2

    shown = lines(memory_bytes=25_276_502_016, load_average=[6.2099609375, 3.84, 2.0], settings=settings)

    assert shown["memory"] == "23.5 GiB"
    assert shown["load average"] == "6.21, 3.84, 2.00"
    assert shown["settings"] == "model kea, polly; repeat 3; gates speed 0.2"


def test_defaults():
    """A run that changed no setting says so."""
    assert lines(settings=plain(asdict(Settings())))["settings"] == "all at their defaults"
    assert "settings" not in lines(settings={})
