"""The HTML report of stored runs: the newest in full, the others as its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ConfigError

if TYPE_CHECKING:
    from asrlab_pytest.records.reading import Run
    from asrlab_pytest.report.clips import Listed
    from asrlab_pytest.report.html.page import Contents
    from asrlab_pytest.report.html.sound import Sounds
    from asrlab_pytest.report.scorecard import Scorecard
    from asrlab_pytest.report.spoken_card import SpokenCard
    from asrlab_pytest.settings import Settings


def write_html(runs: Sequence[Run], path: Path, settings: Settings, sounds: Sounds | None, listed: Listed) -> None:
    """Write the page of the newest run, with the others as its history.

    Args:
        runs: At least one, oldest first.
        path: The file; only an older report is replaced.
        settings: The settings whose rules score all runs.
        sounds: Finds the audio; None for a page without audio.
        listed: Finds what the corpus of the newest run states.

    Raises:
        ConfigError: the file is not a report, or cannot be written.
    """
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.html.page import page, refuse_foreign_page

    refuse_foreign_page(path, "-o")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, page(_contents(runs, settings, sounds, listed)))
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}", hint="choose another file with -o") from None


def _contents(runs: Sequence[Run], settings: Settings, sounds: Sounds | None, listed: Listed) -> Contents:
    from asrlab_pytest.records.cover import incomplete
    from asrlab_pytest.records.stored_rows import in_memory
    from asrlab_pytest.report.clips import Observed
    from asrlab_pytest.report.history import histories_of
    from asrlab_pytest.report.html.page import Contents
    from asrlab_pytest.report.markdown import RunReport
    from asrlab_pytest.scoring.scorer import Scorer
    from asrlab_pytest.suite.stored import rules_of, states_of, stored_scorecard, stored_spoken_cards

    # One scorer for all runs: most texts do not change between runs.
    scorer = Scorer(rules_of(settings))
    cards: list[tuple[Run, Scorecard | None, Sequence[SpokenCard]]] = []
    for run in runs:
        newest = replace(run, observations=in_memory(run.observations))
        card = stored_scorecard(newest, settings, scorer)
        spoken = stored_spoken_cards(newest, settings)
        cards.append((run, card, spoken))
    return Contents(
        title="asrlab report",
        incomplete=incomplete(runs[-1]),
        report=RunReport(card=card, spoken=spoken, environment=newest.environment),
        observed=Observed(
            observations=newest.observations,
            failures=newest.failures,
            states=states_of(newest),
            excluded=(newest.environment or {}).get("excluded") or {},
            listed=listed,
        ),
        scorer=scorer,
        histories=histories_of(cards),
        sounds=sounds,
    )
