from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from doc_pages import DOCS, ROOT, first_column

import asrlab_pytest
from asrlab_pytest.audit.findings import CHECKS
from asrlab_pytest.cases.audit import AsrAudit
from asrlab_pytest.cases.case import AsrCase
from asrlab_pytest.cases.corpus import AsrCorpus
from asrlab_pytest.cases.gate import AsrRegression
from asrlab_pytest.cases.speed_gate import AsrSpeed
from asrlab_pytest.cases.spoken import ConversationCase, TtsCase
from asrlab_pytest.cases.spoken_corpus import ConversationCorpus, TtsCorpus
from asrlab_pytest.corpus.dialogues import DialogueLine, TurnLine
from asrlab_pytest.corpus.fact import Fact
from asrlab_pytest.corpus.manifest import ManifestLine
from asrlab_pytest.corpus.prompts import PromptLine
from asrlab_pytest.corpus.reader import CorpusReader, reader_names
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.gates.bounds import TIMES
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.models.engine import (
    DialogueAgent,
    Engine,
    Loaded,
    Recognizer,
    Synthesizer,
    engine,
    engine_names,
    entry_point,
)
from asrlab_pytest.models.profile import PROFILES, Profile
from asrlab_pytest.models.spec import ModelSpec, Readiness
from asrlab_pytest.options import OPTIONS
from asrlab_pytest.records.baseline_lines import TextLine
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.spoken import Hearer, SpeechSound, Spoken, SpokenTurn, Utterance
from asrlab_pytest.records.state import EndLine
from asrlab_pytest.settings import GateSettings, KnownFailure, Settings
from asrlab_pytest.sound.faults import Kind
from asrlab_pytest.tasks import LABELS
from asrlab_pytest.thresholds import OF_TASK, DialogueThresholds, SpeechThresholds, Thresholds

FAMILIES = ("asr_", "tts_", "conversation_")
"""What the names of fixtures begin with."""


def names(dataclass: type, *, without: set[str] = frozenset()) -> list[str]:
    return sorted({field.name for field in fields(dataclass)} - without)


def test_every_option_stands_in_the_reference():
    """The table of options has every option, in the order of `pytest --help`."""
    flags = [f"--asr-{option.name.replace('_', '-')}" for option in OPTIONS]
    assert first_column("configuration.md", "Options") == flags


@pytest.mark.parametrize(
    ("page", "heading", "keys"),
    [
        ("configuration.md", "Keys of `[tool.asrlab]`", names(Settings)),
        ("configuration.md", "Thresholds", names(Thresholds)),
        ("configuration.md", "Thresholds of speech synthesis", names(SpeechThresholds)),
        ("configuration.md", "Thresholds of conversation", names(DialogueThresholds)),
        ("configuration.md", "Gates", names(GateSettings)),
        ("configuration.md", "Known failures", names(KnownFailure)),
        ("configuration.md", "Corpora", names(CorpusTable)),
        ("manifest.md", "Keys", names(ManifestLine)),
        ("prompts-and-dialogues.md", "Prompts", names(PromptLine)),
        ("prompts-and-dialogues.md", "Dialogues", names(DialogueLine)),
        ("prompts-and-dialogues.md", "Turns", names(TurnLine)),
        ("prompts-and-dialogues.md", "Facts", names(Fact)),
        ("audit.md", "Checks", sorted(CHECKS)),
        ("corpora.md", "Formats", sorted(reader_names())),
        ("gates.md", "Text", names(TextLine)),
        ("output.md", "Spoken", names(Spoken)),
        ("output.md", "Hearer", names(Hearer)),
        ("output.md", "Utterance", names(Utterance)),
        ("output.md", "Turn", names(SpokenTurn)),
        ("output.md", "Sound", names(SpeechSound)),
        ("output.md", "Faults of speech", sorted(get_args(Kind))),
        ("models.md", "Status", sorted(status.value for status in Readiness)),
        ("models.md", "Decoding profiles", sorted([*PROFILES, *names(Profile, without={"name"})])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_key_stands_in_the_reference(page: str, heading: str, keys: list[str]):
    """A table of keys has those of the code, and no other."""
    assert sorted(first_column(page, heading)) == keys


def test_the_action_stands_in_the_reference():
    """The tables of the GitHub action have its inputs with their defaults, and its outputs, in order."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    page = (DOCS / "reference/github-action.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| `?([^|`]*)`? \| [^|]+ \|$", page, re.MULTILINE)
    defaults = {name: str(one["default"]).strip("${} ") or "empty" for name, one in action["inputs"].items()}
    assert dict(rows) == defaults
    assert first_column("github-action.md", "Outputs") == list(action["outputs"])


def test_every_model_key_stands_in_the_reference():
    """The table of model keys has those of `ModelSpec`.

    `task` is none of them: the registry sets it, and a table states `tasks`.
    """
    assert set(first_column("models.md", "Keys")) == set(names(ModelSpec, without={"id", "task"}))


def test_every_engine_stands_in_the_reference():
    """The table of engines has those that ship with the package, each with its devices and its extra."""
    own = [engine(name) for name in engine_names() if entry_point(name).module.startswith("asrlab_pytest.")]
    page = (DOCS / "reference/models.md").read_text(encoding="utf-8")
    section = page.partition("## Engines\n")[2].partition("## ")[0]
    rows = {row.split("`")[1]: row for row in section.splitlines() if row.startswith("| `")}
    assert set(rows) == {each.name for each in own}
    for each in own:
        *_, devices, extra, _ = rows[each.name].split("|")
        assert devices.strip() == ", ".join(each.devices)
        needed = re.findall(r"asrlab-pytest\[(.*)\]", each.install)
        assert not needed or extra.strip().startswith(f"`{needed[0]}`")


@pytest.mark.parametrize(
    ("heading", "protocol"),
    [
        ("Engine", Engine),
        ("Loaded", Loaded),
        ("Recognizer", Recognizer),
        ("Synthesizer", Synthesizer),
        ("DialogueAgent", DialogueAgent),
        ("Readers", CorpusReader),
    ],
)
def test_every_member_of_the_protocol_stands_in_the_reference(heading: str, protocol: type):
    """The tables of the protocols have their members, and no other."""
    page = "corpora.md" if protocol is CorpusReader else "engine-protocol.md"
    documented = {name.partition("(")[0] for name in first_column(page, heading)}
    members = {*vars(protocol), *protocol.__annotations__}
    assert documented == {name for name in members if not name.startswith("_")}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("`asr_case`", AsrCase),
        ("`asr_corpus`", AsrCorpus),
        ("`tts_case`", TtsCase),
        ("`tts_corpus`", TtsCorpus),
        ("`conversation_case`", ConversationCase),
        ("`conversation_corpus`", ConversationCorpus),
        ("`asr_speed`", AsrSpeed),
        ("`asr_model`", ModelHandle),
        ("`asr_regression`", AsrRegression),
        ("`asr_audit`", AsrAudit),
    ],
)
def test_the_members_of_the_fixtures_exist(heading: str, kind: type):
    """What the reference says of a fixture's value is there."""
    for member in first_column("fixtures.md", heading):
        name = member.partition("(")[0]
        attributes = {*dir(kind), *kind.__init__.__code__.co_names, *kind.__init__.__code__.co_varnames}
        assert name in attributes


def test_every_public_name_stands_in_the_reference():
    """The names that the reference says can be imported are those that the package exports."""
    text = (DOCS / "reference/fixtures.md").read_text(encoding="utf-8").partition("## Names to import")[2]
    exported = text.partition(" exports ")[2].partition(". ")[0]
    assert set(re.findall(r"`(\w+)`", exported)) == set(asrlab_pytest.__all__)


def test_every_fixture_stands_in_the_reference(project: Any):
    """The table of fixtures has those that `pytest --fixtures` lists, and no other."""
    listed = {line.split()[0] for line in project.run("--fixtures").outlines if line.startswith(FAMILIES)}
    assert set(first_column("fixtures.md", "Fixtures")) == listed


def test_every_key_of_the_json_stands_in_the_reference(results: Path):
    """The keys of `extra_info["asr"]` in a real file are those of the reference."""
    benchmarks = json.loads((results / "results.json").read_text(encoding="utf-8"))["benchmarks"]
    assert set(benchmarks[0]["extra_info"]["asr"]) == set(first_column("output.md", '`extra_info["asr"]`'))


def test_every_key_of_the_json_of_speech_stands_in_the_reference(spoken_results: Path):
    """The keys that a case of TTS or conversation has besides, in a real file, are those of the reference."""
    benchmarks = json.loads((spoken_results / "results.json").read_text(encoding="utf-8"))["benchmarks"]
    keys = {key for one in benchmarks for key in one["extra_info"]["asr"]}
    common = set(first_column("output.md", '`extra_info["asr"]`'))
    assert keys - common == set(first_column("output.md", "Keys of speech"))
    assert {one["extra_info"]["asr"]["task"] for one in benchmarks} == {"tts", "conversation"}


def test_every_key_of_the_record_stands_in_the_reference(results: Path):
    """The keys of the lines of a real record are those of the reference."""
    lines = [json.loads(line) for line in (results / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    keys = {field.alias or name for name, field in Environment.model_fields.items()}
    assert (
        set(lines[0]) | {"prompts", "dialogues", "cluster", "excluded"}
        == set(first_column("output.md", "Record"))
        == keys - {"parts", "planned"}
    )
    scores = {"wer", "cer", "counts", "normalization", "loop", "entities", "outcome"}
    assert set(lines[1]) == set(first_column("output.md", '`extra_info["asr"]`')) - scores | {"kind", "transcript"}
    assert set(lines[-1]) == set(EndLine.model_fields) == set(first_column("output.md", "End")[:4])
    assert set(names(Failure)) == set(first_column("output.md", "Failure"))


def test_every_column_of_the_scorecard_stands_in_the_reference(results: Path):
    """The headings that a run prints are those of the reference, in their order."""
    printed = (results / "printed.txt").read_text(encoding="utf-8").splitlines()
    headings = [line for line in printed if line.startswith("model  ")]
    columns = first_column("output.md", "Scorecard")
    assert "".join("".join(headings).split()) == "".join("".join(columns).split())


@pytest.mark.parametrize("task", ["tts", "conversation"])
def test_every_column_of_the_scorecard_of_speech_stands_in_the_reference(task: str, spoken_results: Path):
    """The headings that a run of TTS or conversation prints are those of the reference, in their order."""
    printed = (spoken_results / "printed.txt").read_text(encoding="utf-8")
    section = printed.partition(f" asrlab {LABELS[task]} ")[2]
    heading = next(line for line in section.splitlines() if line.startswith("model  "))
    assert "".join(heading.split()) == "".join(
        "".join(first_column("output.md", f"Scorecard of {LABELS[task]}")).split()
    )


def test_what_a_known_failure_covers():
    """The guide to known failures lists every metric that a declaration covers, task by task, and the times."""
    page = (DOCS / "how-to" / "declare-a-known-failure.md").read_text(encoding="utf-8")
    for task, thresholds in OF_TASK.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {LABELS[task]} |")]
        assert {*re.findall(r"`(\w+)`", row)} == {*thresholds.metrics()} - TIMES
    (last,) = [line for line in page.splitlines() if line.startswith("A missed threshold on")]
    assert {*re.findall(r"`(\w+)`", last)} == TIMES
