"""Ctrl-C ends a command with a line and status 130."""

import signal
import subprocess
import sys

import pytest

from asrlab_pytest.cli import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a single process")


def test_while_a_command_is_imported(monkeypatch, capsys):
    """Ctrl-C while a command's libraries are imported is no traceback."""

    class Finder:
        @staticmethod
        def find_spec(name, path, target=None):
            if name == "asrlab_pytest.cli.plot":
                signal.raise_signal(signal.SIGINT)

    monkeypatch.delitem(sys.modules, "asrlab_pytest.cli.plot", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])

    assert main(["plot", "run.jsonl", "-o", "run.svg"]) == 130
    assert capsys.readouterr() == ("", "asrlab: interrupted\n")


def test_while_a_command_works():
    """Ctrl-C while a command waits for input is no traceback."""
    command = [sys.executable, "-m", "asrlab_pytest.cli", "normalize", "--profile", "en"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b"Hello!\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"hello\n"
        process.send_signal(signal.SIGINT)

        assert process.wait() == 130
        assert process.stderr.read() == b"asrlab: interrupted\n"
