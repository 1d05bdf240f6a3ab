"""Figures of the models that speak, as data: one row per model, also for models that could not run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import NamedTuple

from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.observation import Observation, total
from asrlab_pytest.records.rows_by_clip import rows_by_clip
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.report.corpus_summary import CorpusSummary, corpus_summary, unserved
from asrlab_pytest.report.model_row import ModelFigures, ModelRow, device_of, memory_of
from asrlab_pytest.report.stated_languages import without_language
from asrlab_pytest.report.validity import untimed
from asrlab_pytest.report.worst import Worst, worst
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.entities import score_entity_rows
from asrlab_pytest.scoring.facts import FactScore
from asrlab_pytest.scoring.intervals import Tally, rate_interval
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.spoken import (
    PooledDialogues,
    PooledSpeech,
    pooled_dialogues,
    pooled_speech,
    score_dialogue,
    score_speech,
)
from asrlab_pytest.tasks import NOUNS, SPOKEN, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFigures(ModelFigures):
    """What was measured of a model over its prompts or dialogues, of whose texts the judge heard the entities."""

    score: PooledSpeech | PooledDialogues
    items: int
    first_audio_s: float | None
    """Time until the first speech; None if the times say nothing."""
    first_token_s: float | None
    """Time until the first text of a dialogue; None if the times say nothing."""
    wer_interval: Interval | None
    """Of 95 %; None if the items cannot say how far off the rate is."""
    facts: tuple[tuple[str, str], ...]
    """Dialogue, and what its answers lack or have too much; empty for prompts."""
    faults: tuple[tuple[str, str], ...]
    """Prompt or dialogue, and what is wrong with its sound."""
    judges: tuple[str, ...]
    """Who heard the speech: model, and version of its engine."""
    again: int = 0
    """Items that were spoken more than once."""
    differing: tuple[str, ...] = ()
    """Those of them whose speech was not the same each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenRow(ModelRow):
    """One model of the run that speaks."""

    figures: SpokenFigures | None
    """None if nothing was spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenCard:
    """All models of one task."""

    task: Task
    rows: tuple[SpokenRow, ...]
    summary: CorpusSummary
    """What the prompts or dialogues are."""
    worst: Worst
    """Where the judge heard the most errors."""
    items: str
    """Name of the prompts or dialogues."""
    without_language: int = 0
    """How many of them state no language."""
    unserved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Languages in which a model said nothing, where it spoke others."""

    @property
    def ran(self) -> list[tuple[str, SpokenFigures]]:
        """The models that said something, by id."""
        return [(row.model, row.figures) for row in self.rows if row.figures is not None]

    @property
    def fewer(self) -> dict[str, int]:
        """Models that have only some of the prompts or dialogues, and how many: their rows cover other samples."""
        return {model: figures.items for model, figures in self.ran if figures.items < self.summary.clips}

    @property
    def judges(self) -> str:
        """Who heard the speech."""
        return ", ".join(sorted({judge for _, figures in self.ran for judge in figures.judges}))

    @property
    def sentence(self) -> str:
        """What was evaluated, and who heard it."""
        return f"{self.summary.sentence(NOUNS[self.task])} | judge: {self.judges}"


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
    for task in SPOKEN:
        every = [row for row in rows if row.task == task]
        first_pass = [row for row in every if row.is_first_pass]
        ids = [model for model, state in models.items() if state.task == task]
        ids = list(dict.fromkeys([*ids, *(row.model for row in first_pass)]))
        if ids:
            observed = {model: [row for row in every if row.model == model] for model in ids}
            states = {model: models.get(model, ModelState()) for model in ids}
            result = tuple(
                SpokenRow.of(model, states[model], figures=_figures(observed[model], states[model], rules))
                for model in ids
            )
            summary = replace(corpus_summary({task: rows_by_clip(first_pass)}), profiles=())
            firsts = {model: [row for row in every if row.is_first_pass] for model, every in observed.items() if every}
            cards.append(
                SpokenCard(
                    task=task,
                    rows=result,
                    summary=summary,
                    unserved=unserved(firsts, summary),
                    worst=_worst(first_pass, rules),
                    items=first_pass[0].corpus if first_pass else "",
                    without_language=without_language(first_pass, rules),
                )
            )
    return tuple(cards)


def _figures(every: Sequence[Observation], state: ModelState, rules: Rules) -> SpokenFigures | None:
    """The figures of the first pass; None if there is none."""
    rows = [row for row in every if row.is_first_pass]
    if not rows:
        return None
    score, scored = _scored(rows, rules)
    pairs = list(zip(rows, scored, strict=True))
    why = untimed(state, rows)
    latencies = [] if why else [row.latency_s for row in rows if row.latency_s is not None]
    seconds = total(row.audio_s for row in rows)
    again = _repeated(every)
    return SpokenFigures(
        score=score,
        entities=score_entity_rows([row for row in rows if not row.turns], rules.entities),
        items=len(rows),
        untimed=why,
        latency_p50=median(latencies) if latencies else None,
        first_audio_s=None if why else score.first_audio_s,
        first_token_s=score.first_token_s if isinstance(score, PooledDialogues) and not why else None,
        rtf=sum(latencies) / seconds if seconds and latencies else None,
        wer_interval=rate_interval(Tally.of(row, each.score.words) for row, each in pairs),
        facts=tuple((row.clip, words) for row, each in pairs for words in each.facts),
        faults=tuple((row.clip, fault) for row, each in pairs for fault in each.faults),
        memory_bytes=memory_of(state),
        device=device_of(rows[0]),
        judges=tuple(sorted({judge_of(row) for row in rows})),
        normalizations=tuple(sorted({each.score.normalization for each in scored})),
        recorded=sum(row.recorded for row in rows),
        again=len(again),
        differing=tuple(item for item, digests in again.items() if len({*digests}) > 1),
    )


def _worst(rows: Sequence[Observation], rules: Rules) -> Worst:
    """By what the judge heard of the text."""
    return worst(grouped((row.model, (row, rules.score(row))) for row in rows), rules)


def _repeated(every: Sequence[Observation]) -> dict[str, list[str | None]]:
    """Digests of the speech of each item that was spoken more than once."""
    speech = grouped((row.clip, row.audio_sha256) for row in every)
    return {item: digests for item, digests in speech.items() if len(digests) > 1}


class _Scored(NamedTuple):
    """What one prompt or dialogue scored."""

    score: Score
    """What the judge heard in it."""
    faults: tuple[str, ...]
    """Of its sound."""
    facts: Sequence[str] = ()
    """What its answers miss or must not have."""


def _scored(rows: Sequence[Observation], rules: Rules) -> tuple[PooledSpeech | PooledDialogues, list[_Scored]]:
    """The pooled score, and that of each row."""
    if rows[0].task == "tts":
        spoken = [score_speech(row, rules) for row in rows]
        return pooled_speech(spoken), [_Scored(each.heard, each.faults) for each in spoken]
    held = [score_dialogue(row, rules) for row in rows]
    return pooled_dialogues(held), [_Scored(each.agreement, each.faults, _of_facts(each.facts)) for each in held]


def _of_facts(facts: FactScore) -> list[str]:
    return [
        *(f"not said in {fact}" for fact in facts.missed),
        *(f"forbidden, but said in {fact}" for fact in facts.found),
    ]


def judge_of(row: Observation) -> str:
    """Who heard the speech of an observation."""
    hearer = row.speech.hearer
    return " ".join(part for part in (hearer.model, hearer.engine_version) if part)
