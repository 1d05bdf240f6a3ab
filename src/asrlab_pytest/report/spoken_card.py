"""What models that speak came to in a run, as data: one row a model, also for models that could not run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Literal

from asrlab_pytest.records.memory import peak_memory
from asrlab_pytest.records.observation import Observation, total
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.report.corpus_summary import CorpusSummary, corpus_summary
from asrlab_pytest.report.stated_languages import without_language
from asrlab_pytest.report.validity import untimed
from asrlab_pytest.report.worst import Worst, worst
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.entities import EntityScore, score_entity_rows
from asrlab_pytest.scoring.intervals import Tally, rate_interval
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.spoken import (
    PooledDialogues,
    PooledSpeech,
    dialogue_facts,
    pooled_dialogues,
    pooled_speech,
    score_dialogue,
    score_speech,
)

SpokenTask = Literal["tts", "conversation"]
SPOKEN_TASKS: tuple[SpokenTask, ...] = ("tts", "conversation")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFigures:
    """What was measured of a model over its prompts or dialogues. Times are in seconds."""

    score: PooledSpeech | PooledDialogues
    entities: EntityScore
    """Of prompts, as the judge heard them; empty for dialogues, whose answers have facts instead."""
    items: int
    untimed: str
    """Why its times say nothing of it, in words; empty where they do."""
    latency_p50: float | None
    """None if the times say nothing."""
    first_audio_s: float | None
    """Time until the first speech; None if the times say nothing."""
    first_token_s: float | None
    """Time until the first text of a dialogue; None if the times say nothing."""
    rtf: float | None
    """Processing time over the length of the speech; None if there is none, or the times say nothing."""
    wer_interval: Interval | None
    """Of 95 %; None if the items cannot say how far off the rate is."""
    facts: tuple[tuple[str, str], ...]
    """Dialogue, and what its answers lack or have too much; empty for prompts."""
    faults: tuple[tuple[str, str], ...]
    """Prompt or dialogue, and what is wrong with its sound."""
    memory_bytes: int | None
    """Peak memory of a process of its own; None if that was not measured."""
    device: str
    """The device used and, where it differs, the one asked for."""
    judges: tuple[str, ...]
    """Who heard the speech: model, and version of its engine."""
    normalizations: tuple[str, ...]
    recorded: int
    """Items whose speech and times were taken from a store or record."""
    again: int = 0
    """Items that were spoken more than once."""
    differing: tuple[str, ...] = ()
    """Those of them whose speech was not the same each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenRow:
    """One model of the run."""

    model: str
    status: str
    reason: str
    hint: str
    load_s: float | None
    warmup_s: float | None
    unread: tuple[str, ...]
    """Items that gave no observation."""
    figures: SpokenFigures | None
    """None if nothing was spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenCard:
    """All models of one task."""

    task: SpokenTask
    rows: tuple[SpokenRow, ...]
    summary: CorpusSummary
    """What the prompts or dialogues are."""
    worst: Worst
    """Where the judge heard the most errors."""
    items: str
    """Name of the prompts or dialogues."""
    without_language: int = 0
    """How many of them state no language."""


def spoken_cards(
    rows: Sequence[Observation], models: Mapping[str, ModelState], *, rules: Rules
) -> tuple[SpokenCard, ...]:
    """A card for each task in which a model speaks, where the run has such models.

    Args:
        rows: The observations of every pass and every task, as they are in a record.
        models: Task, status and load times by model id, in the order to show; a model that has rows may be missing.
        rules: How texts are compared.
    """
    cards = []
    for task in SPOKEN_TASKS:
        every = [row for row in rows if row.task == task]
        first_pass = [row for row in every if row.is_first_pass]
        ids = [model for model, state in models.items() if state.get("task") == task]
        ids = list(dict.fromkeys([*ids, *(row.model for row in first_pass)]))
        if ids:
            result = tuple(
                _row(model, models.get(model, {}), [row for row in every if row.model == model], rules) for model in ids
            )
            cards.append(
                SpokenCard(
                    task=task,
                    rows=result,
                    summary=replace(corpus_summary({task: first_pass}), profiles=()),
                    worst=_worst(first_pass, rules),
                    items=first_pass[0].corpus if first_pass else "",
                    without_language=without_language(first_pass, rules),
                )
            )
    return tuple(cards)


def _row(model: str, state: ModelState, rows: Sequence[Observation], rules: Rules) -> SpokenRow:
    return SpokenRow(
        model=model,
        status=state.get("status", "recorded"),
        reason=state.get("reason", ""),
        hint=state.get("hint", ""),
        load_s=state.get("load_s"),
        warmup_s=state.get("warmup_s"),
        unread=tuple(state.get("unread", ())),
        figures=_figures(rows, state, rules),
    )


def _figures(every: Sequence[Observation], state: ModelState, rules: Rules) -> SpokenFigures | None:
    """The figures of the first pass; None if there is none."""
    rows = [row for row in every if row.is_first_pass]
    if not rows:
        return None
    is_synthesis = rows[0].task == "tts"
    score, scores, faults = (_of_prompts if is_synthesis else _of_dialogues)(rows, rules)
    asked, used = rows[0].device_requested, rows[0].device
    why, memory = untimed(state, rows), state.get("memory")
    latencies = [] if why else [row.latency_s for row in rows if row.latency_s is not None]
    seconds = total(row.audio_s for row in rows)
    return SpokenFigures(
        score=score,
        entities=score_entity_rows(rows if is_synthesis else [], rules.entities),
        items=len(rows),
        untimed=why,
        latency_p50=median(latencies) if latencies else None,
        first_audio_s=None if why else score.first_audio_s,
        first_token_s=score.first_token_s if isinstance(score, PooledDialogues) and not why else None,
        rtf=sum(latencies) / seconds if seconds and latencies else None,
        wer_interval=rate_interval(
            Tally(clip=row.clip, group=row.group, errors=each.words.errors, words=each.words.reference_length)
            for row, each in zip(rows, scores, strict=True)
        ),
        facts=() if is_synthesis else tuple((row.clip, sentence) for row in rows for sentence in _of_facts(row, rules)),
        faults=tuple((row.clip, fault) for row, row_faults in zip(rows, faults, strict=True) for fault in row_faults),
        memory_bytes=None if memory is None else peak_memory(memory).rss_bytes,
        device=used if asked in ("auto", used) else f"{used}, not {asked}",
        judges=tuple(sorted({judge_of(row) for row in rows})),
        normalizations=tuple(sorted({each.normalization for each in scores})),
        recorded=sum(row.recorded for row in rows),
        **_repeated(every),
    )


def _worst(rows: Sequence[Observation], rules: Rules) -> Worst:
    """By what the judge heard of the text."""
    scored: dict[str, list[tuple[Observation, Score]]] = {}
    for row in rows:
        scored.setdefault(row.model, []).append((row, rules.score(row)))
    return worst(scored, rules)


def _repeated(every: Sequence[Observation]) -> dict[str, Any]:
    """Which items were spoken more than once, and which of them otherwise than before."""
    speech: dict[str, list[str | None]] = {}
    for row in every:
        speech.setdefault(row.clip, []).append(row.audio_sha256)
    again = {item: hashes for item, hashes in speech.items() if len(hashes) > 1}
    return {"again": len(again), "differing": tuple(item for item, hashes in again.items() if len({*hashes}) > 1)}


_Scores = tuple[PooledSpeech | PooledDialogues, list[Score], list[tuple[str, ...]]]
"""The pooled score, and of each row what was heard and what is wrong with the sound."""


def _of_prompts(rows: Sequence[Observation], rules: Rules) -> _Scores:
    scores = [score_speech(row, rules) for row in rows]
    return pooled_speech(scores), [score.heard for score in scores], [score.faults for score in scores]


def _of_dialogues(rows: Sequence[Observation], rules: Rules) -> _Scores:
    scores = [score_dialogue(row, rules) for row in rows]
    return pooled_dialogues(scores), [score.agreement for score in scores], [score.faults for score in scores]


def _of_facts(row: Observation, rules: Rules) -> list[str]:
    facts = dialogue_facts(row, rules)
    return [
        *(f"not said in {fact}" for fact in facts.missed),
        *(f"forbidden, but said in {fact}" for fact in facts.found),
    ]


def judge_of(row: Observation) -> str:
    """Who heard the speech of an observation."""
    hearer = row.speech.hearer
    return " ".join(part for part in (hearer.model, hearer.engine_version) if part)
