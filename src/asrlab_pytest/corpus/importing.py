"""Turns a corpus of any form into our manifest, with what can only be known by reading the audio."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from asrlab_pytest.content import replacing
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.write import backed_up
from asrlab_pytest.errors import ClipError, CorpusError

COPIES = "audio"
"""Folder of the copies, beside the manifest."""


@dataclass(slots=True)
class Import:
    """One import, clip by clip: memory holds the audio of one at a time.

    Args:
        source: What is imported.
        folder: Where the manifest will be.
        copy: Whether the audio is copied there too.
        replaces: Whether a copy may replace another file of its name, which is kept under another one.
    """

    source: Iterable[Clip]
    folder: Path
    copy: bool = False
    replaces: bool = False
    unusable: list[ClipError] = field(default_factory=list)
    """Why clips were left out."""
    backups: list[Path] = field(default_factory=list)
    """Copies of the files that were replaced."""
    count: int = 0
    seconds: float = 0.0
    _copies: dict[Path, Path] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def clips(self) -> Iterator[Clip]:
        """The clips that can be read, with hash of the file, duration and sample rate.

        Raises:
            CorpusError: a file cannot be copied, or would replace another.
        """
        from asrlab_pytest.corpus.audio import load_audio

        for clip in self.source:
            try:
                audio = load_audio(clip)
            except ClipError as error:
                self.unusable.append(error)
                continue
            self.count += 1
            self.seconds += audio.seconds
            yield replace(
                clip,
                audio=self._copied(clip.audio) if self.copy else clip.audio,
                sha256=audio.sha256,
                duration=round(audio.seconds, 3),
                sample_rate=audio.file_rate,
            )

    def _copied(self, audio: Path) -> Path:
        """Copy a file, once for all of its segments, under its own name or one that is free."""
        if audio in self._copies:
            return self._copies[audio]
        target = self.folder / COPIES / self._free_name(audio)
        if _is_another(target, audio):
            if not self.replaces:
                raise CorpusError(
                    f"{target} already exists and differs from {audio}",
                    hint="choose another folder, or replace the file (a copy is kept): --force",
                )
            if target.exists():
                self.backups.append(backed_up(target))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or not target.samefile(audio):
                if target.is_symlink():
                    # The copy takes its place: what it leads to may be a file of another corpus, or of this one.
                    target.unlink()
                with audio.open("rb") as file, replacing(target) as copy:
                    shutil.copyfileobj(file, copy)
        except OSError as error:
            raise CorpusError(f"{target} cannot be written: {error.strerror}", hint="choose another folder") from None
        self._copies[audio] = target
        return target

    def _free_name(self, audio: Path) -> str:
        names = (f"{audio.stem}{f'-{n}' if n else ''}{audio.suffix}" for n in range(1_000_000))
        # Some file systems take A.wav for a.wav.
        name = next(name for name in names if name.casefold() not in self._names)
        self._names.add(name.casefold())
        return name


def _is_another(target: Path, audio: Path) -> bool:
    """Whether there is a file that is not a copy, or a link that leads nowhere."""
    return not filecmp.cmp(audio, target, shallow=False) if target.exists() else target.is_symlink()
