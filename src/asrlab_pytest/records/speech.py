"""Where speech that models made is kept, to be listened to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from asrlab_pytest.content import replacing
from asrlab_pytest.waveform import Waveform, pcm16


@dataclass(eq=False, repr=False)
class SpeechFolder:
    """A folder of WAV files. Equal samples have equal names, so that no file is ever overwritten."""

    path: Path | None
    """The folder; None to keep nothing."""
    problem: OSError | None = None
    """Why a file could not be written."""

    @property
    def remarks(self) -> list[str]:
        """What is not on the disk, in words."""
        if self.problem is None:
            return []
        sentence = f"speech is not kept, {self.path} cannot be written: {self.problem.strerror}"
        return [sentence + '\n  hint: choose another folder with --asr-speech, or disable it: --asr-speech ""']

    def keep(self, model: str, name: str, samples: Waveform, sample_rate: int) -> str | None:
        """Write speech, unless it is there; its path from the folder, None if it is not kept."""
        if self.path is None or self.problem is not None:
            return None
        from asrlab_pytest.records.speech import write_speech

        # With its rate: the same samples at another rate are another sound.
        sound = samples.astype("<f4", copy=False).tobytes() + f"{sample_rate}".encode()
        digest = hashlib.sha256(sound).hexdigest()
        file = f"{_safe(model)}/{_safe(name)}-{digest[:12]}.wav"
        try:
            if not (self.path / file).exists():
                write_speech(self.path / file, samples, sample_rate)
        except OSError as error:
            self.problem = error
            return None
        return file


def is_kept(path: Path) -> bool:
    """Whether a file, by its name and place, is one that a folder for speech keeps: none that a link leads to."""
    is_linked = path.is_symlink() or path.parent.is_symlink()
    return bool(_KEPT.fullmatch(path.name)) and not is_linked and path.is_file()


_KEPT = re.compile(r".+-[0-9a-f]{12}\.wav", re.DOTALL)


def _safe(name: str) -> str:
    """A name as every file system takes it; the end of a long one is left out."""
    safe = re.sub(r"[^\w.-]+", "_", name).encode("utf-8", "replace")[:_LONGEST]
    return safe.decode("utf-8", "ignore").strip(".") or "_"


_LONGEST = 150
"""Bytes of a name. File systems take 255, with the digest, and what a file is called while it is written."""


def write_speech(path: Path, samples: Waveform, sample_rate: int) -> None:
    """Write a WAV file of 16 bits in one piece: a reader sees the older one or the new one, and never a half.

    Samples beyond full scale are cut there, and those that are no numbers are silence.

    Raises:
        OSError: it cannot be written.
    """
    import numpy as np
    import soundfile

    numbers = pcm16(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0))
    # soundfile drops what a file raises while it writes to it, such as that the disk is full.
    wav = BytesIO()
    soundfile.write(wav, numbers, sample_rate, "PCM_16", format="WAV")
    with replacing(path) as file:
        file.write(wav.getbuffer())
