"""What of the chosen models and samples a scored record lacks, and the other way round."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.models.registry import is_glob
from asrlab_pytest.suite.recording import ids_of
from asrlab_pytest.tasks import NOUNS, Task
from asrlab_pytest.wording import some

if TYPE_CHECKING:
    from asrlab_pytest.records.cover import Present
    from asrlab_pytest.suite.suite import Suite


def uncovered(suite: Suite, tasks: Collection[Task]) -> list[str]:
    """Whose texts a run scores that runs no model, and the samples of that record that the corpus does not have."""
    if suite.recording is None:
        return []
    from asrlab_pytest.records.cover import removed

    sentences = [
        f"no model was run: the texts are those of {suite.recording.path}",
        *suite.recording.left_out(tail=True),
        *removed(suite.recording, _present(suite, tasks)),
    ]
    absent = _absent(suite, tasks, by_glob=True)
    return [*sentences, f"{suite.recording.path} has no transcript by {', '.join(absent)}"] if absent else sentences


def untranscribed(suite: Suite, tasks: Collection[Task], unserved: Collection[Task] = ()) -> list[str]:
    """The models that the project names, and the chosen samples, without a transcript in a scored record, in words.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.
        unserved: Those that it has tests of, and the record no model.
    """
    if suite.recording is None:
        return []
    from asrlab_pytest.records import cover

    absent = _absent(suite, {*tasks, *unserved})
    models = [f"not scored, {suite.recording.path} has no transcript by {', '.join(absent)}"] if absent else []
    return [*models, *cover.untranscribed(suite.recording, _present(suite, tasks))]


def refuse_foreign(suite: Suite, tasks: Collection[Task]) -> None:
    """Fail early if there is nothing to score.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.

    Raises:
        AsrlabError: the record has none of the chosen samples.
    """
    models = [spec for spec in suite.models if spec.task in tasks]
    if suite.recording is not None and not any(map(suite.samples_for, models)):
        by = some([spec.id for spec in models]) or "a model"
        nouns = " or ".join(NOUNS[task] for task in sorted(tasks))
        manifests = " or ".join(str(suite.listed(task).manifest) for task in sorted(tasks))
        raise ConfigError(
            f"{suite.recording.path} has no transcript by {by} of any chosen {nouns} of {manifests}",
            hint="choose the corpus of the record with --asr-corpus, --asr-prompts or --asr-dialogues",
        )


def _absent(suite: Suite, tasks: Collection[Task], *, by_glob: bool = False) -> list[str]:
    """Models that the project names for these tasks and the record that is scored does not have.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.
        by_glob: Those of the project's own tables that a glob names, rather than those that are named by id.
    """
    # What was not ready when the record was made, it lists with the reason.
    listed = suite.recording.models if suite.recording else ()
    recorded = {model for model, _ in suite.recorded} | {*listed}
    patterns = [pattern for pattern in suite.settings.model if is_glob(pattern) == by_glob]
    named = [ids_of(suite.registry, pattern) for pattern in patterns]
    if by_glob:
        named = [{model} for ids in named for model in ids if suite.registry[model].name in suite.settings.models]
    return sorted(
        {model for ids in named if not ids & recorded for model in ids if suite.registry[model].task in tasks}
    )


def _present(suite: Suite, tasks: Collection[Task]) -> dict[Task, Present]:
    """The current samples of each task."""
    from asrlab_pytest.records.cover import Present

    return {
        task: Present(suite.models_of(task), suite.chosen(task), suite.listed(task).by_id, suite.listed(task).manifest)
        for task in sorted(tasks)
    }
