"""A process of the fork server is one of its own, as one of a fresh interpreter is."""

import json
import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands a process over to another parent")

SAYS = """
import json, os, sys
said = {
    "arguments": sys.argv,
    "folder": os.getcwd(),
    "parent": os.getppid(),
    "variable": os.environ.get("SAID"),
    "input": sys.stdin.read(),
    "open": len(os.listdir("/proc/self/fd")),
    "is_pytest_imported": "pytest" in sys.modules,
}
print(json.dumps(said))
print("an error", file=sys.stderr)
sys.exit(7)
"""


def said_by(command, folder, **variables):
    environment = {**os.environ, "SAID": "good morning", **variables}
    done = subprocess.run(
        command, cwd=folder, env=environment, input="hello", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (7, "an error\n")
    return json.loads(done.stdout)


@pytest.mark.parametrize("as_module", [False, True])
def test_a_process_of_its_own(forks, tmp_path, as_module):
    """Arguments, folder, parent, environment, input, streams and status are those of a fresh interpreter."""
    (tmp_path / "says.py").write_text(SAYS)
    command = [sys.executable, *(("-m", "says") if as_module else ("-c", SAYS)), "first", "--second"]

    fresh = said_by(command, tmp_path)
    with forks():
        forked = said_by(command, tmp_path)

    assert (fresh.pop("is_pytest_imported"), forked.pop("is_pytest_imported")) == (False, True)
    assert forked == fresh
    assert forked["parent"] == os.getpid()


def test_a_path_of_modules(forks, tmp_path):
    """Modules are found by the path that the environment gives."""
    (tmp_path / "says.py").write_text(SAYS)

    with forks():
        forked = said_by([sys.executable, "-c", "import says"], "/", PYTHONPATH=str(tmp_path))

    assert forked["is_pytest_imported"]


def test_a_signal(forks):
    """A signal reaches the process, and its number is the status."""
    with forks():
        process = subprocess.Popen([sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"], stdout=-1)
    with process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)

    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("variable", ["PYTHONUTF8", "LC_ALL", "PYTHONHASHSEED", "OMP_NUM_THREADS", "TMPDIR"])
def test_what_is_read_once(forks, tmp_path, variable):
    """Where the environment has another value of what is read only once, a fresh interpreter reads it."""
    with forks():
        said = said_by([sys.executable, "-c", SAYS], tmp_path, **{variable: "0"})

    assert not said["is_pytest_imported"]


def test_commands_of_a_project(project):
    """Runs of a project that have a process of their own are forked, and so are the workers of its runs."""
    project.write(
        conftest="import sys; IS_FORKED = 'asrlab_pytest.records.store' in sys.modules",
        test_it="from conftest import IS_FORKED\ndef test_it(): assert IS_FORKED",
    )

    project.run_apart().assert_outcomes(passed=1)
    project.run("-n", "1").assert_outcomes(passed=1)
