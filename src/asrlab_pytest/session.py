"""What the plugin remembers during one pytest session, and how it travels from xdist's workers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.options import resolve_settings

if TYPE_CHECKING:
    from asrlab_pytest.case import AsrCase
    from asrlab_pytest.errors import AsrlabError
    from asrlab_pytest.measure.handle import ModelHandle
    from asrlab_pytest.measure.observation import Observation
    from asrlab_pytest.suite import Suite


class Session:
    """State of one pytest session. Nothing in it is made before a test asks for an ASR fixture."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.error: AsrlabError | None = None
        """Why no case can be made; shown once, when everything is collected."""
        self.refusal: str | None = None
        """The same, in the words of a worker of xdist."""
        self.handles: dict[str, ModelHandle] = {}
        self.rows: list[dict[str, Any]] = []
        """Observations of this process or, under xdist, of all workers, as plain JSON."""
        self.models: dict[str, dict[str, Any]] = {}
        """Status and load times by model id, as plain JSON."""
        self.expected: set[str] = set()
        """Node ids of the ASR items that are to run."""
        self.reported: set[str] = set()
        """Node ids of all items that a report came for."""
        self.called = 0
        """ASR items whose test function ran."""
        self.notices: list[str] = []
        """Why the exit status is not 0 although no test failed."""
        self._cases: set[tuple[str, str]] = set()
        self._pending: list[dict[str, Any]] = []
        self._suite: Suite | None = None
        self._environment: dict[str, Any] | None = None
        self._record: Path | None = None

    @property
    def is_worker(self) -> bool:
        """Whether this is a worker of xdist, whose observations travel to the controller."""
        return hasattr(self.config, "workerinput")

    @property
    def is_looking(self) -> bool:
        """Whether the run only shows its tests or their fixtures, and runs none."""
        option = self.config.option
        return bool(option.collectonly or getattr(option, "setuponly", False))

    @property
    def suite(self) -> Suite:
        """The session's models and clips, resolved when first asked for.

        Raises:
            AsrlabError: an option, a table, the corpus or a model is wrong.
        """
        if self.error is not None:
            raise self.error
        if self._suite is None:
            from asrlab_pytest.suite import Suite

            settings, root = resolve_settings(self.config)
            self._suite = Suite(settings, root, named=self.config.getoption("asr_model") or ())
        return self._suite

    @property
    def environment(self) -> dict[str, Any]:
        """Machine, software and settings of the run, as plain JSON."""
        if self._environment is None:
            from dataclasses import asdict

            from asrlab_pytest.measure.environment import environment
            from asrlab_pytest.measure.observation import plain

            suite = self.suite
            self._environment = {
                **environment(suite.root),
                "settings": plain(asdict(suite.settings)),
                "corpus": {"name": suite.corpus.name, "manifest_sha256": suite.corpus.sha256},
            }
        return self._environment

    def start_record(self) -> None:
        """Begin the record that the settings ask for. The process that reports writes it."""
        if self._record is None and self.suite.settings.record is not None and not self.is_worker:
            from asrlab_pytest.store.record import start_record

            self._record = self.config.invocation_params.dir / self.suite.settings.record
            start_record(self._record, self.environment)

    def observed(self, observation: Observation) -> None:
        """Take in an observation as it is made: to the record at once, to the next report as plain JSON."""
        row = observation.as_json()
        if not self.is_worker:
            self._write(row)
        self._pending.append(row)

    def luggage(self, item: pytest.Item) -> dict[str, Any]:
        """What a report of this item carries to the process that reports, as plain JSON."""
        rows, self._pending = self._pending, []
        model_id = item.callspec.params.get("asr_model")  # type: ignore[attr-defined]
        return {"rows": rows, "models": {model_id: self._model_state(model_id)} if model_id else {}}

    def unpack(self, luggage: dict[str, Any]) -> None:
        """Take in what a report carried. Of a case that two workers transcribed, the first observation counts."""
        for row in luggage["rows"]:
            case = (row["model"], row["clip"])
            if case not in self._cases:
                self._cases.add(case)
                self.rows.append(row)
                if self.config.pluginmanager.hasplugin("dsession"):
                    self._write(row)
        for model_id, state in luggage["models"].items():
            self.models[model_id] = _joined(self.models[model_id], state) if model_id in self.models else state

    def _write(self, row: dict[str, Any]) -> None:
        from asrlab_pytest.store.record import append

        self.start_record()
        if self._record is not None:
            append(self._record, {"kind": "observation", **row})

    def _model_state(self, model_id: str) -> dict[str, Any]:
        status = self.suite.status(self.suite.registry[model_id])
        handle = self.handles.get(model_id)
        loaded = handle.loaded if handle else None
        failure = handle.load_error if handle else None
        return {
            "status": "broken" if failure else status.readiness.value,
            "reason": failure.problem if failure else status.reason,
            "mend": failure.mend if failure else status.mend,
            "load_s": loaded.load_s if loaded else None,
            "warmup_s": loaded.warmup_s if loaded else None,
            "self_check": [[clip, one.same_text, one.speedup] for clip, one in handle.self_checks.items()]
            if handle
            else [],
            "unread": {clip_id: error.problem for clip_id, error in handle.errors.items()} if handle else {},
        }


def _joined(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What two workers, or one at two times, know of a model."""
    told = old if old["status"] == "broken" else new
    return {
        **{key: told[key] for key in ("status", "reason", "mend")},
        **{key: old[key] if new[key] is None else new[key] for key in ("load_s", "warmup_s")},
        "self_check": list({check[0]: check for check in [*old["self_check"], *new["self_check"]]}.values()),
        "unread": {**old["unread"], **new["unread"]},
    }


SESSION: pytest.StashKey[Session] = pytest.StashKey()
CASE: pytest.StashKey[AsrCase] = pytest.StashKey()
