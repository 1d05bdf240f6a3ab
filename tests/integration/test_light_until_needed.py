"""A run that evaluates nothing loads nothing."""

import subprocess
import sys

HEAVY = (
    "torch",
    "numpy",
    "soundfile",
    "soxr",
    "rapidfuzz",
    "jiwer",
    "pydantic",
    "whisper_normalizer",
    "psutil",
    "pocketsphinx",
)

LOADED = f"""
import sys
import pytest

@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    print("loaded:", *sorted(set({HEAVY!r}) & sys.modules.keys()))
"""


def test_importing_the_plugin():
    """Importing plugin, package and what engines are made of loads none of the heavy packages."""
    modules = "sys, asrlab_pytest, asrlab_pytest.plugin, asrlab_pytest.engines"
    program = f"import {modules}; print(*[name for name in {HEAVY!r} if name in sys.modules])"

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert found.stdout.split() == []


def test_importing_the_command_line():
    """Importing the commands loads nothing that only one of them needs: a report, scores or audio."""
    needed_by_some = ("numpy", "jiwer", "soundfile", "asrlab_pytest.report.html", "asrlab_pytest.scoring.scorer")
    program = f"import sys, asrlab_pytest.cli; print(*[name for name in {needed_by_some!r} if name in sys.modules])"

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert found.stdout.split() == []


def test_every_public_name():
    """Every public name of the package can be imported, and no other."""
    import asrlab_pytest

    assert [getattr(asrlab_pytest, name) is not None for name in asrlab_pytest.__all__]
    assert not hasattr(asrlab_pytest, "recognise")


FIXTURE_HOOKS = """
def pytest_unconfigure(config):
    names = [hook.plugin_name for hook in config.hook.pytest_fixture_setup.get_hookimpls()]
    print("for each fixture:", *[name for name in names if "asrlab" in name])
"""


def test_no_hook_for_each_fixture(project):
    """No hook of the plugin is called for each fixture of a run that evaluates nothing."""
    project.pytester.makeconftest(FIXTURE_HOOKS)
    project.clip("one", "hello there")
    project.evals("accuracy")
    project.write(test_plain="def test_plain(tmp_path): pass")

    called = [line for line in project.run("test_plain.py").outlines if line.startswith("for each fixture:")]
    evaluating = [line for line in project.run().outlines if line.startswith("for each fixture:")]

    assert called == ["for each fixture:"]
    assert evaluating == ["for each fixture: asrlab-harmless"]


def test_a_run_without_asr_fixtures(project):
    """A run of other tests, in a project that is configured for evaluations, loads none of them either."""
    project.pytester.makeconftest(LOADED)
    project.clip("one", "hello there")
    project.write(test_plain="def test_plain(): pass")

    result = project.run_fresh("-s")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["loaded:"])
    assert "scorecard" not in result.stdout.str()


def test_a_run_with_asr_fixtures(project):
    """The same run with a case loads them: what is looked for is there to be found."""
    project.pytester.makeconftest(LOADED)
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run_fresh("-s")

    result.stdout.fnmatch_lines(["loaded: jiwer numpy psutil pydantic rapidfuzz soundfile*"])


OWN = """
import sys
import pytest

@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    print("own:", *sorted(name for name in sys.modules if name.startswith("asrlab_pytest")))
"""

LIGHT = (
    "asrlab_pytest asrlab_pytest.fixtures asrlab_pytest.options asrlab_pytest.plugin asrlab_pytest.session "
    "asrlab_pytest.session.current asrlab_pytest.session.keys asrlab_pytest.tasks asrlab_pytest.timing"
)


def test_modules_of_an_unrelated_run(pytester):
    """In a run that has nothing to do with ASR the plugin imports its hooks, options and fixtures, and nothing else."""
    pytester.makeconftest(OWN)
    pytester.makepyfile("def test_plain(): pass")

    result = pytester.runpytest_subprocess("-s")

    assert result.ret == 0
    result.stdout.fnmatch_lines([f"own: {LIGHT}"])
