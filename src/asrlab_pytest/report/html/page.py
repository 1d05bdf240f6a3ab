"""The page as a whole, in reading order."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from asrlab_pytest.audit.findings import Finding
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.outputs import refuse_foreign
from asrlab_pytest.report import charts
from asrlab_pytest.report.charts.svg import DARK, STYLE, color, inline
from asrlab_pytest.report.clips import Item, Observed, items_of
from asrlab_pytest.report.history import History, numbers_of
from asrlab_pytest.report.html.environment import environment_lines
from asrlab_pytest.report.html.errors import frequent_errors
from asrlab_pytest.report.html.gates import gate_view, has_baseline
from asrlab_pytest.report.html.payload import model_ids, payload
from asrlab_pytest.report.html.sound import Sounds
from asrlab_pytest.report.html.summary import Problems, asr_card, chart_of, spoken_card
from asrlab_pytest.report.html.troubles import gate_lines, troubles_of, warning_lines
from asrlab_pytest.report.markdown import RunReport, verdict
from asrlab_pytest.report.slices import slice_tables
from asrlab_pytest.report.tables import Card
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.tasks import NOUNS, Task
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import many

GENERATOR = b'<meta name="generator" content="asrlab-pytest report">'
"""Identifies our own page, which a later one may replace."""
_SECTIONS = ("summary", "gates", "clips", "slices", "distributions", "errors", "history", "environment")
_NAMES = {"errors": "Frequent errors"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The inputs of a page."""

    title: str
    incomplete: Sequence[str] = ()
    """What the run leaves out, in sentences."""
    report: RunReport
    """Scorecards, gates, environment and what went wrong."""
    observed: Observed
    scorer: Scorer
    """Already has the scores of the scorecard."""
    findings: Sequence[Finding] = ()
    """Of the audit."""
    histories: Sequence[History] = ()
    """Of several runs, one for each task."""
    is_judged: bool = False
    """Whether a verdict on the run stands at its top: of a session, or of a comparison."""
    sounds: Sounds | None = None
    """None for a page without audio."""


def refuse_foreign_page(path: Path, option: str) -> None:
    """Refuse to overwrite a file that is not a report.

    Raises:
        ConfigError: it is not a report.
    """
    refuse_foreign(path, lambda head: GENERATOR in head, what="report", option=option)


def note(words: str) -> str:
    """A page that says only why there is no report."""
    head = f'<meta charset="utf-8">{GENERATOR.decode()}<title>asrlab report</title>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body><h1>asrlab report</h1><p>{words}</p></body></html>'


def page(contents: Contents) -> str:
    """The page, as HTML."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("asrlab_pytest.report.html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja").render(_context(contents))


def _context(contents: Contents) -> dict[str, object]:
    scorer = contents.scorer
    items = items_of(contents.observed, scorer, contents.findings)
    if contents.sounds is not None:
        contents.sounds.add(items)
    models = model_ids(items)
    numbers = {model: number for number, model in enumerate(models)}
    script = _file("report.js")
    style = f"{_file('report.css')}{STYLE}@media (prefers-color-scheme: dark) {{{DARK}}}"
    context = {
        **_first_screen(contents, numbers),
        "slices": [*slice_tables(contents.observed.transcribed, scorer, contents.observed.untimed)],
        "distributions": [*_distributions(items, numbers)],
        "latency_note": _latency_note(contents),
        "errors": [model for model in frequent_errors(items) if any(members for _, members, _ in model.kinds)],
        **_history(contents.histories, models),
        "legend": [(visible(model), color(number)) for model, number in numbers.items()],
        "data": payload(items, models, contents.sounds.source if contents.sounds else lambda _: ""),
        "sounds": contents.sounds.embedded if contents.sounds else [],
        "audio_note": _audio_note(contents.sounds),
        "script": script,
        "style": style,
        "policy": _policy(script, style),
    }
    return {**context, "sections": _sections(context)}


def _first_screen(contents: Contents, numbers: Mapping[str, int]) -> dict[str, object]:
    report = contents.report
    chart = chart_of(report.card, numbers) if report.card else None
    return {
        "title": visible(contents.title),
        "subtitle": visible(" · ".join(_subtitle(report.environment))),
        "verdict": verdict(report).value.upper() if contents.is_judged else "",
        "incomplete": [visible(sentence[:1].upper() + sentence[1:]) for sentence in contents.incomplete],
        "gate_lines": gate_lines(report),
        "troubles": troubles_of(report),
        "warning_lines": warning_lines(report),
        "cards": _cards(report, contents.observed.problems),
        "chart": (inline(chart[0]), chart[1]) if chart else (),
        "gates_name": "Since the baseline" if any(map(has_baseline, report.gates)) else "Gates",
        "gates": [gate_view(result) for result in report.gates],
        "environment": [*environment_lines(report.environment)],
        "link": report.link,
    }


def _cards(report: RunReport, problems: Mapping[Task, Problems]) -> list[Card]:
    cards = [asr_card(report.card, problems["asr"])] if report.card else []
    return [*cards, *(spoken_card(card, problems[card.task]) for card in report.spoken)]


def _subtitle(environment: Environment | None) -> Iterator[str]:
    """When and from what the run was made."""
    if environment is None:
        return
    yield environment.time[:16].replace("T", " ") + " UTC"
    if git := environment.git:
        yield f"commit {git.commit[:12]}" + " with changes" * git.dirty
    yield from filter(None, (environment.cpu, environment.accelerator, environment.os))


def _distributions(items: Sequence[Item], numbers: Mapping[str, int]) -> Iterator[str]:
    """The error rates and latencies of each task's models."""
    shown = {visible(model): number for model, number in numbers.items()}
    for task, noun in NOUNS.items():
        answers = [answer for item in items if item.task == task for answer in item.answers]
        rates = grouped((visible(answer.model), answer.wer) for answer in answers if answer.wer is not None)
        latencies = grouped((visible(answer.model), answer.latency_s) for answer in answers if answer.latency_s)
        if rates:
            yield inline(charts.error_histogram(rates, shown, noun))
        if latencies:
            yield inline(charts.shares(latencies, f"latency of a {noun} in seconds", shown, noun))


def _latency_note(contents: Contents) -> str:
    without = sorted(contents.observed.untimed)
    return visible(f"No latencies for {', '.join(without)}: the times are not valid.") if without else ""


def _history(histories: Sequence[History], models: Sequence[str]) -> dict[str, object]:
    numbers = numbers_of(histories, models)
    # Only models that have a figure in any run are in the legend.
    legend = [(model, color(numbers[model])) for model in numbers_of(histories)]
    return {
        "history": [(history.table(), [*map(inline, history.charts(numbers))]) for history in histories],
        "history_lacks": any(run.incomplete for history in histories for run in history.runs),
        "history_legend": sorted(legend, key=lambda entry: numbers[entry[0]]),
    }


def _audio_note(sounds: Sounds | None) -> str:
    if sounds is None:
        return "Made without audio."
    parts = [f"{many(len(sounds.embedded), 'recording')} embedded"] if sounds.embedded else []
    if sounds.linked:
        more = "more " if sounds.embedded else ""
        parts.append(f"{sounds.linked} {more}linked: keep the audio where it is")
    if sounds.changed:
        verb = "is" if sounds.changed == 1 else "are"
        parts.append(f"{many(sounds.changed, 'recording')} changed since the run and {verb} not played")
    return f"{'; '.join(parts)}." if parts else "The audio was not found."


def _sections(context: Mapping[str, object]) -> list[tuple[str, str]]:
    shown = [section for section in _SECTIONS if section in ("summary", "clips") or context.get(section)]
    names = {**_NAMES, "gates": str(context["gates_name"])}
    return [(section, names.get(section, section.capitalize())) for section in shown]


def _file(name: str) -> str:
    return (files("asrlab_pytest.report.html") / "templates" / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """What the page may load: its own script and style, and embedded or local audio."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
        "media-src data: file: 'self'; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
