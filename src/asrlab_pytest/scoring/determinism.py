"""Whether a model repeats itself: the same audio transcribed again, and in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.stored_rows import chosen
from asrlab_pytest.scoring.counts import pooled
from asrlab_pytest.scoring.facts import pooled_facts
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.spoken import dialogue_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Determinism:
    """Comparison of the passes of one model over the same clips."""

    passes: int
    clips: int
    """Clips that every pass has."""
    different: tuple[str, ...]
    """Clips that got more than one text."""
    wers: tuple[float, ...]
    """Pooled word error rate of each pass over those clips; empty where no clip has a reference."""
    reordered: int
    """Clips that were transcribed in another order as well."""
    is_batched: bool
    """Whether the passes were made in batches, and the other order one clip at a time."""
    different_reordered: tuple[str, ...]
    """Those of them whose text in the other order is none of the texts of the passes."""

    @property
    def spread(self) -> float | None:
        """Largest less smallest word error rate of a pass."""
        return max(self.wers) - min(self.wers) if self.wers else None


def determinism(rows: Sequence[Observation], rules: Rules) -> Determinism | None:
    """Compare the passes of one model; None if there was one pass.

    Args:
        rows: Observations of one model, of every pass.
        rules: How texts are compared for the error rates; whether texts differ is decided on the raw ones.
    """
    if all(row.is_first_pass for row in rows):
        return None
    given = [row for row in rows if row.order == "given"]
    shuffled = [row for row in rows if row.order == "shuffled"]
    count = 1 + max((row.repeat for row in given), default=0)
    if count == 1 and not shuffled:
        return None
    complete = _complete(given, count)
    texts = {clip: {row.hypothesis for row in passes.values()} for clip, passes in complete.items()}
    compared = [row for row in shuffled if row.clip in texts]
    return Determinism(
        passes=count,
        clips=len(complete),
        different=tuple(clip for clip, said in texts.items() if len(said) > 1),
        wers=_wers(complete, count, rules),
        reordered=len(compared),
        is_batched=any(row.batch_size > 1 for row in given),
        different_reordered=tuple(row.clip for row in compared if row.hypothesis not in texts[row.clip]),
    )


def spreads(passes: Mapping[str, Sequence[Observation]], rules: Rules) -> dict[str, float]:
    """By how much the error rate of each model differs between passes over the same clips, where there are any.

    That is the WER, and of conversation the fact error rate: what the accuracy gate compares first.

    Args:
        passes: Observations of every pass, by model id.
        rules: How texts are compared.
    """
    rates_of = {model: _rates(rows, rules) for model, rows in passes.items()}
    return {model: max(rates) - min(rates) for model, rates in rates_of.items() if len(rates) > 1}


def _rates(rows: Sequence[Observation], rules: Rules) -> tuple[float, ...]:
    """Pooled error rate of each pass over the clips that every pass has; empty for a single pass."""
    given = chosen(rows, lambda row: row.order == "given")
    count = 1 + max((row.repeat for row in given), default=0)
    if count == 1:
        return ()
    of_task = _fact_rates if any(row.turns for row in given) else _wers
    return of_task(_complete(given, count), count, rules)


def _complete(given: Sequence[Observation], count: int) -> dict[str, dict[int, Observation]]:
    """The rows of each clip that every one of so many passes has, by pass."""
    passes: dict[str, dict[int, Observation]] = {}
    for row in given:
        passes.setdefault(row.clip, {})[row.repeat] = row
    return {clip: rows for clip, rows in passes.items() if len(rows) == count}


def _fact_rates(complete: Mapping[str, Mapping[int, Observation]], count: int, rules: Rules) -> tuple[float, ...]:
    if not complete:
        return ()
    pools = [pooled_facts(dialogue_facts(rows[number], rules) for rows in complete.values()) for number in range(count)]
    return tuple(pool.errors / pool.total for pool in pools if pool.total)


def _wers(complete: Mapping[str, Mapping[int, Observation]], count: int, rules: Rules) -> tuple[float, ...]:
    rates = []
    # Without a clip that every pass has, a record may state any number of passes.
    for number in range(count if complete else 0):
        scored = (rules.score(passes[number]).words for passes in complete.values())
        rates.append(pooled(words for words in scored if words.reference_length).rate)
    return tuple(rate for rate in rates if rate is not None)
