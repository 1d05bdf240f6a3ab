"""Whether the models of a run can run, and what is done about those that cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.contained import asked
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.hub import no_answer
from asrlab_pytest.models.licence import is_accepted
from asrlab_pytest.models.registry import is_glob
from asrlab_pytest.models.source import code_digest
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
from asrlab_pytest.models.status import is_mistake, model_status, pulled

if TYPE_CHECKING:
    from asrlab_pytest.settings import Settings
    from asrlab_pytest.tasks import Task


@dataclass(eq=False, repr=False)
class Statuses:
    """The status of each model, determined once."""

    settings: Settings
    named: Sequence[str] = ()
    """Model ids given on the command line, whose absence is an error."""
    recorded: bool = field(default=False, kw_only=True)
    """Whether the results of all models come from a record."""
    _by_model: dict[str, Status] = field(default_factory=dict, init=False)
    _of_judges: dict[str, Status] = field(default_factory=dict, init=False)

    def of(self, spec: ModelSpec) -> Status:
        """Status of a model under test, also of one that only a test's own parametrization names."""
        if spec.id not in self._by_model:
            self._by_model[spec.id] = Status(Readiness.RECORDED) if self.recorded else self._now(spec)
        return self._by_model[spec.id]

    def of_judge(self, spec: ModelSpec) -> Status:
        """Status of a model as the judge, on any device: `--asr-device` is meant for the models under test."""
        if spec.id not in self._of_judges:
            self._of_judges[spec.id] = model_status(spec, spec.device or "auto")
        return self._of_judges[spec.id]

    def is_named(self, spec: ModelSpec) -> bool:
        """Whether the model was chosen by its id on the command line."""
        return any(name in self.named and not is_glob(name) for name in spec.names)

    def can_fetch(self, spec: ModelSpec) -> bool:
        """Whether only the model's weights are missing, and a hub that has them is reachable."""
        url = self._download_url(spec)
        return url is not None and no_answer(url) is None

    def fetch(self, spec: ModelSpec) -> None:
        """Download the model's weights and determine its status again; a failure becomes the status."""
        self._of_judges.clear()
        try:
            pulled(spec)
        except ModelError as error:
            self._by_model[spec.id] = Status(Readiness.WEIGHTS_MISSING, error.problem, error.hint)
        else:
            self._by_model[spec.id] = self._now(spec)

    def note_unreachable(self, models: Iterable[ModelSpec]) -> None:
        """Add to the status of models without weights that no hub is reachable, if so."""
        for spec in models:
            url = self._download_url(spec)
            missing = None if url is None else no_answer(url)
            if missing is not None:
                status = self.of(spec)
                reason = f"{status.reason}, and {missing.problem}"
                self._by_model[spec.id] = replace(status, reason=reason)

    def refuse_missing(self, models: Iterable[ModelSpec], tasks: Collection[Task], *, narrowed: bool) -> None:
        """Fail before any test if a model that must run cannot, or if the table of a chosen one has a mistake.

        Args:
            models: The chosen models.
            tasks: Those of the run.
            narrowed: Whether tests were left out on purpose: mistakes of other tasks' models do not matter then.

        Raises:
            ModelError: there are such models.
        """
        refused = {
            f"model {spec.name}: {status}": status.hint
            for spec in models
            if not (status := self.of(spec)).is_ready
            and self._is_refused(spec, status, tasks, narrowed=narrowed)
            and not self.can_fetch(spec)
        }
        if refused:
            (problem, hint), *others = refused.items()
            raise ModelError(problem, hint=hint + "".join(f"\n{other}\n  hint: {its}" for other, its in others))

    def _is_refused(self, spec: ModelSpec, status: Status, tasks: Collection[Task], *, narrowed: bool) -> bool:
        if spec.task in tasks:
            return is_mistake(spec, status) or self._must_run(spec)
        # A task that the engine cannot do, and no test asks for, is listed beside one that it can.
        return not narrowed and status.readiness is not Readiness.UNSUPPORTED and is_mistake(spec, status)

    def _now(self, spec: ModelSpec) -> Status:
        status = model_status(spec, spec.device or self.settings.device)
        if status.is_ready:
            # Of the code that was imported just now, and not of what it has become when the model's turn comes.
            code_digest(spec.engine)
        return status

    def _must_run(self, spec: ModelSpec) -> bool:
        """Whether the model's absence is an error rather than a skip."""
        return self.is_named(spec) if self.settings.missing is None else self.settings.missing == "error"

    def _download_url(self, spec: ModelSpec) -> str | None:
        """Where the missing weights of a model may be fetched from."""
        if self.settings.download == "never" or self.of(spec).readiness is not Readiness.WEIGHTS_MISSING:
            return None
        if not is_accepted(spec):
            return None
        adapter = engine(spec.engine)
        try:
            return asked(spec.id, spec.engine, "where the weights are", lambda: adapter.download_url(spec))
        except ModelError as error:
            self._by_model[spec.id] = Status(Readiness.BROKEN, error.problem, error.hint)
            return None
