"""Write a manifest for a corpus in any format, with hashes, durations and groups.

The audio of every clip is read on the way. Where one cannot be, nothing is written, unless --skip-broken says so.
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from asrlab_pytest.cli.corpus.source import add_reading, may_write, read, refuse_source, with_progress
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import MANIFEST_NAME
from asrlab_pytest.corpus.write import encoded, line_of, replacing
from asrlab_pytest.errors import ClipError, CorpusError
from asrlab_pytest.hints import runnable
from asrlab_pytest.wording import first_few, many

SHOWN = 10


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="name or path of the corpus")
    parser.add_argument("dest", type=Path, help="folder for the manifest.jsonl")
    parser.add_argument("--copy", action="store_true", help="also copy the audio (default: refer to it)")
    parser.add_argument("--force", action="store_true", help="replace an existing manifest, and keep a copy of it")
    parser.add_argument("--skip-broken", action="store_true", help="skip clips whose audio cannot be read")
    add_reading(parser)
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    corpus, clips = read(options, options.source)
    target = options.dest / MANIFEST_NAME
    refuse_source(target, corpus, "import")
    if target.exists() and not options.force:
        may_write(target, force=False)
    importing = Import(with_progress(clips), options.dest, copy=options.copy, replaces=options.force)
    with replacing(target) as file:
        for clip in importing.clips():
            file.write(encoded(line_of(clip, options.dest)) + b"\n")
        _judge(importing, skip=options.skip_broken)
        may_write(target, force=options.force)
    print(f"wrote   {target}: {many(importing.count, 'clip')}, {importing.seconds / 3600:.2f} hours")
    return 1 if importing.unusable else 0


def _judge(importing: Import, *, skip: bool) -> None:
    """Say which clips cannot be used.

    Raises:
        CorpusError: there are such clips and they may not be left out, or there are no others.
    """
    errors = [runnable(error.in_one_line) for error in importing.unusable]
    if importing.unusable and not (skip and importing.count):
        listed = "\n  ".join(["", *first_few(errors, SHOWN)])
        raise CorpusError(
            f"{len(importing.unusable)} of {importing.count + len(importing.unusable)} clips cannot be read; "
            f"no manifest written:{listed}",
            hint="repair them, or skip them: --skip-broken",
        )
    if importing.unusable:
        print("\n  ".join([f"left out {many(len(importing.unusable), 'clip')}:", *errors]))


COPIES = "audio"
"""Folder of the copies, beside the manifest."""


@dataclass(slots=True)
class Import:
    """One import, clip by clip: memory holds the audio of one at a time.

    Args:
        source: What is imported.
        folder: Where the manifest will be.
        copy: Whether the audio is copied there too.
        replaces: Whether a copy may replace another file of its name.
    """

    source: Iterable[Clip]
    folder: Path
    copy: bool = False
    replaces: bool = False
    unusable: list[ClipError] = field(default_factory=list)
    """Why clips were left out."""
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
        if target.exists() and not filecmp.cmp(audio, target, shallow=False) and not self.replaces:
            raise CorpusError(
                f"{target} already exists and differs from {audio}",
                hint="choose another folder, or replace the file: --force",
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or not target.samefile(audio):
                shutil.copyfile(audio, target)
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
