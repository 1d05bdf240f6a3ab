"""Audio of the page: embedded as FLAC as far as there is room, else linked relative to the file."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from asrlab_pytest.report.html.clips import AudioName, Item

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Locate = Callable[[AudioName], Clip | None]
"""Where audio lies; None if it is not here."""

CAP_BYTES = 20_000_000
"""Of embedded audio, about a quarter of an hour: what a mail or a pull request takes."""
_PLAYED = frozenset({".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".webm", ".aac"})
"""Endings of what browsers play."""


class Embedded(NamedTuple):
    """A sound within the page."""

    id: str
    base64: str


class Sounds:
    """Decides where each sound of the page is played from.

    Args:
        locate: Where audio lies.
        page: The file that is written; links start from its folder.
        cap_bytes: How much is embedded at most; 0 for links alone.
    """

    def __init__(self, locate: Locate, page: Path, cap_bytes: int) -> None:
        self._locate = locate
        self._folder = page.resolve().parent
        self._room = cap_bytes
        self._sources: dict[AudioName, str] = {}
        self.embedded: list[Embedded] = []

    def add(self, items: Iterable[Item]) -> None:
        """Embed the audio of items, those with the most errors first; link what has no room."""
        for item in sorted(items, key=lambda entry: -entry.errors):
            for name in audio_names(item):
                if name not in self._sources:
                    self._sources[name] = self._source(name, item)

    def source(self, name: AudioName) -> str:
        """The id of an embedded sound behind "#", a relative address, or "" where there is none."""
        return self._sources.get(name, "")

    @property
    def linked(self) -> int:
        """Sounds that lie beside the page."""
        return sum(bool(source) and not source.startswith("#") for source in self._sources.values())

    def _source(self, name: AudioName, item: Item) -> str:
        clip = self._locate(name)
        if clip is None or not clip.audio.is_file() or not _is_the_same(name, clip, item):
            return ""
        if self._room > 0 and (sound := self._embed(name, clip)):
            return sound
        return link(clip, self._folder)

    def _embed(self, name: AudioName, clip: Clip) -> str:
        try:
            text = base64.b64encode(encode(*_decoded(name, clip))).decode("ascii")
        except (ClipError, OSError, RuntimeError):
            return ""
        if len(text) > self._room:
            # What is shorter may still fit, but not much of it: no clip is encoded in vain.
            self._room = 0
            return ""
        self._room -= len(text)
        sound = Embedded(id=f"audio-{len(self.embedded)}", base64=text)
        self.embedded.append(sound)
        return f"#{sound.id}"


def _is_the_same(name: AudioName, clip: Clip, item: Item) -> bool:
    """Whether the file is the one that was transcribed: another one under the same id is no audio of this text."""
    if name.kind != "clip" or not item.audio_sha256:
        return True
    from asrlab_pytest.corpus.opening import hash_of

    try:
        return hash_of(clip) == item.audio_sha256
    except ClipError:
        return False


def audio_names(item: Item) -> Iterator[AudioName]:
    """Every sound of an item."""
    if item.audio:
        yield item.audio
    for answer in item.answers:
        for part in answer.parts:
            yield from filter(None, (part.question_audio, part.speech))


def link(clip: Clip, folder: Path) -> str:
    """A relative address of a clip's audio, with its segment; "" where no browser plays it or there is no way to it."""
    if clip.audio.suffix.lower() not in _PLAYED:
        return ""
    try:
        path = os.path.relpath(clip.audio.resolve(), folder)
    except ValueError:  # another drive of Windows
        return ""
    # Never an address of its own: a scheme is quoted away.
    address = "./" + quote(path.replace(os.sep, "/"), safe="/", errors="replace")
    ends = [f"{bound:g}" if bound is not None else "" for bound in (clip.start, clip.end)]
    return f"{address}#t={','.join(ends).rstrip(',')}" if any(ends) else address


def encode(samples: NDArray[np.float32], rate: int) -> bytes:
    """FLAC of 16 bits: every browser plays it, and it is made a hundred times as fast as Opus."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, subtype="PCM_16", format="FLAC")
    return buffer.getvalue()


def _decoded(name: AudioName, clip: Clip) -> tuple[NDArray[np.float32], int]:
    """Samples and rate: of a clip as engines are given it, of speech as it was made."""
    if name.kind == "speech":
        import soundfile

        samples, rate = soundfile.read(clip.audio, dtype="float32", always_2d=True)
        return samples.mean(axis=1), rate
    from asrlab_pytest.corpus.audio import load_audio
    from asrlab_pytest.corpus.rate import SAMPLE_RATE

    return load_audio(clip).samples, SAMPLE_RATE
