"""A model whose speech a judge hears: what synthesis and conversation have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from asrlab_pytest.measure.fingerprint import digest
from asrlab_pytest.measure.judging import Judge
from asrlab_pytest.measure.loading import RunConditions
from asrlab_pytest.measure.observation import Pass, plain
from asrlab_pytest.measure.on_demand import AnyLoaded, OnDemand, Recall
from asrlab_pytest.measure.spoken import Utterance
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.speech.folder import SpeechFolder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from asrlab_pytest.speech.sound import SpeechSound


class HeardModel(OnDemand[AnyLoaded]):
    """A model that speaks.

    Args:
        spec: The model, for its task.
        conditions: Device, rounds and warm-up of the run.
        judge: Who hears the speech.
        folder: Where speech is kept.
        recall: What a resumed run asks first; None where everything is to be spoken.
    """

    def __init__(
        self,
        spec: ModelSpec,
        conditions: RunConditions,
        judge: Judge,
        folder: SpeechFolder,
        recall: Recall | None = None,
    ) -> None:
        super().__init__(spec, conditions)
        self._judge = judge
        self._folder = folder
        self._recall = recall

    def key_of(self, **said: Any) -> str | None:
        """Digest of all that the hypothesis depends on: speaker, judge, and what is said to whom, as plain JSON."""
        parties = (self.fingerprint, self._judge.fingerprint)
        return None if None in parties else digest({"model": parties[0], "judge": parties[1], **said})

    def recalled(self, key: str | None, one: Pass) -> Mapping[str, Any] | None:
        """What the store has under a key; None where it has nothing, or is not to be asked."""
        return self._recall(key, one) if self._recall and key else None

    def utterance(
        self, name: str, samples: NDArray[np.float32], sample_rate: int, first_audio_s: list[float]
    ) -> tuple[Utterance, SpeechSound]:
        """Measure speech and keep it."""
        from asrlab_pytest.speech.sound import measure_speech

        sound = measure_speech(samples, sample_rate)
        kept = Utterance(
            sound=plain(asdict(sound)),
            file=self._folder.keep(self.spec.id, name, samples, sample_rate),
            first_audio_s=tuple(first_audio_s),
        )
        return kept, sound
