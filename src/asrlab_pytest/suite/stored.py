"""The scorecard of a run that is in a file, by the rules that the run itself was scored by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.records.cover import incomplete
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.records.stored_rows import chosen
from asrlab_pytest.report.scorecard import Scorecard, scorecard
from asrlab_pytest.report.spoken_card import SpokenCard, spoken_cards
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import Settings, validated


def recorded_settings(run: Run) -> Settings | None:
    """The settings that a run says it was made with; None if it says nothing of them.

    Those that this version does not know are left out: see `unknown_settings`.

    Raises:
        ConfigError: one has a value that this version does not take.
    """
    if run.environment is None:
        return None
    unknown = unknown_settings(run)
    known = {key: value for key, value in run.environment.settings.items() if key not in unknown}
    return validated(known, source=f"{run.path}: settings")


def unknown_settings(run: Run) -> list[str]:
    """Settings of a run that only another version of this package has."""
    recorded = run.environment.settings if run.environment else ()
    return [key for key in recorded if key not in Settings.__dataclass_fields__]


def rules_of(settings: Settings) -> Rules:
    """How a project compares texts."""
    return Rules(Normalizations(settings.normalization, settings.normalizations), settings.entities)


def stored_scorecard(run: Run, settings: Settings, scorer: Scorer | None = None) -> Scorecard | None:
    """The scorecard that the run printed or, where it did not finish, of what it has.

    None if the run has no ASR model.

    Args:
        run: The run.
        settings: Whose rules texts are compared by, and whose reference model speed is compared with.
        scorer: Scores by these rules, and caches the scores.
    """
    rows = chosen(run.observations, lambda row: row.task == "asr")
    states = {model: state for model, state in states_of(run).items() if state.task == "asr"}
    if not rows and not states:
        return None
    listed = run.environment.corpus if run.environment else None
    corpus = listed.name if listed else next((row.corpus for row in rows), "")
    card = scorecard(
        rows,
        states,
        rules=rules_of(settings),
        corpus=corpus,
        reference=settings.reference,
        gates=settings.gates,
        scorer=scorer,
    )
    return replace(card, incomplete=tuple(incomplete(run)), excluded=tuple(run.excluded))


def stored_spoken_cards(run: Run, settings: Settings) -> tuple[SpokenCard, ...]:
    """The cards of the run's models that speak, by these settings' rules."""
    return spoken_cards(run.observations, states_of(run), rules=rules_of(settings))


def other_rules(run: Run, card: Scorecard | None) -> list[tuple[str, str]]:
    """Rules that the run was scored by and that are others now: the signature then, and the one of the card."""
    if card is None:
        return []
    from asrlab_pytest.records.differences import other_signatures

    recorded = run.environment.protocols if run.environment else None
    figures = [row.figures for row in card.rows if row.figures]
    present = {
        "normalization": [signature for each in figures for signature in each.normalizations],
        "entities": [signature for each in figures for signature in each.entities.protocols],
    }
    return [(then, now) for _, then, now in other_signatures(recorded, present)]


def states_of(run: Run) -> Mapping[str, ModelState]:
    """The states of the models at the end of the run; derived from its rows if it has no end."""
    if run.is_ended:
        did = {row.model: row.task for row in run.tried}
        return {
            model: state.model_copy(update={} if "task" in state.model_fields_set else {"task": did.get(model, "asr")})
            for model, state in run.models.items()
        }
    states = {row.model: ModelState(task=row.task) for row in run.tried}
    for row in run.failures:
        states[row.model].unread[row.clip] = row.problem
    return states
