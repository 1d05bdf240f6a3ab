"""What the tests of a run judged, and by which thresholds, as it travels in their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, TypeAlias, TypedDict

from _pytest.raises import AbstractRaises
from _pytest.skipping import xfailed_key

from asrlab_pytest.session.marks import closest_marks
from asrlab_pytest.tasks import Task
from asrlab_pytest.wording import some

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.inference.handle import ModelHandle

Level = Literal["case", "corpus"]
NEEDED: Mapping[str, str] = {"excess_wer": "recording", "excess_cer": "recording", "fact_recall": "facts"}
"""What a sample needs for a metric to say anything of it, in a word."""
_UNCHECKED = "no threshold, so not checked:"
_WIDTH, _ROOM = 78, 42
"""Columns of a line that is indented, and of the rest of the first."""
_KEYS: Mapping[Level, str] = {"case": "thresholds", "corpus": "corpus_thresholds"}


class Judged(NamedTuple):
    """What a threshold was, or could not be, held against."""

    task: Task
    level: Level
    metric: str
    model: str = ""
    """Empty where it is of any model."""
    sample: str = ""
    """Id of the clip, prompt or dialogue; empty where it is of any."""


@dataclass(eq=False, repr=False)
class Checked:
    """What a test may judge: a case, or pooled figures."""

    level: ClassVar[Level]
    model: ModelHandle
    judged_metrics: set[str] = field(default_factory=set)
    """The metrics that were judged by a bound."""
    unbounded: set[str] = field(default_factory=set)
    """The metrics that were checked by name and have no bound."""
    unmeasured: set[str] = field(default_factory=set)
    """The metrics that have a bound, and for which the sample lacks what is needed."""
    failed_checks: list[BaseException] = field(default_factory=list)
    """What checks failed with."""

    @property
    def sample(self) -> str:
        """Id of what it was observed on; empty for pooled figures."""
        return ""

    @property
    def is_passed_over(self) -> bool:
        """Whether no check judged it, although a threshold applies to it; pooled figures never are."""
        return False


Check: TypeAlias = tuple[Task, Level, str, str, list[str], list[str]]
"""Task, level, model and sample of a case; the metrics that it judged, and those that have no threshold.

Without any, the case has thresholds, and its test passed without a check of them.
"""
Mark: TypeAlias = tuple[str, list[str], list[str]]
"""A mark, the metrics that it has thresholds for, and those that were judged."""


class JudgedTest(TypedDict):
    """What a report says of the checks of its test. Between processes, tuples are lists."""

    checks: list[Check]
    marks: list[Mark]
    failed: list[str]
    """What its checks failed with since the last report, in a line each."""
    unmeasured: list[tuple[str, str]]
    """Metrics that were checked on samples that lack what is needed, each with the sample."""


class Judgements:
    """What the tests of a run judged: in this process or, under xdist, on every worker."""

    def __init__(self) -> None:
        self._judged: set[Judged] = set()
        self._unbounded: dict[tuple[Task, Level, str], set[str]] = {}
        """Models by what a `check` names and has no threshold for."""
        self._unmeasured: dict[str, dict[str, None]] = {}
        """Samples by the metric that says nothing of them."""
        self._marks: dict[str, set[str]] = {}
        """Metrics that a mark has a threshold for and nothing was judged by, by the mark."""
        self._marks_judged: dict[str, set[str]] = {}
        self.passed_over: list[str] = []
        """What checks failed with in tests that did not fail, in a line each."""
        self._cases: dict[tuple[str, str], bool] = {}
        """Whether a case was judged, by model and sample."""

    def take(self, state: JudgedTest) -> None:
        """Add what one report says of its test, as `of_item` made it."""
        for task, level, model, sample, metrics, unbounded in state["checks"]:
            if level == "case" and (metrics or not unbounded):
                self._cases[model, sample] = bool(metrics) or self._cases.get((model, sample), False)
            for metric in metrics:
                self._judged.add(Judged(task, level, metric))
                self._judged.add(Judged(task, level, metric, model))
                self._judged.add(Judged(task, level, metric, sample=sample))
            for metric in unbounded:
                self._unbounded.setdefault((task, level, metric), set()).add(model)
        for mark, stated, judged in state["marks"]:
            self._marks.setdefault(mark, set()).update(stated)
            self._marks_judged.setdefault(mark, set()).update(judged)
        for metric, sample in state["unmeasured"]:
            self._unmeasured.setdefault(metric, {})[sample] = None
        self.passed_over += state["failed"]

    def has(self, judged: Judged) -> bool:
        return judged in self._judged

    @property
    def unjudged_cases(self) -> list[str]:
        """Cases with thresholds that only tests without a check were made of, in words."""
        return [f"{model} on {sample}" for (model, sample), is_judged in self._cases.items() if not is_judged]

    @property
    def marks(self) -> list[str]:
        """Thresholds of marks that nothing was judged by."""
        return [
            f"{mark} {metric}"
            for mark, stated in self._marks.items()
            for metric in sorted(stated - self._marks_judged[mark])
        ]

    @property
    def unmeasured(self) -> list[str]:
        """What tests check on samples that lack what is needed for it, a line for each metric."""
        return [
            f"no {NEEDED[metric]}, so {metric} not checked: {some(list(samples), 5)}"
            for metric, samples in sorted(self._unmeasured.items())
        ]

    @property
    def unbounded(self) -> str:
        """What tests check without any threshold, in words; empty if nothing."""
        metrics_of: dict[tuple[Task, Level], dict[str, list[str]]] = {}
        """Metrics by the models that lack a threshold; by nothing where all models do."""
        for (task, level, metric), models in self._unbounded.items():
            whose = f" for {some(sorted(models))}" if self.has(Judged(task, level, metric)) else ""
            metrics_of.setdefault((task, level), {}).setdefault(whose, []).append(metric)
        places: dict[str, list[str]] = {}
        for place, metrics in metrics_of.items():
            sentence = "; ".join(f"{', '.join(names)}{whose}" for whose, names in metrics.items())
            places.setdefault(sentence, []).append(table_of(*place))
        lines = [f"{sentence} ({', '.join(tables)})" for sentence, tables in places.items()]
        if len(lines) == 1 and len(lines[0]) <= _ROOM:
            return f"{_UNCHECKED} {lines[0]}"
        wrapped = (part for line in lines for part in wrap(line, _WIDTH, subsequent_indent="  "))
        return "\n  ".join([_UNCHECKED, *wrapped]) if lines else ""


def of_item(item: pytest.Item, checked: Sequence[Checked], report: pytest.TestReport) -> JudgedTest:
    """What a report says of the checks of its test, as plain JSON.

    Args:
        item: The test.
        checked: Its cases and pooled figures.
        report: That of a phase of the test.
    """
    # Where the test function ran, its marks should have been judged by.
    has_run = report.when == "call" and not report.skipped
    checks: list[Check] = [
        (
            case.model.spec.task,
            case.level,
            case.model.id,
            case.sample,
            sorted(case.judged_metrics),
            sorted(case.unbounded),
        )
        for case in checked
        if case.judged_metrics or case.unbounded or (has_run and report.passed and case.is_passed_over)
    ]
    return {
        "checks": checks,
        "marks": _marks(item, checked) if has_run else [],
        "failed": _failed(item, checked),
        "unmeasured": [(metric, case.sample) for case in checked for metric in sorted(case.unmeasured)],
    }


def is_expected(item: pytest.Item, error: BaseException | None = None) -> bool:
    """Whether an `xfail` mark of a test expects a failure, or any."""
    mark = None if item.config.getoption("runxfail", default=False) else item.stash.get(xfailed_key, None)
    if mark is None or mark.raises is None or error is None:
        return mark is not None
    return mark.raises.matches(error) if isinstance(mark.raises, AbstractRaises) else isinstance(error, mark.raises)


def _failed(item: pytest.Item, checked: Sequence[Checked]) -> list[str]:
    errors = [error for case in checked for error in case.failed_checks if not is_expected(item, error)]
    lines = [": ".join([item.nodeid, str(error).partition("\n")[0]]) for error in errors]
    for case in checked:
        case.failed_checks.clear()
    return list(dict.fromkeys(lines))


def _marks(item: pytest.Item, checked: Sequence[Checked]) -> list[Mark]:
    judged = {metric for case in checked for metric in case.judged_metrics}
    return [
        (_named(mark, _place(item, node)), sorted(mark.kwargs), sorted(judged & {*mark.kwargs}))
        for node, mark in closest_marks(item)
    ]


def _named(mark: pytest.Mark, place: str) -> str:
    """A mark as it is written, with its place."""
    stated = ", ".join(f"{key}={mark.kwargs[key]}" for key in sorted(mark.kwargs))
    return f"@pytest.mark.asr({stated}) in {place}:"


def _place(item: pytest.Item, node: object) -> str:
    """The function of a mark of its own, the same for all of its cases; the file of one for several functions."""
    return item.nodeid.partition("[" if node is item else "::")[0]


def table_of(task: Task, level: Level) -> str:
    """Name of the table that states thresholds of a task."""
    return _KEYS[level] if task == "asr" else f"{task}.{_KEYS[level]}"
