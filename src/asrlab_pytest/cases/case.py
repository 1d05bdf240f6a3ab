"""One model × one clip, as the person who writes an eval sees it, and what every kind of case has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cached_property, wraps
from typing import Any, ClassVar, Concatenate, Self, TypeVar, cast

import pytest

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.gates.bounds import TIMES, Bound, Layer, ThresholdExceeded, Violation, applicable, violations
from asrlab_pytest.inference.engine_trace import engine_error, engine_trace
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.inference.on_demand import Timer
from asrlab_pytest.models.contained import EngineFault
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.scoring.entities import EntityScore
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.session.judgements import NEEDED, Checked, Level, table_of
from asrlab_pytest.settings import KnownFailure

_Checked = TypeVar("_Checked", bound=Checked)


def bounds_of(
    checked: Checked, layers: Sequence[Layer], metrics: Sequence[str], *, of: str, observe: Callable[[], object]
) -> list[Bound]:
    """The bounds that a check judges by; it is noted which metrics have none.

    A metric that the task does not have fails the test, with those it has. So does a check that judges by nothing.

    Args:
        checked: What is checked.
        layers: Where thresholds are stated.
        metrics: Names of its metrics; all that have a bound where none is given.
        of: What is checked, in words.
        observe: Asks the model, whose failure is the cause also where nothing has a threshold.
    """
    try:
        bounds = applicable(layers, metrics)
    except ValueError as error:
        raise pytest.fail.Exception(f"check: {error}", pytrace=False) from None
    observe()
    if not bounds:
        table = table_of(checked.model.spec.task, checked.level)
        raise pytest.fail.Exception(
            f"check: no threshold for {' or '.join(metrics) or 'any metric'} for {of}, so nothing was checked\n"
            f"  hint: set one, such as {metrics[0] if metrics else 'wer'} = 0.3 in [tool.asrlab.{table}]",
            pytrace=False,
        )
    checked.unbounded |= {*metrics} - {bound.metric for bound in bounds}
    return bounds


def noted(check: Callable[Concatenate[_Checked, ...], None]) -> Callable[Concatenate[_Checked, ...], None]:
    """Note what a check fails with, so that the run fails also where the test goes on."""

    @wraps(check)
    def call(checked: _Checked, *metrics: str) -> None:
        __tracebackhide__ = True
        try:
            check(checked, *metrics)
        except pytest.xfail.Exception:
            raise
        except (AssertionError, pytest.fail.Exception) as error:
            checked.failed_checks.append(error)
            raise

    return call


class ErrorRate(float):
    """A word or character error rate that knows its score, so that a failed assertion on it can show the errors."""

    def __new__(cls, value: float, score: Score) -> Self:
        rate = super().__new__(cls, value)
        rate.score = score
        return rate

    score: Score


class Case(Checked):
    """One model × one item of its task: observed once per session, then scored and judged.

    Args:
        model: The model's handle.
        item: The clip, the prompt or the dialogue.
        layers: The thresholds that apply, the strongest first.
        timer: Runs and times the rounds.
        known_failure: The declaration that covers this case, if there is one.
        rules: How texts are compared.
    """

    level: ClassVar[Level] = "case"

    def __init__(  # noqa: PLR0913
        self,
        model: ModelHandle,
        item: Sample,
        *,
        layers: Sequence[Layer],
        timer: Timer,
        known_failure: KnownFailure | None = None,
        rules: Rules | None = None,
    ) -> None:
        super().__init__(model)
        self.item = item
        self._layers = layers
        self._timer = timer
        self._known_failure = known_failure
        self._rules = rules or Rules()

    @property
    def sample(self) -> str:
        """Id of what it was observed on."""
        return self.item.id

    @cached_property
    def observation(self) -> Observation:
        """The raw observation: transcript, latencies, resources, fingerprints.

        A clip that cannot be read, a model that does not load and an engine that breaks down fail the test in words,
        with what of a traceback is the engine's code. A model that does not load says more only the first time.
        """
        try:
            return self.model.observe(self.item, self._timer)
        except AsrlabError as error:
            is_known = any(other is error for clip, other in self.model.errors.items() if clip != self.item.id)
            cause = engine_error(error)
            trace = "" if cause is None else engine_trace(cause)
            if cause is not None and not trace and not isinstance(cause, EngineFault):
                raise  # The mistake is in our code.
            words = error.problem if is_known else "\n".join(filter(None, (str(error), trace)))
            raise pytest.fail.Exception(words, pytrace=False) from None

    @property
    def is_observed(self) -> bool:
        """Whether there is an observation already, so that asking for it asks the model nothing."""
        return self.model.has_observed(self.item)

    @property
    def transcript(self) -> Transcript:
        """What was written, with its segments: by the model, or by the judge who heard it."""
        transcript = self.observation.transcript
        assert transcript is not None
        return transcript

    @cached_property
    def score(self) -> Score:
        """Word and character counts, rates and the alignment, and the entities."""
        return replace(self._rules.score(self.observation), entities=self.entities)

    @cached_property
    def text_score(self) -> Score:
        """Only the counts and rates, without the entities and (except for a dialogue) the alignment."""
        return self._rules.figures(self.observation)

    @cached_property
    def entities(self) -> EntityScore:
        """Amounts, dates, names: which arrived, which were lost, which were invented."""
        from asrlab_pytest.scoring.entities import Listed, score_entities

        return score_entities(
            self.observation.reference,
            self.observation.hypothesis,
            self.item.language,
            listed=Listed(entities=self.item.entities, keywords=self.item.keywords),
            parameters=self._rules.entities,
        )

    @property
    def wer(self) -> ErrorRate | None:
        """Word error rate; None if the reference is empty."""
        return None if self.score.wer is None else ErrorRate(self.score.wer, self.score)

    @property
    def cer(self) -> ErrorRate | None:
        """Character error rate; None if the reference is empty."""
        return None if self.score.cer is None else ErrorRate(self.score.cer, self.score)

    @property
    def latency(self) -> float | None:
        """Median over the rounds, in seconds. None for a transcript that no engine here produced.

        For a clip transcribed in a batch, its share of the batch's time.
        """
        return self.observation.latency_s

    @property
    def rtf(self) -> float | None:
        """Real-time factor: latency over the length of the input or output audio; None if there is none."""
        return self.observation.rtf

    @property
    def is_passed_over(self) -> bool:
        """Whether no check judged it, although a threshold of the project, the model or the sample applies to it."""
        if self.judged_metrics or self.item.quarantined or self._known_failure:
            return False
        stated = {bound.metric for bound in applicable([layer for layer in self._layers if layer.source != "mark"])}
        if not self.is_observed:
            return bool(self.item.text) and not stated.isdisjoint(("wer", "cer"))
        with suppress(AsrlabError):  # A text that cannot be scored fails the run at its end.
            return any(self.METRICS[metric](self) is not None for metric in stated)
        return False

    def bounds(self, metrics: Sequence[str]) -> list[Bound]:
        """The thresholds of these metrics. The test fails if there is none."""
        of = f"{self.model.id} on {self.item.id}"
        return bounds_of(self, self._layers, metrics, of=of, observe=lambda: self.observation)

    @noted
    def check(self, *metrics: str) -> None:
        """Judge the case by the thresholds that apply: the mark's, the item's, the model's, the project's.

        Args:
            metrics: Only these, such as ``"wer"`` or ``"entity_recall"``; all that have a bound where none is given.

        Raises:
            ThresholdExceeded: a figure misses its bound.
            Failed: none of the metrics has a threshold.
        """
        bounds = self.bounds(metrics)
        figures = {bound.metric: self.METRICS[bound.metric](self) for bound in bounds}
        self.judged_metrics |= {bound.metric for bound in bounds if figures[bound.metric] is not None}
        self.unmeasured |= {bound.metric for bound in bounds if figures[bound.metric] is None} & NEEDED.keys()
        broken = violations(figures, bounds)
        accuracy = [violation for violation in broken if violation.bound.metric not in TIMES]
        known = self._known_failure
        if known and any(bound.metric not in TIMES for bound in bounds):
            if not accuracy:
                late = f" in accuracy, not in time ({'; '.join(map(str, broken))})" if broken else ""
                pytest.fail(
                    f"{self.model.id} on {self.item.id} passed{late}, "
                    f"but is listed as a known failure ({known.reason})\n"
                    "  hint: remove it from [[tool.asrlab.known_failures]]",
                    pytrace=False,
                )
            if len(accuracy) == len(broken):
                pytest.xfail(f"{'; '.join(map(str, broken))}; known failure: {known.reason}")
        if accuracy and len(accuracy) == len(broken) and self.item.quarantined:
            pytest.xfail(f"{'; '.join(map(str, broken))}; quarantined (unverified transcript)")
        if broken:
            lines = ["; ".join(map(str, broken))]
            lines += [f"  {detail}" for detail in self.details(broken)]
            is_about_text = any(violation.bound.metric in _OF_TEXT for violation in broken)
            raise ThresholdExceeded("\n".join(lines), self.score if is_about_text else None)

    def details(self, broken: Sequence[Violation]) -> list[str]:
        """What lies behind the bounds that are missed, in sentences."""
        is_of_entities = any(violation.bound.metric.startswith("entity_") for violation in broken)
        return [str(entity) for entity in self.entities.lost] if is_of_entities else []

    METRICS: ClassVar[Mapping[str, Callable[[Any], float | None]]]
    """How each metric of the task that can have a threshold is made; none is made that is not asked for."""

    def timed(self, seconds: float | None) -> float | None:
        """A time, unless it is not judged.

        Those of a store or record are not this run's, those of a server are not the model's, and a share of a batch's
        time is not a latency.
        """
        return seconds if self.observation.is_measured_here and self.observation.batch_size == 1 else None

    def as_json(self) -> dict[str, object]:
        """The case as it is in ``extra_info["asr"]`` of the pytest-benchmark JSON."""
        return {
            **{name: value for name, value in self.observation.as_json().items() if name != "kind"},
            "wer": self.text_score.wer,
            "cer": self.text_score.cer,
            "counts": asdict(self.text_score.words),
            "normalization": self.text_score.normalization,
            "loop": None if self.text_score.loop is None else str(self.text_score.loop),
            "entities": self.entities.as_json(),
        }


_OF_TEXT = frozenset(
    {"wer", "cer", "excess_wer", "excess_cer", "hallucinated_words", "entity_recall", "entity_error_rate"}
)
"""Metrics that the aligned texts explain."""


class AsrCase(Case):
    """One model × one clip."""

    @property
    def rtf(self) -> float:
        """Real-time factor: latency over the length of the clip."""
        rtf = self.observation.rtf
        assert rtf is not None
        return rtf

    @property
    def clip(self) -> Clip:
        """The clip."""
        return cast("Clip", self.item)

    def transcribe(self) -> Transcript:
        """Transcribe the clip, or return what was written when it was transcribed before in this session.

        A clip that cannot be read, a model that does not load and an engine that breaks down fail the test in words.
        """
        return self.transcript

    METRICS: ClassVar[Mapping[str, Callable[[AsrCase], float | None]]] = {
        "wer": lambda case: case.text_score.wer,
        "cer": lambda case: case.text_score.cer,
        "rtf": lambda case: case.timed(case.rtf),
        "hallucinated_words": lambda case: case.text_score.hallucinated_words,
        "entity_recall": lambda case: case.entities.recall,
        "entity_error_rate": lambda case: case.entities.error_rate,
    }
