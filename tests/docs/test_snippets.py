from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Sized
from contextlib import AbstractContextManager
from importlib.metadata import metadata
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from doc_pages import ROOT, Snippet, snippets

from asrlab_pytest.cli import main, protocol
from asrlab_pytest.corpus import reader
from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.models.engine import ENTRY_POINT_GROUP, load, missing_methods
from asrlab_pytest.models.options import options_of
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.protocols.normalization import plugged
from asrlab_pytest.settings import validated
from asrlab_pytest.suite.suite import registry_of
from asrlab_pytest.transcripts.columns import Columns, Rows

CHECKED = {"python", "toml", "jsonl", "yaml", "sh"}
OUTPUT = {"text"}
SNIPPET_ID = attrgetter("id")
PACKAGE = r"(?m)^from (our_package|asrlab_echo) import"
"""Import of what the first Python snippet of the same page defines."""


def is_test(snippet: Snippet) -> bool:
    return "def test_" in snippet.body and not is_of_a_package(snippet)


def is_of_a_package(snippet: Snippet) -> bool:
    return "def test_" in snippet.body and re.search(PACKAGE, snippet.body) is not None


def is_corpus(snippet: Snippet) -> bool:
    return "def corpus(" in snippet.body


def is_of_texts(snippet: Snippet) -> bool:
    return "import score" in snippet.body and "read_run" not in snippet.body


def is_engine(snippet: Snippet) -> bool:
    return "(Engine):" in snippet.body


def is_reader(snippet: Snippet) -> bool:
    return "def detects(" in snippet.body


IS_NO_SCRIPT = (is_test, is_of_a_package, is_corpus, is_of_texts, is_engine, is_reader)
SCRIPTS = [each for each in snippets("python") if not any(is_kind(each) for is_kind in IS_NO_SCRIPT)]


def test_every_snippet_is_of_a_checked_kind():
    """A language that no test here looks at would be documentation that nobody ran."""
    assert {snippet.language for snippet in snippets()} <= CHECKED | OUTPUT


def is_spoken(snippet: Snippet) -> bool:
    return any(f"({task}_" in snippet.body for task in ("tts", "conversation"))


TESTS = [each for each in snippets("python") if is_test(each)]


def module_of(snippet: Snippet) -> str:
    return "test_" + re.sub(r"\W+", "_", snippet.id)


def lines_of(project: Any, evals: list[Snippet], *options: str) -> list[str]:
    """What a run of all of these evals says of each test."""
    project.write(**{module_of(snippet): snippet.body for snippet in evals})
    result = project.run("--benchmark-disable", "-p", "no:cacheprovider", "-v", *options)
    assert result.ret == pytest.ExitCode.OK
    return result.outlines


@pytest.fixture(scope="module")
def tests_of_listening(listening_project: Callable[[], AbstractContextManager[Any]], results: Path) -> list[str]:
    with listening_project() as project:
        evals = [snippet for snippet in TESTS if not is_spoken(snippet)]
        return lines_of(project, evals, f"--asr-baseline={results / 'run.jsonl'}")


@pytest.fixture(scope="module")
def tests_of_speech(spoken_project: Callable[[], AbstractContextManager[Any]]) -> list[str]:
    with spoken_project() as project:
        return lines_of(project, [snippet for snippet in TESTS if is_spoken(snippet)])


@pytest.mark.parametrize("snippet", [each for each in snippets("python") if is_of_a_package(each)], ids=SNIPPET_ID)
def test_tests_of_packages_pass(snippet: Snippet, tmp_path: Path, forked: None):
    """The documented tests of a reader or an engine pass with the one that the page defines first."""
    module = next(each for each in snippets("python") if each.page == snippet.page)
    name = next(iter(re.findall(PACKAGE, snippet.body)))
    (tmp_path / f"{name}.py").write_text(module.body, encoding="utf-8")
    (tmp_path / "test_package.py").write_text(snippet.body, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]

    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == pytest.ExitCode.OK, result.stdout


@pytest.mark.parametrize("snippet", TESTS, ids=SNIPPET_ID)
def test_test_files_pass(snippet: Snippet, request: pytest.FixtureRequest):
    """A documented eval passes with a real engine on real clips, or on a real prompt and dialogue."""
    lines = request.getfixturevalue("tests_of_speech" if is_spoken(snippet) else "tests_of_listening")
    outcomes = [line.split()[1] for line in lines if line.startswith(f"{module_of(snippet)}.py::")]
    assert "PASSED" in outcomes
    assert {"FAILED", "ERROR"}.isdisjoint(outcomes)


@pytest.mark.parametrize("snippet", SCRIPTS, ids=SNIPPET_ID)
def test_scripts_run(
    snippet: Snippet, results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A documented script runs beside the files of a real run, and prints the model's figures."""
    monkeypatch.chdir(results)
    exec(compile(snippet.body, snippet.id, "exec"), {})
    assert "pocketsphinx-en-us" in capsys.readouterr().out


@pytest.mark.parametrize("snippet", [each for each in snippets("python") if is_engine(each)], ids=SNIPPET_ID)
def test_engines_transcribe(snippet: Snippet):
    """A documented engine has all of its options, and transcribes or speaks if the page shows how."""
    names: dict[str, Any] = {}
    exec(compile(snippet.body, snippet.id, "exec"), names)
    adapter = next(each for name, each in names.items() if name != "Engine" and name.endswith("Engine"))()
    task = adapter.tasks[0]
    weights = {"asr": "hello", "tts": "440"}[task]
    spec = ModelSpec(id="mine", engine="mine", weights=weights, tasks=(task,), task=task)
    assert options_of(adapter.options, spec)
    if not missing_methods(type(adapter), ["load"]):
        loaded: Any = load(adapter, spec, "cpu")
        if task == "asr":
            assert loaded.transcribe(None, "en").text == "hello"
        else:
            assert sum(map(len, loaded.speak("hello", None, "en"))) == 5 * 1600


@pytest.mark.parametrize("snippet", [each for each in snippets("python") if is_of_texts(each)], ids=SNIPPET_ID)
def test_scripts_on_texts_run(snippet: Snippet, capsys: pytest.CaptureFixture[str]):
    """A documented script that scores two texts runs, and says what it asserts or prints."""
    exec(compile(snippet.body, snippet.id, "exec"), {})
    assert "assert" in snippet.body or "substitution $5 $6" in capsys.readouterr().out


@pytest.mark.parametrize("snippet", snippets("toml"), ids=SNIPPET_ID)
def test_configuration_is_valid(snippet: Snippet, tmp_path: Path):
    """A documented configuration is accepted as a user would get it: settings, registry, entry points."""
    document = tomllib.loads(snippet.body)
    tool = document.get("tool", {})
    settings = validated(tool.get("asrlab", {}), source=snippet.id)
    registry_of(settings, tmp_path).select(settings.model)
    assert not [key for key in tool.get("pytest", {}) if key.startswith("asr")]
    groups = {ENTRY_POINT_GROUP, reader.ENTRY_POINT_GROUP, plugged.ENTRY_POINT_GROUP}
    assert set(document.get("project", {}).get("entry-points", {})) <= groups
    assert set(document) <= {"tool", "project", "build-system"}
    assert set(tool) <= {"asrlab", "pytest"}


@pytest.mark.parametrize("snippet", [each for each in snippets("python") if is_corpus(each)], ids=SNIPPET_ID)
def test_corpus_functions_list_clips(snippet: Snippet, tmp_path: Path):
    """A documented corpus in code is one that can be read."""
    (tmp_path / "corpora.py").write_text(snippet.body, encoding="utf-8")
    assert open_corpus("corpora.py:corpus", {}, tmp_path).samples


@pytest.mark.parametrize("snippet", [each for each in snippets("python") if is_reader(each)], ids=SNIPPET_ID)
def test_corpus_readers_read(snippet: Snippet, tmp_path: Path):
    """A documented reader knows its files, lists their clips, and says where a line is wrong."""
    names: dict[str, Any] = {}
    exec(compile(snippet.body, snippet.id, "exec"), names)
    pairs = names["PairsReader"]()
    (listing := tmp_path / "calls.pairs").write_text("a.wav|Let us begin.\n", encoding="utf-8")
    assert (pairs.detects(listing), pairs.detects(tmp_path)) == (True, False)
    (clip,) = pairs.read(listing, CorpusTable(path=str(listing))).samples
    assert (clip.audio, clip.text) == (tmp_path / "a.wav", "Let us begin.")
    assert "separator" in pairs.option_keys
    listing.write_text("a.wav;Let us begin.\n", encoding="utf-8")
    (clip,) = pairs.read(listing, CorpusTable(path=str(listing), options={"separator": ";"})).samples
    assert clip.text == "Let us begin."
    listing.write_text("a.wav\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"calls.pairs:1: no \|"):
        pairs.read(listing, CorpusTable(path=str(listing)))


@pytest.mark.parametrize("snippet", snippets("jsonl"), ids=SNIPPET_ID)
def test_lines_are_valid(snippet: Snippet, tmp_path: Path):
    """Documented lines are accepted by the reader of dialogues, of transcripts, of prompts or of manifests."""
    lines = tmp_path / "lines.jsonl"
    lines.write_text(snippet.body, encoding="utf-8")
    if '"turns"' in snippet.body:
        found: Sized = read_dialogues(lines).samples
    elif '"hypothesis"' in snippet.body:
        found = Rows(lines, "jsonl", Columns()).utterances()
    elif '"audio"' in snippet.body:
        found = read_manifest(lines).samples
    else:
        found = read_prompts(lines).samples
    assert len(found) == len(snippet.body.splitlines())


def commands(snippet: Snippet) -> list[str]:
    """The command lines of a shell snippet, or of the steps of a workflow."""
    if snippet.language == "sh":
        lines = [line for line in snippet.body.splitlines() if not line.startswith("#")]
        return [part.strip() for line in lines for part in line.split("&&") if part.strip()]
    workflow = yaml.safe_load(snippet.body)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [line for step in steps for line in step.get("run", "").splitlines()]


ALL_COMMANDS = [
    pytest.param(command, id=f"{snippet.id} {command}")
    for snippet in snippets("sh", "yaml")
    for command in commands(snippet)
]


@pytest.fixture(scope="session")
def known_options(pytestconfig: pytest.Config) -> set[str]:
    """The options of pytest with the plugins that a user has, too."""
    return {option for action in pytestconfig._parser.optparser._actions for option in action.option_strings}


OF_OTHERS = (
    *(["uv", "add"], ["uv", "sync"], ["uv", "build"], ["uv", "python"], ["python", "-m"], ["git", "clone"]),
    *(["ray", "start"], ["sbatch", "--wait"]),
)
"""How commands of other programs begin."""


def set_what_runs(parser: ArgumentParser, **defaults: Any) -> None:
    """Let a command do nothing, unless it is `asrlab protocol`, which needs no file."""
    if "run" in defaults and defaults["run"].__module__ != protocol.__name__:
        defaults["run"] = lambda options: 0
    parser._defaults |= defaults


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_commands_name_what_exists(command: str, known_options: set[str], monkeypatch: pytest.MonkeyPatch):
    """A documented command names options, subcommands, models and extras that exist."""
    words = shlex.split(command)
    extras = {extra for names in re.findall(r"asrlab-pytest\[([^\]]+)\]", command) for extra in names.split(",")}
    assert extras <= set(metadata("asrlab-pytest").get_all("Provides-Extra"))
    if "pytest" in words:
        arguments = words[words.index("pytest") + 1 :]
        given = [word for word in arguments if word.startswith("-")]
        assert {word.partition("=")[0] if word.startswith("--") else word[:2] for word in given} <= known_options
    elif "asrlab" in words:
        monkeypatch.setattr(ArgumentParser, "set_defaults", set_what_runs)
        assert main(words[words.index("asrlab") + 1 :]) == 0
    elif words[:2] == ["uv", "run"] and "python" in words:
        assert (ROOT / words[words.index("python") + 1]).is_file()
    else:
        assert words[:2] in OF_OTHERS, "not checked by anything"


def test_the_scorecard_of_the_readme_has_the_columns_of_today(results: Path):
    """The headings in the README are those that a run prints."""
    printed = (results / "printed.txt").read_text(encoding="utf-8").splitlines()
    shown = [line for snippet in snippets("text") if snippet.page == "README.md" for line in snippet.body.splitlines()]
    headings = [line for line in printed if line.startswith("model  ")]
    assert headings
    assert set(headings) <= set(shown)


def test_json_snippets_of_the_reference_run_are_plain_json(results: Path):
    """Every line of the record that the documentation's scripts read is one JSON object."""
    lines = (results / "run.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["environment", "observation", "observation", "end"]
