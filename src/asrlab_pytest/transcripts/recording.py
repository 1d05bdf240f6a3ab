"""Makes a run from transcripts: observations without times or memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.observation import UNMEASURED, Observation
from asrlab_pytest.records.packed_names import PackedNames
from asrlab_pytest.records.record_file import FileLine, RecordFile
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.state import EndLine, ModelState
from asrlab_pytest.records.stored_rows import RowTable, StoredRows
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.provenance import scored_here
from asrlab_pytest.transcripts.matching import Transcripts
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance

_NO_VERSION = (0, 0)
"""Marks rows whose lines are not those of a record."""


def run_of(transcripts: Transcripts, settings: Settings, rules: Rules, root: Path, folder: Path) -> Run:
    """The transcripts as a run that finished.

    Args:
        transcripts: What was said and written.
        settings: By which they are scored.
        rules: Those that the settings say.
        root: The project's folder.
        folder: An empty folder for the observations, which is there as long as the run is read.
    """
    corpus = transcripts.references.name
    observations = (_observation(model, said, written, corpus) for model, said, written in transcripts.pairs)
    models = [answers.model for answers in transcripts.answers]
    return Run(
        path=root,
        environment=_environment(transcripts, settings, rules, root),
        observations=_on_disk(observations, folder / "observations"),
        models={model: ModelState(task="asr", status="recorded") for model in models},
        is_ended=True,
    )


def record_lines(run: Run) -> Iterator[Mapping[str, object]]:
    """The lines of a record of this run, as plain JSON."""
    assert run.environment is not None
    yield run.environment.as_json()
    yield from (observation.as_json() for observation in run.observations)
    yield EndLine.now(run.models).as_json()


class _PickledRows(RowTable):
    """Observations in a file that this process wrote: their texts need not be valid in a record."""

    def decoded(self, place: int) -> Observation:
        observation: Observation = pickle.loads(self.line(place))  # noqa: S301 - this process wrote it
        return observation


def _on_disk(observations: Iterable[Observation], path: Path) -> StoredRows:
    """The observations, written to a file from which they are read on demand."""
    with path.open("wb") as file:
        table = _PickledRows(RecordFile(path))
        start = 0
        for number, observation in enumerate(observations, start=1):
            content = pickle.dumps(observation)
            file.write(content)
            table.append(observation, FileLine(number, start, len(content), is_tail=False), _NO_VERSION)
            start += len(content)
    return StoredRows(table)


def _environment(transcripts: Transcripts, settings: Settings, rules: Rules, root: Path) -> Environment:
    references = transcripts.references
    said, names = references.by_id.values(), PackedNames(references.by_id)
    texts = {(utterance.language, utterance.normalization) for utterance in said}
    first_line = {
        **scored_here(root, settings, rules.normalizations, texts),
        "corpus": {"name": references.name, "manifest_sha256": references.sha256},
        "plan": None,
        "seeds": None,
    }
    plan = {answers.model: names for answers in transcripts.answers}
    return Environment.model_validate(first_line).model_copy(update={"plan": plan})


def _observation(model: str, said: Utterance, written: Hypothesis, corpus: str) -> Observation:
    return Observation(
        **UNMEASURED,
        model=model,
        task="asr",
        clip=said.id,
        corpus=corpus,
        group=said.group,
        tags=tuple(said.tags),
        language=said.language,
        audio_s=said.seconds,
        audio_sha256=said.audio_sha256,
        reference=said.text,
        reference_entities=said.entities,
        keywords=tuple(said.keywords),
        clip_normalization=said.normalization,
        quarantined=said.quarantined,
        hypothesis=written.text,
        transcript=Transcript(text=written.text, segments=(), language=None),
        spoken=None,
    )
