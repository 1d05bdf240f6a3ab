"""Audio of the page: embedded as FLAC up to a limit, otherwise linked relative to the file."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import soundfile

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.audio_file import hash_of
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from asrlab_pytest.report.clips import AudioName, Item
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

Locate = Callable[[AudioName], Clip | None]
"""Where the audio is; None if it is not on this machine."""

CAP_BYTES = 20_000_000
"""Limit of embedded audio, about a quarter of an hour: small enough for a mail or a pull request."""
_PLAYED = frozenset({".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".webm", ".aac"})
"""Extensions of formats that browsers play."""


class Embedded(NamedTuple):
    """A sound within the page."""

    id: str
    base64: str


class Sounds:
    """Decides where each sound of the page is played from.

    Args:
        locate: Finds audio.
        page: The file that is written; links start from its folder.
        cap_bytes: Most bytes to embed; 0 for links only.
    """

    def __init__(self, locate: Locate, page: Path, cap_bytes: int) -> None:
        self._locate = locate
        self._folder = real_path(page).parent
        self._room = cap_bytes
        self._sources: dict[AudioName, str] = {}
        self.embedded: list[Embedded] = []
        self.changed = 0
        """Recordings that exist, but are not the transcribed ones."""

    def add(self, items: Iterable[Item]) -> None:
        """Embed the audio of items, those with the most errors first; link the rest."""
        for item in sorted(items, key=lambda entry: entry.badness, reverse=True):
            for name in audio_names(item):
                if name not in self._sources:
                    self._sources[name] = self._source(name, item)

    def source(self, name: AudioName) -> str:
        """The id of an embedded sound after "#", a relative URL, or "" if there is none."""
        return self._sources.get(name, "")

    @property
    def linked(self) -> int:
        """Sounds that are next to the page."""
        return sum(bool(source) and not source.startswith("#") for source in self._sources.values())

    def _source(self, name: AudioName, item: Item) -> str:
        clip = self._locate(name)
        if clip is None or not clip.audio.is_file():
            return ""
        if not _is_the_same(name, clip, item):
            self.changed += 1
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
    """Whether the file is the one that was transcribed: a different file under the same id does not match the text."""
    if name.kind != "clip" or not item.audio_sha256:
        return True
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
    """A relative URL of a clip's audio, with its segment; "" if browsers do not play it or no relative path exists."""
    if clip.audio.suffix.lower() not in _PLAYED:
        return ""
    try:
        path = os.path.relpath(real_path(clip.audio), folder)
    except ValueError:  # another drive of Windows
        return ""
    # Never an absolute URL: quoting removes a scheme.
    address = "./" + quote(path.replace(os.sep, "/"), safe="/", errors="replace")
    ends = [
        f"{bound:g}" if bound is not None else ""
        for bound in (clip.start, clip.limit if clip.end is None else clip.end)
    ]
    return f"{address}#t={','.join(ends).rstrip(',')}" if any(ends) else address


def encode(samples: Waveform, rate: int) -> bytes:
    """16-bit FLAC: every browser plays it, and it is encoded a hundred times as fast as Opus."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, subtype="PCM_16", format="FLAC")
    return buffer.getvalue()


def _decoded(name: AudioName, clip: Clip) -> tuple[Waveform, int]:
    """Samples and rate: a clip as engines receive it, speech as it was generated."""
    if name.kind == "speech":
        samples, rate = soundfile.read(clip.audio, dtype="float32", always_2d=True)
        return samples.mean(axis=1), rate
    return load_audio(clip).samples, SAMPLE_RATE
