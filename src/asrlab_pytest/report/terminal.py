"""Writes scorecards within 80 columns: a table, then a line for each question that a person has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from asrlab_pytest.gates.comparison import Standing
from asrlab_pytest.grouping import grouped
from asrlab_pytest.hints import runnable
from asrlab_pytest.report.layout import (
    LABEL,
    WIDTH,
    Titled,
    bounds,
    cut,
    factor,
    fitted,
    megabytes,
    percent,
    short,
    some,
    times,
    write_answers,
)
from asrlab_pytest.report.model_row import ModelRow
from asrlab_pytest.report.scorecard import Figures, Scorecard
from asrlab_pytest.report.spoken_card import SpokenCard
from asrlab_pytest.report.spoken_columns import COLUMNS, cells, marked, notes
from asrlab_pytest.report.stated_languages import STATE_IT, unstated_sentence
from asrlab_pytest.report.validity import by_reason, how_to_time
from asrlab_pytest.report.worst import Worst
from asrlab_pytest.tasks import LABELS, NOUNS
from asrlab_pytest.visible import Screen
from asrlab_pytest.wording import FAILED_DOWNLOAD, many

_ROW = "{:<24} {:>6}{:1} {:>12} {:>6} {:>7} {:>7} {:>8}"
_LOOP = 40
_ITEM = 20
_MOST = 8
"""How many models are listed."""
_PLAIN = ("weights missing", "package missing")
"""Statuses that say why, where the hint says how."""
_SHOWN_REASONS = ("license", FAILED_DOWNLOAD)
"""Words in a reason that no hint may hide: it asks for consent, or is the only place that says what went wrong."""
NOT_MEASURED = "not measured: a test with asr_memory measures it in a new process"

Ran = Sequence[tuple[str, Figures]]
"""Models that transcribed something."""


def write_scorecard(screen: Screen, card: Scorecard, more: str = "") -> None:
    """The scorecard; nothing where no model ran and nothing is to say of any.

    Args:
        screen: Where to.
        card: The figures.
        more: The command that shows more; none is named where it is empty.
    """
    titled = Titled(screen, "asrlab scorecard")
    ran = card.ran
    if ran:
        titled.write_line(cut(card.summary.sentence(), WIDTH))
        titled.write_line(_ROW.format("model", "WER", "", "95% CI", "CER", "RTF", "speed", "memory"), bold=True)
        for model, figures in ran:
            titled.write_line(_row(model, figures, "*" if model in card.fewer else ""))
        titled.write_line("")
    lacking = [sentence.removeprefix("the run is incomplete: ") for sentence in card.incomplete]
    write_answers(titled, "incomplete", lacking, yellow=True)
    write_answers(titled, "* clips", fewer_clips(card), yellow=True)
    write_answers(titled, "95% CI", without_interval(ran), yellow=True)
    _write_comparison(titled, card, ran)
    measured = [f"{row.model}: {megabytes(row.memory_bytes)}" for row in card.rows if row.memory_bytes is not None]
    write_answers(titled, "memory", measured)
    write_answers(titled, "memory", unmeasured(ran))
    write_worst(titled, card.worst, len(ran))
    _write_oddities(titled, card, ran)
    write_not_run(titled, card.rows)
    write_answers(titled, "more", [more] if more and not titled.is_empty else [])


def _row(model: str, figures: Figures, mark: str) -> str:
    return _ROW.format(
        short(model),
        percent(figures.score.wer),
        mark,
        bounds(figures.wer_interval),
        percent(figures.score.cer),
        factor(figures.rtf),
        times(figures.speedup),
        megabytes(figures.memory_bytes),
    )


def _write_comparison(screen: Screen, card: Scorecard, ran: Ran) -> None:
    beside = [(model, figures.standing) for model, figures in ran if figures.standing is not None]
    accuracies = [_named(model, standing, Standing.accuracy_sentence) for model, standing in beside]
    write_answers(screen, "reference", without_reference(card.absent_reference) if ran else [], yellow=True)
    write_answers(screen, "accuracy", accuracies)
    timed = [
        _named(model, standing, Standing.speed_sentence) for model, standing in beside if standing.ratio is not None
    ]
    timed += [_named(row.model, row.timed, Standing.speed_sentence) for row in card.rows if row.timed is not None]
    write_answers(screen, "speed", [*timed, *_untimed(ran)])
    write_answers(screen, "throughput", per_model(ran, throughput_sentence))
    if card.unlike:
        write_answers(screen, "decoding", [f"settings differ: {', '.join(card.unlike)}"], yellow=True)


def _named(model: str, standing: Standing, sentence: Callable[..., str]) -> str:
    """A sentence after the model's name; the reference model is named where that leaves one line."""
    standing = replace(standing, reference=short(standing.reference))
    whole = f"{short(model)}: {sentence(standing)}"
    return whole if len(whole) <= WIDTH - LABEL else f"{short(model)}: {sentence(standing, names_reference=False)}"


def _untimed(ran: Ran) -> Iterator[str]:
    """Why real-time factors are not shown, once for all models that lack them for one reason, and how to get them."""
    reasons = by_reason((model, figures.untimed) for model, figures in ran)
    standings = [figures.standing for _, figures in ran if figures.standing is not None]
    is_compared = any(standing.ratio is not None for standing in standings)
    is_busy = any(standing.is_of_a_busy_machine for standing in standings)
    for why, models in reasons.items():
        what = ("columns RTF and speed not shown" if is_busy else "RTF not shown") if is_compared else "not shown"
        whose = "" if len(models) == len(ran) else f" for {some(models)}"
        yield "; ".join(filter(None, [f"{what}{whose}: {why}", how_to_time(why, is_compared=is_compared)]))


def unmeasured(ran: Ran) -> list[str]:
    """Of which models no memory was measured; empty if there are none."""
    lacking = [model for model, figures in ran if figures.lacks_memory]
    whose = "" if len(lacking) == len(ran) else f"{some(lacking)} "
    return [f"{whose}{NOT_MEASURED}"] if lacking else []


def _write_oddities(screen: Screen, card: Scorecard, ran: Ran) -> None:
    """What is not as it should be; nothing where all is."""
    notes: tuple[tuple[str, Iterable[str], bool], ...] = (
        ("no result", unread(card.rows), True),
        ("loops", per_model(ran, _loops), True),
        ("silence", per_model(ran, invented), True),
        (
            "language",
            [*per_model(ran, lambda figures: "; ".join(figures.detected)), *unstated(card.without_language)],
            True,
        ),
        ("cut", per_model(ran, cut_sentence), False),
        ("set aside", [*kept_away(card.excluded), *per_model(ran, quarantined)], True),
        ("repeats", per_model(ran, passes), any(_is_unstable(figures) for _, figures in ran)),
        ("self-check", [f"{short(row.model)}: {row.self_check}" for row in card.rows if row.self_check], False),
    )
    for label, answers, is_doubtful in notes:
        write_answers(screen, label, answers, **({"yellow": True} if is_doubtful else {}))


def per_model(ran: Ran, sentence: Callable[[Figures], str], named: Callable[[str], str] = short) -> list[str]:
    """A sentence of each model that it says something of, after the model's name."""
    return [f"{named(model)}: {text}" for model, figures in ran if (text := sentence(figures))]


def _loops(figures: Figures) -> str:
    if not figures.loops:
        return ""
    clip, loop = figures.loops[0]
    more = f", and {many(len(figures.loops) - 1, 'more clip')}" if len(figures.loops) > 1 else ""
    return f"{short(clip)} repeats {short(loop, _LOOP)}{more}"


def invented(figures: Figures) -> str:
    """The words that were written where nobody speaks; empty if there are none."""
    score = figures.score
    if not score.hallucinated_words:
        return ""
    return f"{many(score.hallucinated_words, 'hallucinated word')} in {many(score.silent_clips, 'silent clip')}"


def cut_sentence(figures: Figures) -> str:
    """Which clips were cut; empty if none was."""
    if not figures.cut:
        return ""
    return f"{many(len(figures.cut), 'clip')} longer than the engine's limit, cut at pauses ({some(figures.cut)})"


def throughput_sentence(figures: Figures) -> str:
    """How fast clips in batches were transcribed; empty if none were."""
    if figures.throughput is None:
        return ""
    return f"{figures.throughput:.1f} s of audio per second (RTFx), in batches"


def quarantined(figures: Figures) -> str:
    """Which clips are quarantined, and the WER with them and without; empty if none is."""
    count = len(figures.quarantined)
    if not count:
        return ""
    return (
        f"{many(count, 'clip')} quarantined ({some(figures.quarantined)}); WER with {'them' if count > 1 else 'it'} "
        f"{percent(figures.wer_with_quarantined)}, without {percent(figures.wer_without_quarantined)}"
    )


def passes(figures: Figures) -> str:
    """Whether what was transcribed again gave the same text; empty where nothing was."""
    determinism = figures.determinism
    if determinism is None:
        return ""
    rates = sorted(set(map(percent, determinism.wers)))
    wer = f"; WER {' to '.join(rates[:1] + rates[-1:] * (len(rates) > 1))}" if rates else ""
    same = f"{determinism.clips - len(determinism.different)} of {determinism.clips} clips"
    parts = [f"{determinism.passes} passes, same text for {same}{_not(determinism.different)}{wer}"]
    if determinism.reordered:
        same = f"{determinism.reordered - len(determinism.different_reordered)} of {determinism.reordered} clips"
        how = "in another order and one at a time" if determinism.is_batched else "in another order"
        parts.append(f"{how}, same text for {same}{_not(determinism.different_reordered)}")
    return "; ".join(parts)


def _not(clips: Sequence[str]) -> str:
    return f" (not {some(clips)})" if clips else ""


def _is_unstable(figures: Figures) -> bool:
    determinism = figures.determinism
    return determinism is not None and bool(determinism.different or determinism.different_reordered)


def write_spoken(screen: Screen, card: SpokenCard) -> None:
    """A table of the models that ran; then a line for each question."""
    titled = Titled(screen, f"asrlab {LABELS[card.task]}")
    ran, noun = card.ran, NOUNS[card.task]
    if ran:
        titled.write_line(cut(card.sentence, WIDTH))
        # Memory needs a process of its own, which few ask for: a column of dashes would say nothing.
        has_memory = any(figures.memory_bytes is not None for _, figures in ran)
        columns = COLUMNS[card.task]
        form = columns.form
        names = marked(card.task, columns.terminal)
        titled.write_line(form.format("model", *names, "memory" if has_memory else "").rstrip(), bold=True)
        for model, figures in ran:
            memory = megabytes(figures.memory_bytes) if has_memory else ""
            shown = marked(card.task, cells(card.task, figures), "*" if model in card.fewer else "")
            titled.write_line(form.format(short(model), *shown, memory).rstrip())
        titled.write_line("")
    write_answers(titled, "* fewer", fewer_clips(card, noun), yellow=True)
    answers = ((model, *note) for model, figures in ran for note in notes(card.task, figures))
    texts_of = grouped((label, f"{short(model)}: {text}") for model, label, text in answers)
    for label in ("accuracy", "facts", "repeats", "faults"):
        write_answers(titled, label, texts_of.get(label, ()))
    write_answers(titled, "speed", untimed_speech(card))
    write_worst(titled, card.worst, len(ran), noun)
    write_answers(titled, "no result", unread(card.rows, noun), yellow=True)
    write_answers(titled, "language", unstated(card.without_language, noun), yellow=True)
    write_not_run(titled, card.rows)


def untimed_speech(card: SpokenCard) -> Iterator[str]:
    """Why times are not shown, once for all models that lack them for one reason, and how to get them."""
    for why, models in by_reason((model, figures.untimed) for model, figures in card.ran).items():
        whose = "" if len(models) == len(card.ran) else f" for {some(models)}"
        yield f"not shown{whose}: {why}; {how_to_time(why, is_speech=True)}"


def unread(rows: Iterable[ModelRow], noun: str = "clip") -> list[str]:
    """The samples that gave no result, a sentence for each model that has any."""
    return [f"{short(row.model)}: {many(len(row.unread), noun)} ({some(row.unread)})" for row in rows if row.unread]


def fewer_clips(card: Scorecard | SpokenCard, noun: str = "clip") -> list[str]:
    """Which models have results of only some of the samples, a sentence for each number of samples.

    Args:
        card: The models.
        noun: What the samples are.
    """
    models_of = grouped(((count, card.unserved.get(model, ())), model) for model, count in card.fewer.items())
    return [
        f"{some(models)}: {count:,} of the {card.summary.clips:,} {noun}s"
        + (f" (none in {some(languages)})" if languages else "")
        for (count, languages), models in models_of.items()
    ]


def without_reference(absent: str | None) -> list[str]:
    """Why no model is compared with the reference model; nothing if that one ran."""
    return [f"no comparison: {absent} did not run (choose another with --asr-reference)"] if absent else []


def kept_away(excluded: Sequence[str]) -> list[str]:
    """How many clips the audit excluded, and which; empty if none."""
    return [f"{many(len(excluded), 'clip')} excluded by the audit ({some(excluded)})"] if excluded else []


def without_interval(ran: Iterable[tuple[str, Figures]]) -> list[str]:
    """Which models have no interval because one clip has most of the words, a sentence for each such clip."""
    known = ((figures.wer_uncertainty, model) for model, figures in ran if figures.wer_uncertainty is not None)
    models_of = grouped((of.why_none, model) for of, model in known if of.longest is not None and of.most_wrong is None)
    return [f"{some(models)}: none, {why}" for why, models in models_of.items()]


def unstated(without_language: int, noun: str = "clip") -> list[str]:
    """How many samples state no language, and what to do about it; nothing where all do."""
    return [f"{unstated_sentence(without_language, noun)}; {STATE_IT}"] if without_language else []


def write_worst(screen: Screen, worst: Worst, models: int, noun: str = "clip") -> None:
    """Where the most was misheard: the words after the models where all of them fit, else below.

    Args:
        screen: Where to.
        worst: The samples.
        models: How many models ran; a single one is not named.
        noun: What the samples are.
    """
    width = max((len(short(clip.clip, _ITEM)) for clip in worst.clips), default=0)
    for place, clip in enumerate(worst.clips):
        start = f"{'' if place else 'worst':<{LABEL}}{short(clip.clip, _ITEM):<{width}}  {clip.rate:>4.0%}"
        if models > 1:
            start += f"  {_whose(clip.models, models, WIDTH - len(start) - 2)}"
        line = f"{start}  {', '.join(clip.misheard)}"
        if len(line) <= WIDTH:
            screen.write_line(line)
        else:
            screen.write_line(start)
            words = fitted(clip.misheard, WIDTH - LABEL - 2, rest="({} more)")
            screen.write_line(f"{'':<{LABEL}}  {words}")
    if worst.more:
        screen.write_line(f"{'':<{LABEL}}and {many(worst.more, f'more {noun}')} with errors")


def _whose(models: Sequence[str], count: int, room: int) -> str:
    """The models that wrote a text, of so many."""
    if len(models) == count:
        return "both" if count == 2 else f"all {count}"  # noqa: PLR2004 - two are both
    return fitted([*map(short, models)], room)


def write_not_run(screen: Screen, rows: Sequence[ModelRow]) -> None:
    """A line for each model that did not run: its name, its status and the hint, or the reason where that says more."""
    idle = [row for row in rows if row.is_idle]
    if not idle:
        return
    shown = idle[:_MOST]
    widths = [max(len(short(row.model)) for row in shown), max(len(row.status) for row in shown)]
    for place, row in enumerate(shown):
        cells = [short(row.model).ljust(widths[0]), row.status.ljust(widths[1])]
        start = f"{'' if place else 'not run':<{LABEL}}{'  '.join(cells)}"
        _write_idle(screen, start, row)
    if len(idle) > _MOST:
        write_answers(screen, "", [f"and {len(idle) - _MOST} more: {runnable('asrlab models')}"])


def _write_idle(screen: Screen, start: str, row: ModelRow) -> None:
    """One line where the hint says all and fits; else what is wrong below, then the hint."""
    command = runnable(row.hint)
    line = f"{start}  {command}".rstrip()
    is_plain = row.status in _PLAIN and not any(words in row.reason for words in _SHOWN_REASONS)
    if is_plain and command and len(line) <= WIDTH:
        screen.write_line(line, yellow=True)
        return
    screen.write_line(start.rstrip(), yellow=True)
    reason = "" if is_plain and command else row.reason
    write_answers(screen, "", filter(None, [reason, f"hint: {command}" if command else ""]))


def write_doubt(screen: Screen, load_at_start: float | None) -> None:
    """Say of a bound on absolute time that this machine has other work.

    Args:
        screen: Where.
        load_at_start: The load average when the run began.
    """
    from asrlab_pytest.measure.machine import why_shared

    why = why_shared(load_at_start)
    if why is not None:
        screen.write_line(f"asrlab: the machine was busy or shared ({why}):", yellow=True)
        screen.write_line("  times include other programs' load;", yellow=True)
        screen.write_line("  max_rtf_ratio compares with another model, timed in turn", yellow=True)
