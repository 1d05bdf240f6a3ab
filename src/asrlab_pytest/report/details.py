"""What the scorecard of a stored run has no room for: latencies, load times, intervals, entities and rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from asrlab_pytest.hints import runnable
from asrlab_pytest.report.layout import megabytes, milliseconds, percent, seconds, short, span, write_answers
from asrlab_pytest.report.scorecard import Figures, Scorecard, ScorecardRow
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenRow
from asrlab_pytest.scoring.corpus import CorpusScore
from asrlab_pytest.scoring.entities import EntityScore
from asrlab_pytest.scoring.intervals import RateUncertainty
from asrlab_pytest.visible import Screen
from asrlab_pytest.wording import many

_ROW = "{:<24} {:>5} {:>7} {:>7} {:>6} {:>6} {:>8}  {}"


def write_details(screen: Screen, card: Scorecard, listing: str = "") -> None:
    """A table of clips, latencies, load times and devices, then for each model what lies behind its figures.

    Args:
        screen: Where to.
        card: The figures.
        listing: The command that lists entities in the manifest; none is named where it is empty.
    """
    _write_states(
        screen,
        ("clips", "p50 ms", "p95 ms"),
        [(row, ("-", "-", "-") if row.figures is None else _latencies(row.figures)) for row in card.rows],
    )
    for model, figures in card.ran:
        screen.write_line("")
        screen.write_line(model, bold=True)
        for label, text in _of_model(figures):
            write_answers(screen, label, [text])
    _write_rules(screen, card, listing)


def _write_states(
    screen: Screen, names: Sequence[str], rows: Iterable[tuple[ScorecardRow | SpokenRow, Sequence[str]]]
) -> None:
    """A table of the models: some figures of each, then load times, memory, device and status."""
    screen.section("details", sep="-")
    screen.write_line(_ROW.format("model", *names, "load s", "warm s", "memory", "device, status"), bold=True)
    for row, cells in rows:
        figures = row.figures
        times = seconds(row.load_s), seconds(row.warmup_s)
        memory = megabytes(None if figures is None else figures.memory_bytes)
        where = row.status if figures is None else f"{figures.device}, {row.status}"
        screen.write_line(_ROW.format(short(row.model), *cells, *times, memory, where).rstrip())


def _latencies(figures: Figures) -> tuple[str, ...]:
    return str(figures.clips), milliseconds(figures.latency_p50), milliseconds(figures.latency_p95)


def _of_model(figures: Figures) -> Iterator[tuple[str, str]]:
    score = figures.score
    yield from (("accuracy", text) for text in uncertainty(score.wer, figures.wer_uncertainty))
    yield from (("", text) for text in _other_rates(score))
    if figures.standing is not None:
        yield "", figures.standing.accuracy_sentence()
        if figures.standing.ratio is not None:
            yield "speed", figures.standing.speed_sentence()
    if figures.recorded:
        yield "store", f"text and times of {figures.recorded} of {many(figures.clips, 'clip')} are of an earlier run"
    if score.silent_clips:
        words = many(score.hallucinated_words, "hallucinated word") if score.hallucinated_words else _NO_WORDS
        yield "silence", f"{words} in {many(score.silent_clips, 'silent clip')}"
    for clip, loop in figures.loops:
        yield "loop", f"{clip} repeats {loop}"
    yield from entity_lines(figures.entities)


def _other_rates(score: CorpusScore) -> list[str]:
    """WER by other ways to combine the clips, those that differ from the pooled one."""
    rates = (("as the mean of clips", score.macro_wer), ("pooled with each clip capped at 100%", score.capped_wer))
    return [f"WER {how}: {percent(rate)}" for how, rate in rates if percent(rate) != percent(score.wer)]


def entity_lines(score: EntityScore) -> Iterator[tuple[str, str]]:
    """Figures of the amounts, dates and names, where there are any or the model has invented any."""
    counts = score.counts
    if counts.hits + counts.errors:
        rates = f"recall {percent(counts.recall)}, error rate {percent(counts.error_rate)}"
        yield (
            "entities",
            f"{rates}, of {counts.reference_length} {'entity' if counts.reference_length == 1 else 'entities'}",
        )


def _write_rules(screen: Screen, card: Scorecard, listing: str) -> None:
    """By what rules the figures were made."""
    ran = [figures for _, figures in card.ran]
    screen.write_line("")
    write_answers(screen, "corpus", [f"{card.corpus}; WER and CER pooled"])
    write_answers(screen, "intervals", limits_of_intervals(card))
    signatures = sorted({signature for figures in ran for signature in figures.normalizations})
    with_entities = [figures.entities for figures in ran if figures.entities.by_type]
    signatures += sorted({protocol for score in with_entities for protocol in score.protocols})
    write_answers(screen, "rules", signatures)
    unlisted = max((score.unreviewed for score in with_entities), default=0)
    if unlisted:
        has = "has" if unlisted == 1 else "have"
        sentence = f"{many(unlisted, 'clip')} {has} no entities listed"
        write_answers(screen, "entities", [] if listing else [sentence])
        write_answers(screen, "hint", [f"{sentence}: {runnable(listing)}"] if listing else [])


_NO_WORDS = "no hallucinated words"


def write_spoken_details(screen: Screen, card: SpokenCard) -> None:
    """Load times, devices and rules of models that speak."""
    latencies = [
        ("-", "-", "") if row.figures is None else (str(row.figures.items), milliseconds(row.figures.latency_p50), "")
        for row in card.rows
    ]
    _write_states(screen, ("items", "p50 ms", ""), zip(card.rows, latencies, strict=True))
    for model, figures in card.ran:
        for label, text in entity_lines(figures.entities):
            write_answers(screen, label, [f"{short(model)}: {text}"])
    signatures = {signature for _, figures in card.ran for signature in figures.normalizations}
    write_answers(screen, "rules", sorted(signatures))


def limits_of_intervals(card: Scorecard) -> list[str]:
    """What no interval of the card accounts for; empty where it has none."""
    stated = filter(None, (figures.wer_uncertainty for _, figures in card.ran))
    has_any = any(interval.these_speakers or interval.most_wrong is not None for interval in stated)
    return ["do not cover failures that these clips do not show, such as loops"] if has_any else []


def uncertainty(wer: float | None, interval: RateUncertainty | None) -> Iterator[str]:
    """How far off a WER may be: for these speakers, and for others where the groups can speak of them."""
    if interval is None or wer is None:
        return
    if interval.most_wrong is not None:
        yield f"no error in any clip; at most {percent(interval.most_wrong)} of such clips have one (95% confidence)"
    if interval.these_speakers is None:
        return
    these = f"WER {percent(wer)} (95% CI {span(interval.these_speakers)})"
    if interval.other_speakers is not None:
        larger = f"; {_dominant(interval)}" if interval.dominant else ""
        yield f"{these} for these speakers, {span(interval.other_speakers)} for others{larger}"
    elif interval.is_grouped:
        yield f"{these} for these speakers; {_few_groups(interval)}"
    else:
        yield these


def _few_groups(interval: RateUncertainty) -> str:
    """Why nothing is said of other speakers."""
    if interval.groups == 1:
        return "1 speaker is too few to generalize"
    # Rounded down: 4.98 are fewer than five.
    weight = f"{interval.groups} speakers count as {math.floor(10 * interval.effective_groups) / 10:g} of equal weight"
    larger = f" ({_dominant(interval)})" if interval.dominant else ""
    return f"{weight}{larger}, too few to generalize"


def _dominant(interval: RateUncertainty) -> str:
    return f"{short(interval.dominant or '', 16)} has {interval.dominant_share:.0%} of the words"


def uncertainty_lines(figures: Figures) -> Sequence[str]:
    """The same of a model's WER, where its clips have speakers; else the table says all."""
    interval = figures.wer_uncertainty
    return [*uncertainty(figures.score.wer, interval)] if interval is not None and interval.is_grouped else []
