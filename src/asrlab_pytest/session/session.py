"""What the plugin remembers during one pytest session, and how it travels from xdist's workers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.measure.machine import load_average
from asrlab_pytest.options import resolve_settings
from asrlab_pytest.session.cards import Cards
from asrlab_pytest.session.ledger import Failed, Ledger
from asrlab_pytest.session.narrowing import Narrowing
from asrlab_pytest.session.planned import Planned
from asrlab_pytest.session.signals import undisturbed
from asrlab_pytest.suite.paths import output_file

if TYPE_CHECKING:
    from asrlab_pytest.audit.findings import Audit
    from asrlab_pytest.errors import AsrlabError
    from asrlab_pytest.records.environment import Environment
    from asrlab_pytest.records.failure import Failure
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.recorder import Recorder
    from asrlab_pytest.records.state import ModelState, RunVerdict
    from asrlab_pytest.records.store import Store
    from asrlab_pytest.report.markdown import RunReport
    from asrlab_pytest.report.scorecard import Scorecard
    from asrlab_pytest.scoring.scorer import Scorer
    from asrlab_pytest.session.ledger import Payload
    from asrlab_pytest.session.verdicts import Verdicts
    from asrlab_pytest.suite.sources import Sources
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


_LOOKING = ("collectonly", "setuponly", "showfixtures", "show_fixtures_per_test")
"""Options of pytest with which it shows something, and runs no test."""


class Session:
    """State of one pytest session, begun when a test that evaluates something is collected."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.is_worker = hasattr(config, "workerinput")
        """Whether this is a worker of xdist, whose observations travel to the controller."""
        self.narrowing = Narrowing(config)
        self.started = datetime.now(UTC)
        self.error: AsrlabError | None = None
        """Why no case can be made; shown once, when everything is collected."""
        self.refusal: str | None = None
        """The same, in the words of a worker of xdist."""
        self.planned = Planned()
        self.expected: set[str] = set()
        """Node ids of the ASR items that are to run."""
        self.collected_tasks: set[Task] = set()
        """What the tests that this process collected evaluate."""
        self.left_out: set[str] = set()
        """Ids of models without a case for a clip that they are not meant for."""
        self.deselected: set[pytest.Item] = set()
        """Tests of models that were left out in words."""
        self.dropped: list[str] = []
        """Node ids of tests of models that were taken out of the list without a word."""
        self.reported: set[str] = set()
        """Node ids of all items that a report came for."""
        self.is_audited = False
        """Whether a test of the run asks for the audit, so that it comes before all models."""
        self.unserved: set[Task] = set()
        """What tests of this process are to evaluate that no chosen model does."""
        self.called = 0
        """ASR items whose test function ran."""
        self.is_broken_off = False
        """Whether the run was interrupted, or pytest failed."""
        self.notices: list[str] = []
        """Why the exit status is not 0 although no test failed."""
        self.warnings: list[str] = []
        """What the run warns of, other than its gates."""
        self.verdict: RunVerdict | None = None
        """What the run was judged; None until it is, and if nothing is to be judged."""
        self.report: RunReport | None = None
        """What a pull request sees of the run, where it sees any."""
        self.written: list[str] = []
        """Files that the run wrote at its end, in words."""
        self.skips: dict[str, tuple[str, int | None]] = {}
        """Where the first test was skipped for a reason, by the reason."""
        self.load_at_start = load_average()
        self.ledger = Ledger()
        """The results of the run."""
        self.guards = ExitStack()
        """What holds until pytest ends, such as that no code of an engine ends the process as if all were well."""
        self.is_set_aside = False
        """Whether what lasts as long as the run is kept from the garbage collector."""
        self._suite: Suite | None = None

    @property
    def worker(self) -> int | None:
        """The number of this worker of xdist; None if it is not one."""
        return int(self.config.workerinput["workerid"].removeprefix("gw")) if self.is_worker else None  # type: ignore[attr-defined]

    @property
    def is_first(self) -> bool:
        """Whether no other process of the run collects the same tests before this one."""
        return not self.is_worker or getattr(self.config, "workerinput", {}).get("workerid") == "gw0"

    @cached_property
    def is_controller(self) -> bool:
        """Whether this process runs no test itself, but gets their reports from workers of xdist."""
        return self.config.pluginmanager.hasplugin("dsession")

    @property
    def is_looking(self) -> bool:
        """Whether the run only shows its tests or their fixtures, and runs none."""
        option = self.config.option
        return any(getattr(option, name, False) for name in _LOOKING)

    @property
    def suite(self) -> Suite:
        """The session's models and clips, resolved when first asked for.

        Raises:
            AsrlabError: an option, a table, the corpus or a model is wrong.
        """
        if self.error is not None:
            raise self.error
        if self._suite is None:
            from asrlab_pytest.models.gpus import choose_gpu
            from asrlab_pytest.suite.suite import Suite

            settings, root = resolve_settings(self.config)
            choose_gpu(settings.gpu, self.worker)
            named = self.config.getoption("asr_model") or ()
            self._suite = Suite(settings, root, named=named, excluded=self.ledger.excluded)
            self._refuse_unusable_store()
        return self._suite

    def _refuse_unusable_store(self) -> None:
        """Look into the store before any test runs, where a resumed run will ask it."""
        if self.suite.settings.resume and self.store is not None:
            from asrlab_pytest.session.files import refuse_tracked

            refuse_tracked(self.store.folder)
            self.store.index  # noqa: B018

    @property
    def tasks(self) -> set[Task]:
        """What the tests of the run evaluate, as far as this process knows."""
        models = {*self.ledger.models, *(self.planned.by_model or ())}
        return self.collected_tasks | {self.suite.registry[model].task for model in models}

    @property
    def states(self) -> dict[str, ModelState]:
        """Status and load times of every model of the run, in its order, as the scorecard shows them."""
        observed = {observation.model for observation in self.ledger.observations}
        return self.ledger.states(self.suite.states(self.ledger.models, observed), in_parallel=self.is_controller)

    @cached_property
    def cards(self) -> Cards:
        """The scorecards of the finished run; none if a text cannot be scored, which a notice reports."""
        from asrlab_pytest.errors import AsrlabError
        from asrlab_pytest.report.slices import sliced
        from asrlab_pytest.report.spoken_card import spoken_cards

        suite, ledger, states = self.suite, self.ledger, self.states
        untimed = [model for model, state in states.items() if state.untimed]
        try:
            asr = self._scorecard(states) if "asr" in self.tasks else None
            spoken = spoken_cards(ledger.observations, states, rules=suite.rules)
            return Cards(asr, spoken, sliced(ledger.of_task("asr"), self.scorer, suite.settings.slice, untimed))
        except AsrlabError as error:
            self.notices.append(f"no scorecard: {error}")
            return Cards(None, (), {})

    def _scorecard(self, states: Mapping[str, ModelState]) -> Scorecard:
        from asrlab_pytest.report.scorecard import scorecard

        suite = self.suite
        card = scorecard(
            self.ledger.of_task("asr"),
            {model: state for model, state in states.items() if suite.registry[model].task == "asr"},
            rules=suite.rules,
            corpus=suite.corpus.name,
            reference=suite.settings.reference,
            gates=suite.settings.gates,
            scorer=self.scorer,
        )
        # Where no model transcribed anything, the failures say why.
        is_of_any = suite.recording is not None or self.ledger.observations
        return replace(card, incomplete=tuple(self.incomplete if is_of_any else ()), excluded=tuple(suite.excluded))

    @cached_property
    def incomplete(self) -> list[str]:
        """What is missing from the run, or from the record that it scores, in sentences."""
        from asrlab_pytest.records.cover import incomplete
        from asrlab_pytest.records.run import Run

        run = self.suite.recording or Run(
            path=Path(),
            environment=self.environment,
            observations=self.ledger.observations,
            failures=self.failures,
            is_ended=not (self.is_broken_off or self.lost),
        )
        return incomplete(run)

    @cached_property
    def scorer(self) -> Scorer:
        """Scores the run for its scorecard and for the HTML report, which shows the alignments."""
        from asrlab_pytest.scoring.scorer import Scorer

        return Scorer(self.suite.rules, with_alignments=self.html is not None)

    @property
    def lost(self) -> set[str]:
        """Node ids of the tests that no report came for."""
        return self.expected - self.reported

    @cached_property
    def audit(self) -> Audit:
        """What is wrong with the chosen clips. From here on, errors are excluded and suspect clips set apart.

        Raises:
            AsrlabError: the store cannot be read.
        """
        from asrlab_pytest.session.auditing import audited

        audit = audited(self.config, self.suite, self.store, self.witnessed, self.start_record, self.failed)
        self.suite.set_aside(audit)
        self.ledger.is_audited = True
        self.ledger.unheard += audit.unheard
        return audit

    @cached_property
    def witnessed(self) -> Recorder:
        """Stores the transcripts of witnesses in a separate file: the plan of the run is not yet known."""
        from asrlab_pytest.records.recorder import Recorder
        from asrlab_pytest.suite.provenance import run_environment

        return Recorder(lambda: run_environment(self.suite, None, self.tasks), self.store)

    @cached_property
    def environment(self) -> Environment:
        """Machine, software and settings of the run."""
        from asrlab_pytest.suite.provenance import run_environment

        return run_environment(self.suite, self.planned.by_model, self.tasks)

    @cached_property
    def store(self) -> Store | None:
        """The project's store; None if none is wanted."""
        from asrlab_pytest.records.store import Store
        from asrlab_pytest.suite.paths import store_folder

        folder = store_folder(self.suite.settings, self.suite.root)
        if folder is None:
            return None
        return Store(folder, run=self._shared_run) if self.is_worker else Store(folder)

    @property
    def _shared_run(self) -> str:
        """The run that a worker of xdist is part of, as the names of records in the store have it."""
        return f"{os.getppid()}-{self.config.workerinput['testrunuid'][:8]}"  # type: ignore[attr-defined]

    @cached_property
    def recorder(self) -> Recorder:
        """Keeps the observations on disk: those made here in the store, those of the whole run in the record."""
        from asrlab_pytest.records.recorder import Recorder

        return Recorder(lambda: self.environment, self.store)

    def start_record(self) -> None:
        """Begin the record that the settings ask for. The process that reports writes it."""
        asked = self.suite.settings.record
        if asked is not None and not self.is_worker:
            self.recorder.start_record(output_file(asked, self.config.invocation_params.dir))

    @property
    def markdown(self) -> Path | None:
        """The Markdown file that the process which reports is to write."""
        return self._written(self.suite.settings.markdown)

    @property
    def html(self) -> Path | None:
        """The HTML report, in the process that writes it."""
        return self._written(self.suite.settings.report)

    def _written(self, asked: str | None) -> Path | None:
        return None if asked is None or self.is_worker else output_file(asked, self.config.invocation_params.dir)

    @cached_property
    def sources(self) -> Sources:
        """Where observations come from. Without models of this process nothing asks for it."""
        from asrlab_pytest.session.hanging import tell_of_ends
        from asrlab_pytest.suite.sources import Sources

        tell_of_ends(self.config, self.failed)
        return Sources(self.suite, self.store, [self.observed], since=self.started if self.is_worker else None)

    @cached_property
    def verdicts(self) -> Verdicts:
        """What the accuracy gate says of the models."""
        from asrlab_pytest.session.verdicts import Verdicts

        return Verdicts(self.suite, self.ledger, self.sources, self.narrowing)

    def observed(self, observation: Observation) -> None:
        """Add an observation as it is made: to the disk at once, and to the next report."""
        with undisturbed():
            self.recorder.to_store(observation)
            if not self.is_worker:
                self.start_record()
                self.recorder.to_record(observation)
            self.ledger.observed(observation)

    def payload(self, model_id: str) -> Payload:
        """What a report of a test of this model carries to the process that reports."""
        of_the_store = self.recorder.remarks if self.is_worker else []
        return self.ledger.payload(model_id, self.sources.state, [*self.sources.remarks, *of_the_store])

    def merge(self, payload: Payload) -> None:
        """Add what a report carried, and write what is new to disk if no worker has."""
        has_news = payload["observations"] or payload["models"] or payload["gates"] or payload["times"]
        # Most reports have none, and to take both signals takes longer than all else that is done with a report.
        with undisturbed() if has_news or payload["memory"] else nullcontext():
            news = self.ledger.merge(payload)
            if self.is_controller:
                for observation in news.observations:
                    self.start_record()
                    self.recorder.to_record(observation)
            for failed in news.failures:
                self._write_failure(failed)

    @property
    def remarks(self) -> list[str]:
        """What is not scored in a record, settings without effect, and failures of the store, in words."""
        from asrlab_pytest.suite.judging import not_spoken
        from asrlab_pytest.suite.mistakes import unmeant
        from asrlab_pytest.suite.recorded_cover import uncovered, untranscribed

        suite, tasks = self.suite, self.tasks
        remarks = [*uncovered(suite, tasks), *unmeant(suite, tasks), *not_spoken(suite, tasks), *self.ledger.remarks]
        remarks += untranscribed(suite, tasks, self.unserved) if suite.settings.partial else []
        remarks += self.ledger.of_options(suite.settings)
        remarks += filter(None, [self.ledger.judgements.unbounded, *self.ledger.judgements.unmeasured])
        if "recorder" not in self.__dict__:
            return remarks
        damages = self.store.damages if self.store else []
        recording = self.recorder.remarks or (self.witnessed.remarks if "witnessed" in self.__dict__ else [])
        return [*remarks, *recording, *(f"{path}: {damage}: transcribed again" for path, damage in damages)]

    def end(self) -> None:
        """Write what waits for a disk, and the last line where every test that was to run has reported, once."""
        if "recorder" in self.__dict__ and not self.recorder.is_ended:
            is_whole = self.is_worker or not (self.lost or self.planned.is_unknown)
            self.recorder.end((self.states if self.ledger.models else {}) if is_whole else None, self.verdict)

    @property
    def has_results(self) -> bool:
        """Whether any case was observed or failed, so that a file of the run is a record."""
        return bool(self.ledger.observations or self.ledger.failures)

    @property
    def failures(self) -> list[Failure]:
        """The clips that gave no observation, as a record has them."""
        return [self._failure(Failed(*case, problem)) for case, problem in self.ledger.failures.items()]

    def _failure(self, failed: Failed) -> Failure:
        from asrlab_pytest.records.failure import Failure

        return Failure(task=self.suite.registry[failed.model].task, **failed._asdict())

    def shared(self, value: Any) -> Any:
        """Plain JSON as others may see it, without the names of the machine's folders."""
        from asrlab_pytest.records.private import without_folder, without_home

        return without_home(without_folder(value, self.config.rootpath))

    def failed(self, failed: Failed) -> None:
        """Take in that a clip gave no observation: to the disk at once."""
        if self.ledger.failed(failed):
            self._write_failure(failed)

    def _write_failure(self, failed: Failed) -> None:
        failure = self._failure(failed)
        self.start_record()
        self.recorder.to_record(failure)
        if not self.is_controller:
            self.recorder.to_store(failure)
