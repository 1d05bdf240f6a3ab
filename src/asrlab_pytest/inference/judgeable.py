"""Whether a judge can transcribe the speech for a prompt or dialogue, decided before anything is loaded or spoken."""

from __future__ import annotations

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.tasks import NOUNS, Task


def why_not_judged(judge: ModelSpec, said: Sample, task: Task) -> ModelError | None:
    """Why a judge is not meant for a prompt or dialogue; None if it is."""
    if judge.is_meant_for(said):
        return None
    if judge.is_for_language(said.language):
        outside, wanted = f"has none of the tags {', '.join(judge.tags)}", "without tags"
    else:
        outside, wanted = f"is in {said.language!r}, not in {' or '.join(judge.languages)}", f"for {said.language!r}"
    return ModelError(
        f"the judge {judge.id} is not meant for {NOUNS[task]} {said.id}, which {outside}",
        hint=f"--asr-judge with an ASR model {wanted}",
    )
