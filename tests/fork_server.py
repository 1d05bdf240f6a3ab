"""Processes that begin with the imports of a pytest run, which take a fresh interpreter a second.

Each has its arguments, environment, folder, streams, signals and exit status, and is a child of the process that asked
for it. What a run imports, and how an interpreter starts, is tested in a fresh one.

The server runs a project once, and forks for each command that it is asked for. Only Linux can hand the new process
over to the one that asked.
"""

import ctypes
import gc
import json
import os
import runpy
import socket
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

SET_CHILD_SUBREAPER = 36
LIMIT = 1 << 20
"""Bytes of a request."""
PATHS = "PYTHONPATH"
READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "OMP_", "OPENBLAS_", "TMPDIR")
"""How the variables begin that an interpreter and its libraries read once."""


def settings_of(environment):
    """What is read from the environment once, but for the path of modules."""
    return {name: value for name, value in environment.items() if name.startswith(READ_AT_START) and name != PATHS}


class ForkServer:
    """The server, as the process sees it that asks for commands."""

    def __init__(self, folder, environment, *arguments):
        """Start it, in a folder whose project pytest runs with these arguments."""
        self._settings = settings_of(environment)
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, __file__, str(number), *arguments]
            nothing = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
            self._process = subprocess.Popen(command, cwd=folder, env=environment, pass_fds=[number], **nothing)

    def can_run(self, command, environment):
        """Whether a command is one of this interpreter's, to be started as the server was."""
        options = [option for option in command[1:3] if option != "-u"]
        is_python = command[0] == sys.executable and options != [] and options[0].startswith(("-m", "-c"))
        return is_python and settings_of(environment) == self._settings

    def start(self, command, folder, environment, streams):
        """Start a command as a child of this process.

        Args:
            command: Of this interpreter: `-m` and a module, or `-c` and a program, and arguments.
            folder: Where it runs.
            environment: All of its variables.
            streams: The descriptors of its standard streams.

        Returns:
            The number of the process.
        """
        request = json.dumps({"command": command, "folder": folder, "environment": environment}).encode()
        adopt_orphans(True)
        try:
            socket.send_fds(self._socket, [request], streams)
            reply = self._socket.recv(LIMIT)
            assert reply, "the server has ended"
            return int(reply)
        finally:
            adopt_orphans(False)

    def close(self):
        self._socket.close()
        self._process.wait()


def adopt_orphans(on):
    """Make this process the parent of descendants whose own parent has ended, or no longer."""
    assert ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, int(on), 0, 0, 0) == 0


def popen_by(server):
    """A class like `subprocess.Popen` whose processes the server starts, where it can."""

    class Popen(subprocess.Popen):
        def _execute_child(self, args, *details):
            executable, preparation, _, passed, folder, environment, _, _, shell, *handles = details
            command = [os.fspath(args)] if isinstance(args, (str, os.PathLike)) else list(map(os.fspath, args))
            environment = dict(os.environ if environment is None else environment)
            is_special = executable or preparation or passed or shell
            if is_special or not server.can_run(command, environment):
                super()._execute_child(args, *details)
                return
            stdin, _, _, stdout, _, stderr = handles[:6]
            streams = [given if given >= 0 else number for number, given in enumerate((stdin, stdout, stderr))]
            self.pid = server.start(command, str(folder or Path.cwd()), environment, streams)
            self._child_created = True
            self._close_pipe_fds(*handles[:6])

    return Popen


def warm_up(arguments):
    """Run the project of this folder, and keep what that imported of installed packages."""
    import pytest

    import inner_sessions  # noqa: F401

    folder, path = str(Path.cwd()), list(sys.path)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        status = pytest.main(arguments)
    assert status == 0, arguments
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(folder):
            del sys.modules[name]
    # pytest would warn of a plugin that was imported before it ran.
    from asrlab_pytest.models import engine
    from asrlab_pytest.records import private

    for of_this_project in (engine.engine, engine._entry_points, private._home):
        of_this_project.cache_clear()
    sys.path[:] = path


def serve(requests):
    """Wait for requests until nobody can send one; in a process that was asked for, return what it is to run."""
    while True:
        request, descriptors, *_ = socket.recv_fds(requests, LIMIT, 3)
        if not request:
            os._exit(0)
        number = divide()
        if number is None:
            return json.loads(request), descriptors
        requests.send(b"%d" % number)
        for descriptor in descriptors:
            os.close(descriptor)


def divide():
    """Start a process like this one, whose parent is the process that adopts orphans.

    Returns:
        Its number, and in that process None.
    """
    (number, number_end), (adopted, adopted_end) = os.pipe(), os.pipe()
    parent = os.fork()
    if parent == 0:
        child = os.fork()
        if child:
            os.write(number_end, b"%d" % child)
            os._exit(0)
        os.close(adopted_end)
        os.read(adopted, 1)  # It ends where the server closes the other end.
        return None
    os.waitpid(parent, 0)
    child = int(os.read(number, 20))
    for descriptor in (number, number_end, adopted, adopted_end):
        os.close(descriptor)
    return child


def become(request, descriptors):
    """Make this process as the request wants it; returns the options of the interpreter."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    os.closerange(len(descriptors), os.sysconf("SC_OPEN_MAX"))
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = reopened(number, getattr(sys, name))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    paths = os.environ.get(PATHS, "").split(os.pathsep)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.path[:] = [
        *filter(None, os.environ.get(PATHS, "").split(os.pathsep)),
        *(path for path in sys.path if path not in paths),
    ]
    return request["command"][1:]


def reopened(number, stream):
    """A standard stream as an interpreter opens it: the server's own knows whether the server's file can be sought."""
    opened = os.fdopen(number, stream.mode, encoding=stream.encoding, errors=stream.errors, closefd=False)
    opened.reconfigure(line_buffering=stream.line_buffering or opened.isatty(), write_through=stream.write_through)
    return opened


def run(options):
    """Run what the options of an interpreter say: `-m` and a module, or `-c` and a program."""
    options = [option for option in options if option != "-u"]
    kind, subject, arguments = options[0][:2], options[0][2:], options[1:]
    if not subject:
        subject, *arguments = arguments
    main = sys.modules["__main__"] = ModuleType("__main__")
    sys.argv = [kind, *arguments]
    if kind == "-m":
        sys.path.insert(0, str(Path.cwd()))
        runpy.run_module(subject, run_name="__main__", alter_sys=True)
    else:
        sys.path.insert(0, "")
        exec(compile(subject, "<string>", "exec"), vars(main))


if __name__ == "__main__":
    warm_up(sys.argv[2:])
    del sys.path[0]
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        asked = serve(requests)
    run(become(*asked))
