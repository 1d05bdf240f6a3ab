"""Audio of the page: embedded as Opus or FLAC as far as there is room, else linked relative to the file."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
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

CAP_MB = 20
"""Of embedded audio, by default: what a mail or a pull request takes."""
_RATE = 24_000
_PLAYED = frozenset({".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".webm", ".aac"})
"""Endings of what browsers play."""


class Embedded(NamedTuple):
    """A sound within the page."""

    id: str
    media: str
    """Media type."""
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
        for item in sorted(items, key=lambda one: -one.errors):
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
        if clip is None or not clip.audio.is_file():
            return ""
        if self._room > 0 and (sound := self._embed(name, clip, item)):
            return sound
        return link(clip, self._folder)

    def _embed(self, name: AudioName, clip: Clip, item: Item) -> str:
        try:
            samples, rate, pcm_sha256 = _speech(clip.audio) if name.kind == "speech" else _clip(clip)
        except (ClipError, OSError, RuntimeError):
            return ""
        if name.kind == "clip" and item.pcm_sha256 and pcm_sha256 != item.pcm_sha256:
            # Another recording under the same id is no audio of this text.
            return ""
        media, content = encode(samples, rate)
        text = base64.b64encode(content).decode("ascii")
        if len(text) > self._room:
            return ""
        self._room -= len(text)
        sound = Embedded(id=f"audio-{len(self.embedded)}", media=media, base64=text)
        self.embedded.append(sound)
        return f"#{sound.id}"


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


def encode(samples: NDArray[np.float32], rate: int) -> tuple[str, bytes]:
    """Media type and bytes: Opus, or FLAC where this libsndfile has no Opus."""
    import soundfile

    for media, form, subtype in (("audio/ogg", "OGG", "OPUS"), ("audio/flac", "FLAC", "PCM_16")):
        buffer = io.BytesIO()
        try:
            with soundfile.SoundFile(buffer, "w", rate, 1, subtype, format=form) as file:
                # Second by second: libsndfile overflows its stack when it encodes a long block at once.
                for start in range(0, len(samples), rate):
                    file.write(samples[start : start + rate])
        except (soundfile.LibsndfileError, ValueError):
            continue
        return media, buffer.getvalue()
    raise ClipError("libsndfile writes neither Opus nor FLAC")


def _clip(clip: Clip) -> tuple[NDArray[np.float32], int, str]:
    from asrlab_pytest.corpus.audio import load_audio
    from asrlab_pytest.corpus.rate import SAMPLE_RATE

    audio = load_audio(clip)
    return audio.samples, SAMPLE_RATE, audio.pcm_sha256


def _speech(path: Path) -> tuple[NDArray[np.float32], int, str]:
    """Speech that a model made, at a rate that Opus has."""
    import soundfile
    import soxr

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate, _RATE), _RATE, ""


def total(sounds: Sequence[Embedded]) -> int:
    """Bytes that they take in the page."""
    return sum(len(sound.base64) for sound in sounds)
