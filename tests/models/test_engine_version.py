"""The version of an engine is that of the distribution that it runs, whatever that is called."""

from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from asrlab_pytest.models.engine import Engine, engine, engine_names, engine_version, entry_point
from asrlab_pytest.models.support import common

OWN = [name for name in engine_names() if entry_point(name).module.startswith("asrlab_pytest.")]
RUNS_A_PACKAGE = [name for name in OWN if engine(name).install]
EXTRAS = {Requirement(each).name for each in requires("asrlab-pytest")}


@pytest.mark.parametrize("name", RUNS_A_PACKAGE)
def test_every_engine_of_a_package_has_a_version(name, monkeypatch):
    """Where exactly what its extra brings is installed, an engine has the version of its first package."""
    monkeypatch.setattr(common, "installed_version", lambda each: f"{each} 9" if each in EXTRAS else None)
    first = next(iter(engine(name).packages), name)

    assert first in EXTRAS
    assert engine_version(engine(name)) == f"{first} 9"


def test_which_distribution(monkeypatch):
    """An engine's own name comes first, then its packages, and never asrlab-pytest."""
    here = {"asrlab-pytest": "1", "parrot": "2", "beak": "3"}
    monkeypatch.setattr(common, "installed_version", here.get)
    cases = {
        ("parrot", ("beak",)): "2",
        ("kea", ("asrlab-pytest", "beak")): "3",
        ("kea", ("wing",)): "",
    }
    for (name, packages), expected in cases.items():
        adapter = Engine()
        adapter.name, adapter.packages = name, packages
        assert engine_version(adapter) == expected
