"""Time and memory to list a corpus without opening its audio: 100,000 clips in each of several forms.

python benchmarks/corpus_listing.py [--clips 100000]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

TEXT = "go forward ten meters and then turn to the left"
MEASURED = """
import resource, sys, time
from pathlib import Path
from asrlab_pytest.corpus.open import open_corpus
start = time.process_time()
clips = open_corpus(sys.argv[1], {}, Path()).samples
seconds = time.process_time() - start
print(len(clips), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=100_000)
    options = parser.parse_args()
    print(f"{options.clips} clips listed, a process each: the listing's processor time, the process's largest memory")
    with tempfile.TemporaryDirectory() as name:
        for form, path in _corpora(Path(name), options.clips):
            command = [sys.executable, "-c", MEASURED, str(path)]
            found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            assert int(found[0]) == options.clips
            print(f"  {form:<12} {float(found[1]):5.2f} s {float(found[2]):5.0f} MiB")


def _corpora(root: Path, clips: int) -> Iterator[tuple[str, Path]]:
    """A listing in each form, without any audio."""
    folder = root / "manifest"
    keys = {"language": "en", "duration": 3.25, "sha256": "0" * 64, "tags": ["read", "noisy"]}
    lines = ({"id": f"clip-{n}", "audio": _audio(n), "text": TEXT, "group": f"s{n % 300}"} | keys for n in range(clips))
    _write(folder / "manifest.jsonl", (json.dumps(line) for line in lines))
    yield "manifest", folder

    path = root / "nemo.json"
    _write(path, (json.dumps({"audio_filepath": _audio(n), "duration": 3.25, "text": TEXT}) for n in range(clips)))
    yield "nemo", path

    path = root / "list.csv"
    _write(path, ["audio,text,speaker", *(f"{_audio(n)},{TEXT},s{n % 300}" for n in range(clips))])
    yield "table", path

    folder = root / "kaldi"
    _write(folder / "wav.scp", (f"r{n} {_audio(n)}" for n in range(clips // 10)))
    _write(folder / "segments", (f"u{n} r{n // 10} {n % 10}.0 {n % 10}.9" for n in range(clips)))
    _write(folder / "text", (f"u{n} {TEXT}" for n in range(clips)))
    _write(folder / "utt2spk", (f"u{n} s{n % 300}" for n in range(clips)))
    yield "kaldi", folder


def _audio(number: int) -> str:
    return f"audio/{number % 100}/{number}.flac"


def _write(path: Path, lines: Iterator[str] | list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
