"""A project outside the repository, with clips of its own, that is tested with the plugin."""

import importlib
import json
import os
import pkgutil
import re
import sys
from pathlib import Path

import pocketsphinx  # noqa: F401 - not twice in one process, as below
import pytest
import soundfile
from hypothesis import settings

import asrlab_pytest
from asrlab_pytest.models import engine
from asrlab_pytest.store.checking import check

REPOSITORY = Path(__file__).parents[1]
PARROT = Path(__file__).parent / "parrot"
sys.path.insert(0, str(PARROT))

import parrot_engine  # noqa: E402

# An inner session in this process forgets what it imported, and numpy cannot be imported twice.
for module in pkgutil.walk_packages(asrlab_pytest.__path__, "asrlab_pytest."):
    if ".starter" not in module.name:
        importlib.import_module(module.name)


# In CI the examples are the same in every run, so that a change is judged by its own merits; a desk draws new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

for variable in ("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    # Where pytest sees that it runs in CI, an inner session prints its messages in full, and twice; and this project's
    # own summary is no place for the results of made-up models.
    os.environ.pop(variable, None)
for variable in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
    # Where these tests are shared among workers, an inner session is none of them.
    os.environ.pop(variable, None)

EVALS = {
    name: (REPOSITORY / "evals" / f"test_{name}.py").read_text(encoding="utf-8")
    for name in ("accuracy", "conversation", "corpus", "latency", "memory", "regression", "speed", "synthesis")
}

QUIET = ("-p", "no:hypothesispytest", "-p", "no:anyio")
"""Plugins of the test tools that an inner session would import anew each time."""


_CHECK = re.compile(r"(asr|tts|conversation)_(case|corpus)\.check\(([^)]*)\)")
_TABLES = {"asr": "", "tts": "synthesis.", "conversation": "conversation."}


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

    def __init__(self, pytester, log):
        self.pytester = pytester
        self.path = pytester.path
        self._log = log
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
        self.line(id=name, audio=audio.name, text=text, language="en", **keys)
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

    def write(self, **modules):
        """Write test modules, each given as its text."""
        self.pytester.makepyfile(**modules)

    def run(self, *arguments):
        """Run pytest in this process."""
        return self._with_valid_records(self.pytester.runpytest_inprocess, arguments)

    def run_apart(self, *arguments):
        """Run pytest in a process of its own."""
        return self._with_valid_records(self.pytester.runpytest_subprocess, arguments)

    def _with_valid_records(self, start, arguments):
        """Run pytest, and hold every record that it wrote against the schema."""
        self._state_thresholds()
        before = self._records()
        result = start(*QUIET, *arguments)
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
            path.write_text(f"{text}\n{lenient_thresholds(modules, text)}", encoding="utf-8")

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

    def record(self, name="run.jsonl"):
        """The lines of a record: the environment's, and the observations'."""
        lines = (self.path / name).read_text(encoding="utf-8").splitlines()
        first, *rest = (json.loads(line) for line in lines)
        return first, [row for row in rest if row["kind"] == "observation"]


@pytest.fixture
def project(pytester, monkeypatch):
    """A project of parrots."""
    paths = [str(PARROT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in EVALS:
        # The outer run may have a module of the same name, such as tests/gates/test_speed.py.
        monkeypatch.delitem(sys.modules, f"test_{name}", raising=False)
    engine._entry_points.cache_clear()
    engine.engine.cache_clear()
    log = pytester.path.parent / f"{pytester.path.name}-parrot.log"
    monkeypatch.setenv("PARROT_LOG", str(log))
    return Project(pytester, log)
