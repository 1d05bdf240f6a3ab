"""What the suite costs on top of its engine: `pytest evals/` against a bare loop over the same model and clips.

python benchmarks/suite_overhead.py [--pairs 3] [--model pocketsphinx-en-us]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pairs import compare

ROOT = Path(__file__).resolve().parent.parent

BARE_LOOP = """
import json, sys
from pathlib import Path
import pocketsphinx, soundfile, soxr, numpy
folder = Path("fixtures/audio")
decoder = pocketsphinx.Decoder(loglevel="FATAL", cmn="batch")
for line in (folder / "manifest.jsonl").read_text().splitlines():
    samples, rate = soundfile.read(folder / json.loads(line)["audio"], dtype="float32", always_2d=True)
    samples = samples.mean(axis=1)
    if rate != 16000:
        samples = soxr.resample(samples, rate, 16000)
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    decoder.hyp()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    suite = [sys.executable, "-m", "pytest", "-q", "evals", "--asr-model", "pocketsphinx-en-us", "--asr-warmup", "0"]
    found = compare(suite, [sys.executable, "-c", BARE_LOOP], options.pairs, cwd=str(ROOT))
    print(f"pytest evals/ against a bare loop, {options.pairs} pairs, whole processes")
    print(f"  wall time: {found.medians('wall')}; ratio {found.ratio('wall')}")
    print(f"  processor time: {found.medians('cpu')}; ratio {found.ratio('cpu')}")


if __name__ == "__main__":
    main()
