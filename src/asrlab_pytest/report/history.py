"""Several runs in chronological order: error, time and memory of each model, and what changed between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.cover import incomplete
from asrlab_pytest.records.differences import differences
from asrlab_pytest.records.identity import Identities, identities_of, identity_changes
from asrlab_pytest.records.run import Run
from asrlab_pytest.report.charts import Event, Moment, over_runs
from asrlab_pytest.report.charts.svg import Element
from asrlab_pytest.report.layout import bounds, factor, megabytes, percent
from asrlab_pytest.report.scorecard import Figures, Scorecard
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenFigures
from asrlab_pytest.report.tables import Cell, Table, table, without_dashes
from asrlab_pytest.scoring.spoken import PooledDialogues, PooledSpeech
from asrlab_pytest.tasks import LABELS, LISTS, NOUNS, TASKS, Task
from asrlab_pytest.visible import visible

_MACHINE = ("os", "cpu", "cores physical", "cores logical", "accelerator")
_COMMIT = 7
_YEAR = len("2026-")


class Ran(NamedTuple):
    """A model's figures in one run."""

    model: str
    items: int
    wer: float | None
    facts: float | None
    """Of dialogues: the share of the facts that was said."""
    figures: Figures | SpokenFigures

    @property
    def memory_mb(self) -> float | None:
        return None if self.figures.memory_bytes is None else self.figures.memory_bytes / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One run among several."""

    name: str
    """Its commit or, without one, its day and minute."""
    time: str
    ran: tuple[Ran, ...]
    events: tuple[str, ...]
    """What changed since the previous run: weights, protocol, machine."""
    incomplete: str = ""
    """What the run leaves out, in words; empty for a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The runs of one task from the oldest to the newest."""

    task: Task
    runs: tuple[Moments, ...]

    @property
    def title(self) -> str:
        """Names the task unless that is ASR."""
        return "History" if self.task == "asr" else f"History of {LABELS[self.task]}"

    @property
    def names(self) -> list[str]:
        return [run.name for run in self.runs]

    @property
    def events(self) -> list[Event]:
        return [Event(run=place, what=what) for place, run in enumerate(self.runs) for what in run.events]

    def charts(self, numbers: Mapping[str, int]) -> Iterator[Element]:
        """Each figure over the runs.

        Args:
            numbers: Color index by model, of all that have a figure.
        """
        for name, form, figure in _FIGURES:
            if lines := self._lines(name, figure):
                whole = name if self.task == "asr" else f"{LABELS[self.task]} {name}"
                yield over_runs(lines, runs=self.names, name=whole, written=form, numbers=numbers, events=self.events)

    def _lines(self, name: str, figure: Callable[[Ran], float | None]) -> dict[str, list[Moment]]:
        measured = ((place, run, ran, figure(ran)) for place, run in enumerate(self.runs) for ran in run.ran)
        with_interval = name == "WER"
        return grouped(
            (ran.model, Moment(place, value, ran.figures.wer_interval if with_interval else None, run.incomplete))
            for place, run, ran, value in measured
            if value is not None
        )

    def table(self) -> Table:
        """Every figure of every run."""
        noun = NOUNS[self.task]
        columns = (
            "run",
            "model",
            f"{noun}s",
            "facts",
            "WER",
            "95% CI",
            "RTF",
            "memory",
            "changed since the previous run",
        )
        return without_dashes(table(self.title, columns, [row for run in reversed(self.runs) for row in _rows(run)]))


_FIGURES: tuple[tuple[str, str, Callable[[Ran], float | None]], ...] = (
    ("facts", "percent", lambda ran: ran.facts),
    ("WER", "percent", lambda ran: ran.wer),
    ("RTF", "number", lambda ran: ran.figures.rtf),
    ("memory in MB", "number", lambda ran: ran.memory_mb),
)
"""Name, form and figure of each chart."""


def histories_of(runs: Iterable[tuple[Run, Scorecard | None, Sequence[SpokenCard]]]) -> list[History]:
    """The figures of several runs, all scored by the same rules; of each task that at least two of them have.

    Args:
        runs: In any order, each with its scorecards; one without an environment line is the oldest.
    """
    in_order = sorted(runs, key=lambda dated: dated[0].started)
    by_task = {
        task: [(run, ran) for run, card, spoken in in_order if (ran := _ran(task, card, spoken)) is not None]
        for task in TASKS
    }
    return [_history(task, members) for task, members in by_task.items() if len(members) > 1]


def numbers_of(histories: Iterable[History], known: Iterable[str] = ()) -> dict[str, int]:
    """A color index for each model in any run, those that are known first."""
    models = [ran.model for history in histories for run in history.runs for ran in run.ran]
    return {model: number for number, model in enumerate(dict.fromkeys([*map(visible, known), *models]))}


def _history(task: Task, runs: Sequence[tuple[Run, tuple[Ran, ...]]]) -> History:
    moments: list[Moments] = []
    before: Run | None = None
    for run, ran in runs:
        changed = tuple(_changes(task, before, run)) if before else ()
        lacks = visible("; ".join(incomplete(run)))
        moments.append(Moments(name=_name(run), time=_time(run), ran=ran, events=changed, incomplete=lacks))
        before = run
    return History(task=task, runs=tuple(moments))


def _ran(task: Task, card: Scorecard | None, spoken: Sequence[SpokenCard]) -> tuple[Ran, ...] | None:
    """What the models of a task did in a run; None if it has none of that task."""
    cards = [card] if task == "asr" else [each for each in spoken if each.task == task]
    of_task = next(iter(cards), None)
    return tuple(_of_model(row.model, row.figures) for row in of_task.rows if row.figures) if of_task else None


def _rows(run: Moments) -> Iterator[list[Cell | str]]:
    for number, ran in enumerate(run.ran):
        figures, why = ran.figures, "" if number else run.incomplete
        yield [
            _called(run),
            ran.model,
            Cell(f"{ran.items} (incomplete)", why) if run.incomplete else str(ran.items),
            percent(ran.facts),
            percent(ran.wer),
            bounds(figures.wer_interval),
            Cell(factor(figures.rtf), figures.untimed if figures.rtf is None else ""),
            Cell(megabytes(figures.memory_bytes), "" if figures.memory_bytes else "not measured"),
            "; ".join(filter(None, [run.incomplete, *run.events])) if number == 0 else "",
        ]


def _of_model(model: str, figures: Figures | SpokenFigures) -> Ran:
    score = figures.score
    if isinstance(score, PooledDialogues):
        words, facts = score.agreement, score.facts.recall
    else:
        words, facts = score.heard if isinstance(score, PooledSpeech) else score, None
    items = figures.clips if isinstance(figures, Figures) else figures.items
    return Ran(model=visible(model), items=items, wer=words.wer, facts=facts, figures=figures)


def _called(run: Moments) -> str:
    """Its name and time; a run outside git is named by its time."""
    names = [] if run.time.endswith(run.name) else [run.name]
    return ", ".join(filter(None, [*names, run.time]))


def _name(run: Run) -> str:
    git = run.environment.git if run.environment else None
    return visible(git.commit[:_COMMIT] + "+" * git.dirty if git else _time(run)[_YEAR:] or run.path.name)


def _time(run: Run) -> str:
    return visible(run.started[:16].replace("T", " "))


def _changes(task: Task, then: Run, now: Run) -> Iterator[str]:
    """What may explain a step between two runs, each with its kind first."""
    old, new = _identities(task, then), _identities(task, now)
    yield from (f"model: {model}: added" for model in new if model not in old)
    yield from (f"model: {model}: not in this run" for model in old if model not in new)
    for model in (model for model in new if model in old):
        for change in identity_changes(old[model], new[model], NOUNS[task]):
            kind = "weights" if change.startswith("weights") else "model"
            yield f"{kind}: {model}: {change}"
    if then.environment is None or now.environment is None:
        return
    for difference in differences(then.environment, now.environment):
        if difference.can_change == "scores":
            yield f"protocol: {difference.what} {difference.then} -> {difference.now}"
        elif difference.what in _MACHINE:
            yield f"machine: {difference.what} {difference.then} -> {difference.now}"
        elif difference.what == f"{LISTS[task]} manifest_sha256":
            yield f"{LISTS[task]}: {difference.then} -> {difference.now}"


def _identities(task: Task, run: Run) -> Mapping[str, Identities]:
    observed = grouped((row.model, row) for row in run.first_pass if row.task == task)
    for failure in run.failures:
        if failure.task == task:
            observed.setdefault(failure.model, [])
    return {model: identities_of(rows) for model, rows in observed.items()}
