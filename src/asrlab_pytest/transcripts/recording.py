"""Makes a run of transcripts: the rows of a record, whose times and sizes nobody measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asrlab_pytest.records.observation import plain
from asrlab_pytest.records.reading import Run
from asrlab_pytest.scoring.rows import Row, Rules
from asrlab_pytest.settings import Settings
from asrlab_pytest.transcripts.matching import Transcripts
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance

NO_ENGINE = "none"
"""Engine, device and number format of what no engine has made here."""


def run_of(transcripts: Transcripts, settings: Settings, rules: Rules, root: Path) -> Run:
    """The transcripts as a run that finished.

    Args:
        transcripts: What was said and written.
        settings: By which they are scored.
        rules: Those that the settings say.
        root: The project's folder.
    """
    corpus = transcripts.references.name
    rows = [_row(model, said, written, corpus) for model, said, written in transcripts.pairs]
    models = [one.model for one in transcripts.answers]
    return Run(
        path=root,
        environment=_environment(transcripts, settings, rules, root),
        rows=rows,
        models={model: {"task": "asr", "status": "recorded"} for model in models},
        is_ended=True,
    )


def record_lines(run: Run) -> Iterator[Row]:
    """The lines of a record of this run."""
    assert run.environment is not None
    yield run.environment
    yield from run.rows
    yield {"kind": "end", "time": datetime.now(UTC).isoformat(timespec="seconds"), "models": run.models}


def _environment(transcripts: Transcripts, settings: Settings, rules: Rules, root: Path) -> dict[str, Any]:
    from asrlab_pytest.measure.environment import environment
    from asrlab_pytest.protocols.entities import signature
    from asrlab_pytest.records.schema import SCHEMA
    from asrlab_pytest.secrets import redacted

    references = transcripts.references
    said = references.by_id.values()
    chosen = (rules.normalizations.choose(one.language, one.normalization) for one in said)
    return {
        "kind": "environment",
        "schema": SCHEMA,
        **environment(root),
        "settings": redacted(plain(asdict(settings))),
        "corpus": {"name": references.name, "manifest_sha256": references.sha256},
        "protocols": {
            "normalization": sorted({one.signature for one in chosen}),
            "entities": sorted({signature(one.language, settings.entities) for one in said}),
        },
        "plan": {one.model: list(references.by_id) for one in transcripts.answers},
        "seeds": None,
    }


_UNMEASURED: Mapping[str, Any] = {
    "kind": "observation",
    "task": "asr",
    "engine": NO_ENGINE,
    "engine_version": "",
    "weights_sha256": None,
    "weights_revision": None,
    "device_requested": NO_ENGINE,
    "device": NO_ENGINE,
    "compute_type": NO_ENGINE,
    "settings": {},
    "profile": NO_ENGINE,
    "decoding": None,
    "load_s": None,
    "warmup_s": None,
    "pcm_sha256": None,
    "key": None,
    "repeat": 0,
    "order": "given",
    "recorded": False,
    "latencies_s": [],
    "cpu_s": [],
    "latency_s": None,
    "rtf": None,
    "cpu_percent": None,
    "peak_rss_bytes": None,
    "device_memory_bytes": None,
    "spoken": None,
}
"""What is the same in every row."""


def _row(model: str, said: Utterance, written: Hypothesis, corpus: str) -> dict[str, Any]:
    return {
        **_UNMEASURED,
        "model": model,
        "clip": said.id,
        "corpus": corpus,
        "group": said.group,
        "tags": list(said.tags),
        "language": said.language,
        "audio_s": said.seconds,
        "audio_sha256": said.audio_sha256,
        "reference": said.text,
        "reference_entities": plain(said.entities),
        "keywords": list(said.keywords),
        "clip_normalization": said.normalization,
        "quarantined": said.quarantined,
        "hypothesis": written.text,
        "transcript": {"text": written.text, "segments": [], "language": None},
    }
