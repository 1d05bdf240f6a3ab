"""Writes the scorecard within 80 columns, to pytest's own terminal or to any other screen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Protocol

from asrlab_pytest.report.scorecard import Figures, Scorecard, ScorecardRow
from asrlab_pytest.report.stated_languages import STATE_IT, unstated_sentence

if TYPE_CHECKING:
    from asrlab_pytest.scoring.change import Interval
    from asrlab_pytest.scoring.entities import EntityScore
    from asrlab_pytest.scoring.intervals import RateUncertainty

_NAME = 24
_WIDTH = 80
_LOOP = 76
_SOME = 3
"""How many clips are named in one line."""
_FIGURES = "{:<24} {:>5} {:>7} {:>7} {:>8} {:>8} {:>7} {:>7}"
_STATES = "{:<24} {:>6} {:>7} {:>8}  {:<9} {}"


class Screen(Protocol):
    """What the scorecard is written to. pytest's `TerminalReporter` is one."""

    def section(self, title: str, sep: str = "=", **markup: bool) -> None: ...
    def write_line(self, line: str, **markup: bool) -> None: ...


def write_scorecard(terminal: Screen, card: Scorecard) -> None:
    """Two tables: figures of the models that ran, then load, memory, device and status of all."""
    title = "asrlab scorecard"
    if card.unlike:
        title += " (unlike decoding)"
    terminal.section(title, sep="=", bold=True)
    ran = [row for row in card.rows if row.figures is not None]
    if ran:
        terminal.write_line(
            _FIGURES.format("model", "clips", "WER", "CER", "p50 ms", "p95 ms", "RTF", "speed"), bold=True
        )
        for row in ran:
            terminal.write_line(_figures(row))
        terminal.write_line("")
    terminal.write_line(state_heading(), bold=True)
    for row in card.rows:
        terminal.write_line(_state(row), **({} if row.status in ("ready", "recorded") else {"yellow": True}))
    _write_notes(terminal, card)


def _figures(row: ScorecardRow) -> str:
    figures = row.figures
    assert figures is not None
    return _FIGURES.format(
        short(row.model),
        figures.clips,
        percent(figures.score.wer),
        percent(figures.score.cer),
        milliseconds(figures.latency_p50),
        milliseconds(figures.latency_p95),
        "-" if figures.rtf is None else f"{figures.rtf:.3f}",
        "-" if figures.speedup is None else f"{figures.speedup:.2f}x",
    )


def _state(row: ScorecardRow) -> str:
    figures = row.figures
    return state_line(
        row.model,
        (row.load_s, row.warmup_s),
        None if figures is None else figures.peak_rss_bytes,
        "-" if figures is None else figures.device,
        row.status + (f", {row.unread} unread" if row.unread else ""),
    )


def state_heading() -> str:
    """The heading over `state_line`."""
    return _STATES.format("model", "load s", "warm s", "peak RSS", "device", "status")


def state_line(
    model: str, times: tuple[float | None, float | None], peak_rss_bytes: int | None, device: str, status: str
) -> str:
    """A model's load and warm-up time, memory, device and status."""
    memory = megabytes(peak_rss_bytes)
    return _STATES.format(short(model), *map(seconds, times), memory, device, status).rstrip()


def _write_notes(terminal: Screen, card: Scorecard) -> None:
    for row in card.rows:
        if row.status not in ("ready", "recorded") and row.mend:
            terminal.write_line(f"{row.model}: {row.reason}")
            terminal.write_line(f"  mend: {row.mend}")
    if card.unlike:
        terminal.write_line(f"the models decode unlike each other in: {', '.join(card.unlike)}", yellow=True)
    ran = [row for row in card.rows if row.figures is not None]
    for row in card.rows:
        if row.self_check:
            terminal.write_line(f"{row.model}: {row.self_check}")
    for row in ran:
        if row.figures is not None:
            _write_standing(terminal, row.model, row.figures)
            _write_passes(terminal, row.model, row.figures)
            _write_quarantined(terminal, row.model, row.figures)
            _write_accuracy(terminal, row.model, row.figures)
            _write_hallucinations(terminal, row.model, row.figures)
            _write_detected(terminal, row.model, row.figures)
            _write_entities(terminal, row.model, row.figures)
    if ran:
        _write_rules(terminal, card, [row.figures for row in ran if row.figures is not None])


def _write_rules(terminal: Screen, card: Scorecard, ran: Sequence[Figures]) -> None:
    """By what rules the figures were made, and what they do not say."""
    signatures = sorted({signature for figures in ran for signature in figures.normalizations})
    speed = f"speed against {short(card.reference)}" if card.reference else "no speed, the reference model did not run"
    terminal.write_line(f"corpus {short(card.corpus)}; WER and CER pooled; {speed}")
    write_without_language(terminal, card.without_language, "clip")
    if any(figures.wer_interval for figures in ran):
        terminal.write_line("no interval foresees a loop or a runaway text that these clips do not have")
    for signature in signatures:
        terminal.write_line(f"normalization {signature}")
    _write_entity_protocol(terminal, [figures.entities for figures in ran])


def write_without_language(terminal: Screen, count: int, noun: str) -> None:
    """How many clips, prompts or dialogues state no language, and how to state it; nothing where all do."""
    if count:
        terminal.write_line(unstated_sentence(count, noun), yellow=True)
        terminal.write_line(f"  mend: {STATE_IT}")


def _write_detected(terminal: Screen, model: str, figures: Figures) -> None:
    for sentence in figures.detected:
        for line in wrap(f"{short(model)}: {sentence}", _WIDTH, subsequent_indent="  "):
            terminal.write_line(line, yellow=True)


def _write_standing(terminal: Screen, model: str, figures: Figures) -> None:
    if figures.standing:
        for line in wrap(f"{short(model)}: {figures.standing}", _WIDTH, subsequent_indent="  "):
            terminal.write_line(line)


def _write_passes(terminal: Screen, model: str, figures: Figures) -> None:
    """What was not transcribed in this run, and whether what was transcribed again gave the same text."""
    if figures.recorded:
        terminal.write_line(f"{short(model)}: text and times of {figures.recorded} of {figures.clips} clips recorded")
    found = figures.determinism
    if found is None:
        return
    rates = sorted(set(map(percent, found.wers)))
    wer = f"; WER {' to '.join(rates[:1] + rates[-1:] * (len(rates) > 1))}" if rates else ""
    terminal.write_line(
        f"{short(model)}: {found.passes} passes, same text for {found.clips - len(found.different)} of {found.clips} "
        f"clips{wer}",
        **({"yellow": True} if found.different else {}),
    )
    _write_some(terminal, "differing", found.different)
    if found.reordered:
        same = found.reordered - len(found.different_reordered)
        terminal.write_line(
            f"{short(model)}: in another order, same text for {same} of {found.reordered} clips",
            **({"yellow": True} if found.different_reordered else {}),
        )
        _write_some(terminal, "differing", found.different_reordered)


def _write_quarantined(terminal: Screen, model: str, figures: Figures) -> None:
    """How many clips are left out because their text is in doubt, and what they would change."""
    count = len(figures.quarantined)
    if count:
        terminal.write_line(
            f"{short(model)}: {count} clip{'s'[: count > 1]} quarantined; WER with {'them' if count > 1 else 'it'} "
            f"{percent(figures.wer_with_quarantined)}, without {percent(figures.wer_without_quarantined)}",
            yellow=True,
        )
        _write_some(terminal, "quarantined", figures.quarantined)


def _write_some(terminal: Screen, title: str, clips: Sequence[str]) -> None:
    if clips:
        more = f" and {len(clips) - _SOME} more" if len(clips) > _SOME else ""
        terminal.write_line(f"  {title}: {', '.join(map(short, clips[:_SOME]))}{more}")


def _write_entities(terminal: Screen, model: str, figures: Figures) -> None:
    """Figures of the amounts, dates and names, where the clips have any or the model has invented any."""
    counts = figures.entities.counts
    if not counts.hits + counts.errors:
        return
    terminal.write_line(
        f"{short(model)}: entities: recall {percent(counts.recall)}, error rate {percent(counts.error_rate)}, "
        f"N {counts.reference_length}"
    )


def _write_entity_protocol(terminal: Screen, scores: Sequence[EntityScore]) -> None:
    """The rules behind the figures, and how many clips' entities no person has listed."""
    with_any = [score for score in scores if score.matches]
    for signature in sorted({one for score in with_any for one in score.protocols}):
        terminal.write_line(f"entities {signature}")
    unlisted = max((score.unreviewed for score in with_any), default=0)
    if unlisted:
        clips = f"{unlisted} clip{'s'[: unlisted > 1]}"
        terminal.write_line(f"entities of {clips} not listed yet: asrlab corpus entities --write")


def _write_accuracy(terminal: Screen, model: str, figures: Figures) -> None:
    """The interval of the pooled rate, the rates beside it where they differ from it, and the clips that ran away."""
    found = figures.score
    for told in uncertainty(found.wer, figures.wer_uncertainty):
        for line in wrap(f"{short(model)}: {told}", _WIDTH, subsequent_indent="  "):
            terminal.write_line(line)
    if found.wer is not None and len({percent(found.wer), percent(found.macro_wer), percent(found.capped_wer)}) > 1:
        terminal.write_line(
            f"{short(model)}: WER as mean of clips {percent(found.macro_wer)}, capped {percent(found.capped_wer)}"
        )
    for clip, loop in figures.loops:
        terminal.write_line(f"{short(model)}: {short(clip)} repeats itself:", yellow=True)
        terminal.write_line(f"  {short(loop, _LOOP)}")


def uncertainty(wer: float | None, told: RateUncertainty | None) -> Iterator[str]:
    """How far off a WER may be: for these speakers, and for others where the groups can speak of them."""
    if told is None or wer is None:
        return
    if told.most_wrong is not None:
        yield f"no error in any clip; at most {percent(told.most_wrong)} of such clips have one (95% sure)"
    if told.these_speakers is None:
        return
    these = f"WER {percent(wer)}, 95% interval {_span(told.these_speakers)}"
    if told.other_speakers is not None:
        larger = f"; {_dominant(told)}" if told.dominant else ""
        yield f"{these} for these speakers, {_span(told.other_speakers)} for others{larger}"
    elif told.is_grouped:
        yield f"{these} for these speakers; {_few_groups(told)}"
    else:
        yield these


def _few_groups(told: RateUncertainty) -> str:
    """Why nothing is said of other speakers."""
    if told.groups == 1:
        return "one group says nothing of others"
    # Rounded down: 4.98 are fewer than five.
    weight = f"{told.groups} groups weigh as much as {math.floor(10 * told.effective_groups) / 10:g}"
    larger = f" ({_dominant(told)})" if told.dominant else ""
    return f"{weight}{larger}, too few to speak of others"


def _dominant(told: RateUncertainty) -> str:
    return f"{short(told.dominant or '', 16)} has {told.dominant_share:.0%} of the words"


def _span(interval: Interval) -> str:
    return f"{percent(interval.low)} to {percent(interval.high)}"


def _write_hallucinations(terminal: Screen, model: str, figures: Figures) -> None:
    if figures.score.silent_clips:
        terminal.write_line(
            f"{short(model)}: words invented where nobody speaks: {figures.score.hallucinated_words}, "
            f"in {figures.score.silent_clips} clip{'s'[: figures.score.silent_clips > 1]}"
        )


def short(name: str, width: int = _NAME) -> str:
    """A name cut in its middle, where both ends tell models apart."""
    if len(name) <= width:
        return name
    head = (width - 1) // 2
    return f"{name[:head]}~{name[len(name) - (width - 1 - head) :]}"


def seconds(time: float | None) -> str:
    return "-" if time is None else f"{time:.2f}"


def milliseconds(time: float | None) -> str:
    return "-" if time is None else f"{1000 * time:.0f}"


def percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1%}"


def megabytes(size: int | None) -> str:
    return "-" if size is None else f"{size / 1e6:.0f} MB"
