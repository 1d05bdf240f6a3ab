"""Runs the cases of a stored run again, without pytest, and compares the texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import AsrlabError, ClipError, ModelError
from asrlab_pytest.measure.handle import ModelHandle
from asrlab_pytest.measure.live import LiveModel
from asrlab_pytest.measure.observation import Observation
from asrlab_pytest.models.engine import engine
from asrlab_pytest.running.suite import Suite, registry_of
from asrlab_pytest.settings import Settings

if TYPE_CHECKING:
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.models.spec import ModelSpec

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case."""

    model: str
    clip: str
    then: str
    """The text of the record."""
    now: str | None
    """The text of this machine; None where there is none."""
    problem: str = ""
    """Why there is none."""

    @property
    def is_same(self) -> bool:
        return self.now == self.then


class Reproduction:
    """The cases of a stored run, to be transcribed anew on this machine.

    Args:
        rows: Observations of the record's first pass; of a case that stands there twice, the first counts.
        settings: Those of the record.
        root: The present project.
        listeners: Called with each observation as it is made.

    Raises:
        AsrlabError: the corpus or a table cannot be used here.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        settings: Settings,
        root: Path,
        listeners: Sequence[Callable[[Observation], None]] = (),
    ) -> None:
        cases = {(row["model"], row["clip"]): row for row in reversed(rows)}
        self.rows = list(reversed(cases.values()))
        ids = list(dict.fromkeys(row["model"] for row in self.rows))
        registry = registry_of(settings, root)
        known = tuple(model for model in ids if model in registry)
        # The record may be on a machine whose weights, hubs and clips are not these: nothing here is worth an error.
        self.suite = Suite(
            replace(
                settings,
                model=known,
                clip=(),
                missing="skip",
                download="never",
                reference=None,
                rescore=None,
                resume=False,
                record=None,
                store="",
                repeat=1,
                self_check=False,
                baseline=None,
                baseline_model=(),
                update_baseline=False,
            ),
            root,
        )
        self.handles = {spec.id: self._handle(spec, listeners) for spec in self.suite.models if spec.id in known}
        self._unknown = {model: _unknown(model, registry) for model in ids if model not in known}

    @property
    def plan(self) -> dict[str, list[str]]:
        """Ids of the clips that each model is to transcribe."""
        plan: dict[str, list[str]] = {}
        for row in self.rows:
            plan.setdefault(row["model"], []).append(row["clip"])
        return plan

    def weights(self) -> dict[str, tuple[str | None, str | None] | str]:
        """SHA-256 and revision of each model's weights or, where they are not here, why."""
        found: dict[str, tuple[str | None, str | None] | str] = dict(self._unknown)
        for model, handle in self.handles.items():
            try:
                weights = engine(handle.spec.engine).weights(handle.spec)
            except AsrlabError as error:
                found[model] = error.problem
            else:
                found[model] = (weights.sha256, weights.revision)
        return found

    def outcomes(self) -> Iterator[Outcome]:
        """Transcribe the cases, model by model, one at a time in memory."""
        for model in dict.fromkeys(row["model"] for row in self.rows):
            handle = self.handles.get(model)
            try:
                for row in self.rows:
                    if row["model"] == model:
                        yield self._outcome(row, handle)
            finally:
                if handle is not None:
                    handle.close()

    def _handle(self, spec: ModelSpec, listeners: Sequence[Callable[[Observation], None]]) -> ModelHandle:
        return ModelHandle(LiveModel(spec, self.suite.conditions), self.suite.clips, listeners)

    def _outcome(self, row: Row, handle: ModelHandle | None) -> Outcome:
        case = (row["model"], row["clip"], row["hypothesis"])
        try:
            if handle is None:
                raise ModelError(self._unknown[row["model"]])
            status = self.suite.status(handle.spec)
            if not status.is_ready:
                raise ModelError(f"{status}" + (f" (mend: {status.mend})" if status.mend else ""))
            clip = self._clip(row)
            return Outcome(*case, now=handle.observe(clip).hypothesis)
        except AsrlabError as error:
            return Outcome(*case, now=None, problem=error.problem)

    def _clip(self, row: Row) -> Clip:
        """The clip, if it is still the audio of the record."""
        clip = self.suite.corpus.by_id.get(row["clip"])
        if clip is None:
            raise ClipError(f"{self.suite.corpus.manifest} has no such clip")
        if not _same_audio(clip, row):
            raise ClipError(f"{clip.audio} holds other audio than the record's (sha256 {row['audio_sha256'][:12]}...)")
        return clip


def _same_audio(clip: Clip, row: Row) -> bool:
    """Whether a clip has the bytes of the record or, in another file format, its samples."""
    from asrlab_pytest.corpus.audio import load_audio

    with suppress(OSError):
        if hashlib.sha256(clip.audio.read_bytes()).hexdigest() == row["audio_sha256"]:
            return True
    return row["pcm_sha256"] is not None and load_audio(clip).pcm_sha256 == row["pcm_sha256"]


def _unknown(model: str, registry: Any) -> str:
    try:
        registry[model]
    except ModelError as error:
        return error.problem
    return ""
