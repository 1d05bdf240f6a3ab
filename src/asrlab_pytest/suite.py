"""What one pytest session evaluates: the chosen models, their status, and the chosen clips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.select import select_clips
from asrlab_pytest.errors import ConfigError, CorpusError, ModelError
from asrlab_pytest.measure.loading import RunConditions
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.hub import answers
from asrlab_pytest.models.registry import DEFAULT_MODELS, Registry, is_glob
from asrlab_pytest.models.spec import Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.status import model_status
from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.settings import Settings


def registry_of(settings: Settings, root: Path) -> Registry:
    """The registry that a project's settings make."""
    return Registry(settings.models, root, profiles=settings.profiles, profile=settings.profile)


class Suite:
    """The models and clips of a session.

    Args:
        settings: What the user asked for.
        root: The folder that relative paths start from.
        named: Model ids that were asked for on the command line, so that their absence is an error.

    Raises:
        AsrlabError: the corpus, a pattern or a model table is wrong, or a model that must run cannot.
    """

    def __init__(self, settings: Settings, root: Path, named: Iterable[str] = ()) -> None:
        self.settings = settings
        self.root = root
        self.corpus = open_corpus(settings.corpus, settings.corpora, root)
        self.clips = select_clips(self.corpus, settings.clip)
        self.normalizations = Normalizations(settings.normalization, settings.normalizations)
        self._refuse_unknown_normalizations()
        self.registry = registry_of(settings, root)
        self.models = self.registry.select(settings.model or DEFAULT_MODELS)
        if settings.reference is not None:
            self.registry[settings.reference]
        self.statuses = {spec.id: model_status(spec, self.device(spec)) for spec in self.models}
        self._say_what_answers()
        self._refuse_missing({pattern for pattern in named if not is_glob(pattern)})

    def status(self, spec: ModelSpec) -> Status:
        """Status of a model, also of one that only a test's own parametrization names."""
        if spec.id not in self.statuses:
            self.statuses[spec.id] = model_status(spec, self.device(spec))
        return self.statuses[spec.id]

    def device(self, spec: ModelSpec) -> Device:
        """The device that is asked for this model."""
        return spec.device or self.settings.device

    def clips_for(self, spec: ModelSpec) -> tuple[Clip, ...]:
        """The selected clips that the model is meant for."""
        return tuple(clip for clip in self.clips if spec.is_meant_for(clip))

    @cached_property
    def conditions(self) -> RunConditions:
        return RunConditions(
            corpus=self.corpus.name,
            device=self.settings.device,
            require_device=self.settings.require_device,
            rounds=self.settings.rounds,
            warmup=self.settings.warmup,
        )

    def can_fetch(self, spec: ModelSpec) -> bool:
        """Whether the model lacks only weights, and a hub that has them answers."""
        url = self._download_url(spec)
        return url is not None and answers(url)

    def _download_url(self, spec: ModelSpec) -> str | None:
        """Where the missing weights of a model may be fetched from."""
        if self.settings.download == "never" or self.statuses[spec.id].readiness is not Readiness.WEIGHTS_MISSING:
            return None
        return engine(spec.engine).download_url(spec)

    def _say_what_answers(self) -> None:
        """Add to the status of models without weights that no hub answers, where that is so."""
        for spec in self.models:
            url = self._download_url(spec)
            if url is not None and not answers(url):
                status = self.statuses[spec.id]
                reason = f"{status.reason}, and {urlsplit(url).netloc} does not answer"
                self.statuses[spec.id] = replace(status, reason=reason)

    def fetch(self, spec: ModelSpec) -> None:
        """Download the model's weights and look at its status again; a failure becomes the status."""
        try:
            engine(spec.engine).pull(spec)
        except ModelError as error:
            self.statuses[spec.id] = Status(Readiness.WEIGHTS_MISSING, error.problem, error.mend)
        else:
            self.statuses[spec.id] = model_status(spec, self.device(spec))

    def must_run(self, spec: ModelSpec, named: Iterable[str]) -> bool:
        """Whether the model's absence is an error rather than a skip."""
        if self.settings.missing is not None:
            return self.settings.missing == "error"
        return spec.id in named

    def _refuse_unknown_normalizations(self) -> None:
        for clip in self.clips:
            if clip.normalization is not None:
                try:
                    self.normalizations.named(clip.normalization)
                except ConfigError as error:
                    raise CorpusError(
                        f"{self.corpus.manifest}: clip {clip.id}: {error.problem}", mend=error.mend
                    ) from None

    def _refuse_missing(self, named: set[str]) -> None:
        refused = [
            (spec, self.statuses[spec.id])
            for spec in self.models
            if self.must_run(spec, named) and not self.statuses[spec.id].is_ready and not self.can_fetch(spec)
        ]
        if refused:
            spec, status = refused[0]
            others = "".join(f"\nmodel {other.id}: {why}\n  mend: {why.mend}" for other, why in refused[1:])
            raise ModelError(f"model {spec.id}: {status}", mend=f"{status.mend}{others}")
