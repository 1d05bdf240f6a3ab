"""What the installed plugin adds to a pytest run that evaluates nothing: one empty test, with and without it.

python benchmarks/startup.py [--pairs 30]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from pairs import compare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one():\n    pass\n")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        found = compare(command, [*command, "-p", "no:asrlab"], options.pairs, cwd=folder)
    print(f"a one-test run with the plugin and without it, {options.pairs} pairs, whole processes")
    for figure, words in (("wall", "wall time"), ("cpu", "processor time")):
        difference, ratio = found.difference_ms(figure), found.ratio(figure)
        fastest = found.fastest_ms(figure)
        print(f"  {words}: {found.medians(figure)}; difference {difference}; of the fastest {fastest}; ratio {ratio}")


if __name__ == "__main__":
    main()
