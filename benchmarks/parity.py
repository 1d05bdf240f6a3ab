"""Whether both Whisper engines write the same text from the same weights, with no more errors than before.

python benchmarks/parity.py WEIGHTS [--tag human] [--most-wer 0.05]

Exit status 1 where a text differs, or the pooled WER is above the bound.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast

from asrlab_pytest import score
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.models.engine import Recognizer, engine
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.scoring.counts import pooled

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("openai-whisper", "faster-whisper")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", help="a CTranslate2 folder, a checkpoint, or package:NAME/path")
    parser.add_argument("--tag", default="human", help="which clips: those with this tag")
    parser.add_argument("--most-wer", type=float, default=0.05)
    options = parser.parse_args()
    clips = [clip for clip in read_manifest(ROOT / "fixtures/audio").samples if options.tag in clip.tags]
    sounds = {clip.id: load_audio(clip).samples for clip in clips}
    texts: dict[str, dict[str, str]] = {}
    for name in ENGINES:
        spec = Registry({name: {"engine": name, "weights": options.weights}}, Path.cwd())[name]
        recognizer = cast("Recognizer", engine(name).load(spec, "cpu"))
        texts[name] = {clip.id: recognizer.transcribe(sounds[clip.id].copy(), clip.language).text for clip in clips}
        recognizer.close()
    first, second = (texts[name] for name in ENGINES)
    unlike = [clip.id for clip in clips if first[clip.id] != second[clip.id]]
    for one in unlike:
        print(f"{one}: {ENGINES[0]} {first[one]!r}, {ENGINES[1]} {second[one]!r}")
    words = pooled(score(clip.text, first[clip.id], language=clip.language or "en").words for clip in clips)
    rate = words.rate or 0.0
    print(f"{options.weights}: same text in {len(clips) - len(unlike)} of {len(clips)} clips, WER {rate:.1%}")
    return int(bool(unlike) or rate > options.most_wer)


if __name__ == "__main__":
    sys.exit(main())
