"""A small corpus of synthetic voices, and an audit of it."""

from collections import Counter
from dataclasses import replace

import voices
from asrlab_pytest.audit.auditing import audit
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.scoring.rows import Rules
from stored_runs import observed

TEXT = "the quick brown fox jumps over the lazy dog today"


class Folder:
    """Clips in a folder, which are changed one by one and then audited."""

    def __init__(self, path):
        self.path = path
        self.clips = []

    def add(self, clip_id="one", text=TEXT, *, samples=None, rate=voices.RATE, seconds=3.5, **keys):
        """Add a clip; of a voice, unless samples are given."""
        seed = len(self.clips)
        audio = voices.voice(seconds, seed=seed) if samples is None else samples
        path = voices.write(self.path / f"{clip_id}.wav", audio, rate)
        self.clips.append(Clip(id=clip_id, audio=path, text=text, **{"language": "en", **keys}))
        return path

    def change(self, clip_id, **keys):
        """Change what the manifest says of a clip."""
        self.clips = [replace(clip, **keys) if clip.id == clip_id else clip for clip in self.clips]

    def audit(self, rows=()):
        corpus = Corpus("clips", self.path / "manifest.jsonl", "0" * 64, tuple(self.clips))
        return audit(corpus, corpus.samples, Rules(), rows)

    def found(self, rows=()):
        """The findings as (clip, check, level)."""
        return [(one.clip, one.check, one.level) for one in self.audit(rows).findings]

    def checks(self, rows=()):
        return Counter(check for _, check, _ in self.found(rows))


def heard(texts, *, model="polly", engine="parrot"):
    """Observations of a model that wrote these texts, by clip id."""
    return [
        observed(model, clip, text, engine=engine, pcm_sha256=None, transcript=None) for clip, text in texts.items()
    ]
