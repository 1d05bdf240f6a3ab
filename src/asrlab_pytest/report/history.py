"""Several runs in chronological order: error, time and memory of each model, and what changed between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from asrlab_pytest.records.cover import incomplete
from asrlab_pytest.records.differences import differences
from asrlab_pytest.records.identity import Identities, identities_of, identity_changes
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.reading import Run
from asrlab_pytest.report.charts import Event, Moment, over_runs
from asrlab_pytest.report.charts.svg import Element
from asrlab_pytest.report.layout import factor, megabytes, percent
from asrlab_pytest.report.scorecard import Figures, Scorecard
from asrlab_pytest.report.tables import Cell, Table, bounds, table, without_dashes
from asrlab_pytest.visible import visible

_MACHINE = ("os", "cpu", "cores physical", "cores logical", "accelerator")
_COMMIT = 7

Figure = Callable[[Figures], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One run among several."""

    name: str
    """Its commit or, without one, its day."""
    time: str
    card: Scorecard
    events: tuple[str, ...]
    """What changed since the previous run: weights, protocol, machine."""
    incomplete: str = ""
    """What the run leaves out, in words; empty for a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Runs from the oldest to the newest."""

    runs: tuple[Moments, ...]

    @property
    def names(self) -> list[str]:
        return [run.name for run in self.runs]

    @property
    def models(self) -> set[str]:
        """The models that have a figure in any run."""
        return {model for run in self.runs for model, _ in _ran(run.card)}

    @property
    def events(self) -> list[Event]:
        return [Event(run=place, what=what) for place, run in enumerate(self.runs) for what in run.events]

    def wer(self) -> dict[str, list[Moment]]:
        """Pooled word error rate with its interval, by model."""
        return self._lines(lambda figures: figures.score.wer, with_interval=True)

    def rtf(self) -> dict[str, list[Moment]]:
        """Real-time factor, where the times of the run are valid."""
        return self._lines(lambda figures: figures.rtf)

    def memory(self) -> dict[str, list[Moment]]:
        """Peak memory in MB."""
        return self._lines(lambda figures: None if figures.memory_bytes is None else figures.memory_bytes / 1e6)

    def charts(self, numbers: Mapping[str, int]) -> Iterator[Element]:
        """Each figure over the runs.

        Args:
            numbers: Color index by model; models without one come after them.
        """
        known = {visible(model): number for model, number in numbers.items()}
        for lines, name, form in (
            (self.wer(), "WER", "percent"),
            (self.rtf(), "RTF", "number"),
            (self.memory(), "memory in MB", "number"),
        ):
            if lines:
                shown = {**{model: len(known) + place for place, model in enumerate(lines)}, **known}
                yield over_runs(lines, runs=self.names, name=name, written=form, numbers=shown, events=self.events)

    def _lines(self, figure: Figure, *, with_interval: bool = False) -> dict[str, list[Moment]]:
        lines: dict[str, list[Moment]] = {}
        for place, run in enumerate(self.runs):
            for model, figures in _ran(run.card):
                value = figure(figures)
                if value is not None:
                    interval = figures.wer_interval if with_interval else None
                    lines.setdefault(model, []).append(
                        Moment(run=place, value=value, interval=interval, incomplete=run.incomplete)
                    )
        return lines

    def table(self) -> Table:
        """Every figure of every run."""
        columns = ("run", "model", "clips", "WER", "95% CI", "RTF", "memory", "changed since the previous run")
        return without_dashes(table("History", columns, [row for run in reversed(self.runs) for row in _rows(run)]))


def history_of(runs: Iterable[tuple[Run, Scorecard]]) -> History:
    """The figures of several ASR runs, all scored by the same rules.

    Args:
        runs: In any order, each with its scorecard; one without an environment line is the oldest.
    """
    moments: list[Moments] = []
    before: Run | None = None
    for run, card in sorted(runs, key=lambda pair: pair[0].started):
        changed = tuple(_changes(before, run)) if before else ()
        lacks = visible("; ".join(incomplete(run)))
        moments.append(Moments(name=_name(run), time=_time(run), card=card, events=changed, incomplete=lacks))
        before = run
    return History(runs=tuple(moments))


def _ran(card: Scorecard) -> list[tuple[str, Figures]]:
    return [(visible(row.model), row.figures) for row in card.rows if row.figures is not None]


def _rows(run: Moments) -> Iterator[list[Cell | str]]:
    for number, (model, figures) in enumerate(_ran(run.card)):
        why = "" if number else run.incomplete
        yield [
            _called(run),
            model,
            Cell(f"{figures.clips} (incomplete)", why) if run.incomplete else str(figures.clips),
            percent(figures.score.wer),
            bounds(figures.wer_interval),
            Cell(factor(figures.rtf), figures.untimed if figures.rtf is None else ""),
            Cell(megabytes(figures.memory_bytes), "" if figures.memory_bytes else "not measured"),
            "; ".join(filter(None, [run.incomplete, *run.events])) if number == 0 else "",
        ]


def _called(run: Moments) -> str:
    """Its name and time; a run outside git is named by its day."""
    names = [] if run.time.startswith(run.name) else [run.name]
    return ", ".join(filter(None, [*names, run.time]))


def _name(run: Run) -> str:
    git = (run.environment or {}).get("git") or {}
    commit = str(git.get("commit") or "")[:_COMMIT]
    return visible(commit + ("+" if git.get("dirty") else "") if commit else _time(run)[:10] or run.path.name)


def _time(run: Run) -> str:
    return visible(run.started[:16].replace("T", " "))


def _changes(then: Run, now: Run) -> Iterator[str]:
    """What may explain a step between two runs, each with its kind first."""
    old, new = _identities(then), _identities(now)
    yield from (f"model: {model}: added" for model in new if model not in old)
    yield from (f"model: {model}: not in this run" for model in old if model not in new)
    for model in (model for model in new if model in old):
        for change in identity_changes(old[model], new[model], "clip"):
            kind = "weights" if change.startswith("weights") else "model"
            yield f"{kind}: {model}: {change}"
    if then.environment is None or now.environment is None:
        return
    for difference in differences(then.environment, now.environment):
        if difference.can_change == "scores":
            yield f"protocol: {difference.what} {difference.then} -> {difference.now}"
        elif difference.what in _MACHINE:
            yield f"machine: {difference.what} {difference.then} -> {difference.now}"
        elif difference.what == "corpus manifest_sha256":
            yield f"corpus: {difference.then} -> {difference.now}"


def _identities(run: Run) -> Mapping[str, Identities]:
    by_model: dict[str, list[Observation]] = {}
    for observation in run.first_pass:
        if observation.task == "asr":
            by_model.setdefault(observation.model, []).append(observation)
    for failure in run.failures:
        if failure.task == "asr":
            by_model.setdefault(failure.model, [])
    return {model: identities_of(observations) for model, observations in by_model.items()}
