"""Add a clip to a manifest, with its hash and duration. The audio is read first."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
from pathlib import Path

from asrlab_pytest.cli.corpus.source import has_lines, manifest_path, own_manifest
from asrlab_pytest.content import expanded_path, real_path, replacing
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.in_code import corpus_of
from asrlab_pytest.corpus.write import encoded, line_of, relative
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.remote import local_path
from asrlab_pytest.wording import many


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("audio", type=local_path, help="the audio file")
    parser.add_argument("--text", required=True, help="transcript of the clip; empty if it has no speech")
    parser.add_argument("--corpus", help="folder or manifest (default: the project's); created if missing")
    parser.add_argument("--id", help="id of the clip (default: the file name without its extension)")
    parser.add_argument("--language", help="ISO 639-1 code")
    parser.add_argument("--tag", action="append", default=[], help="tag of the clip (repeatable)")
    parser.add_argument("--group", help="speaker or recording session")
    parser.add_argument("--start", type=float, help="seconds into the file where the clip begins")
    parser.add_argument("--end", type=float, help="seconds into the file where the clip ends")
    parser.add_argument("--copy", action="store_true", help="copy the file next to the manifest (default: refer to it)")
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    manifest = manifest_path(options.corpus)
    present = own_manifest(options.corpus).samples if manifest.exists() and has_lines(manifest) else ()
    clip = _clip(options)
    if clip.id in {other.id for other in present}:
        raise CorpusError(f"{manifest} already has a clip {clip.id!r}", hint="choose another id: --id")
    if not (clip.audio.exists() or clip.audio.is_symlink()):
        raise CorpusError(f"no file {clip.audio}", hint="correct its path")
    audio = load_audio(clip)
    keys = {"sha256": audio.sha256, "duration": round(audio.seconds, 3), "sample_rate": audio.file_rate}
    try:
        manifest.parent.mkdir(parents=True, exist_ok=True)
        target = _copied(clip.audio, manifest.parent) if options.copy else clip.audio
        line = {**line_of(clip, manifest.parent), "audio": relative(target, manifest.parent), **keys}
        _append(manifest, encoded(line))
    except OSError as error:
        raise CorpusError(f"{manifest} cannot be written: {error.strerror}", hint="choose another: --corpus") from None
    print(f"added   {clip.id} to {manifest}: {audio.seconds:.2f} s, {many(len(present) + 1, 'clip')} in all")
    return 0


def _clip(options: argparse.Namespace) -> Clip:
    keys = {key: getattr(options, key) for key in ("text", "id", "language", "group", "start", "end")}
    line = {key: value for key, value in keys.items() if value is not None} | {"tags": options.tag}
    audio = real_path(expanded_path(options.audio))
    return corpus_of([{"audio": audio, **line}], name="the command line").samples[0]


def _copied(audio: Path, folder: Path) -> Path:
    target = folder / audio.name
    if not target.exists() and not target.is_symlink():
        with audio.open("rb") as file, replacing(target) as copy:
            shutil.copyfileobj(file, copy)
    elif not target.exists() or not target.samefile(audio):
        raise CorpusError(f"{target} already exists", hint="rename the file, or refer to it without --copy")
    return target


def _append(manifest: Path, line: bytes) -> None:
    """Add a line at the end; nothing of what is there is written again."""
    with manifest.open("a+b", buffering=0) as file:
        file.seek(0)
        content = file.read()
        added = (b"" if not content or content.endswith(b"\n") else b"\n") + line + b"\n"
        is_whole = False
        try:
            is_whole = file.write(added) == len(added)
        finally:
            if not is_whole:
                file.truncate(len(content))
                if not content:
                    manifest.unlink()
    if not is_whole:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
