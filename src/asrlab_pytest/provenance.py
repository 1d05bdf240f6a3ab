"""What a record says of a run before its first observation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asrlab_pytest.suite import Suite


def run_environment(suite: Suite, plan: Mapping[str, Sequence[str]] | None) -> dict[str, Any]:
    """Machine, software, settings, corpus and protocols of a run, as plain JSON.

    Args:
        suite: What is evaluated.
        plan: Ids of the clips that each model is to transcribe; None where they are not known.
    """
    from asrlab_pytest.measure.environment import environment
    from asrlab_pytest.measure.observation import plain
    from asrlab_pytest.protocols.entities import signature
    from asrlab_pytest.store.schema import SCHEMA

    settings = suite.settings
    rules = (suite.normalizations.choose(clip.language, clip.normalization) for clip in suite.clips)
    return {
        "schema": SCHEMA,
        **environment(suite.root),
        "settings": plain(asdict(settings)),
        "corpus": {"name": suite.corpus.name, "manifest_sha256": suite.corpus.sha256},
        "protocols": {
            "normalization": sorted({one.signature for one in rules}),
            "entities": sorted({signature(clip.language, settings.entities) for clip in suite.clips}),
        },
        "plan": plain(plan),
        "seeds": {"order": settings.seed},
    }
