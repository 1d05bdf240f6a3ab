"""Makes the Unicode tables of the normalization protocol. Run it with Python 3.11 and the `regex` package.

What Python 3.11's own tables (Unicode 14.0) do not assign is listed as `unassigned`; everything else comes from
`regex`, which has a newer Unicode. A change of these tables changes normalization and needs a new protocol version.

python tools/unicode_tables.py
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import regex

TABLES = Path(__file__).parents[1] / "src/asrlab_pytest/protocols/normalization/unicode.json"
SURROGATES = range(0xD800, 0xE000)
PROPERTIES = {
    "punctuation and symbols": r"[\p{P}\p{S}]",
    "marks": r"\p{M}",
    "controls": r"\p{Cc}",
    "formats": r"\p{Cf}",
    "ideographs and kana": r"[\p{Han}\p{Hiragana}\p{Katakana}ー]",
    "scripts without spaces": r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]",
}


def main() -> None:
    assert unicodedata.unidata_version == "14.0.0", "run it with Python 3.11"
    tables = {"unassigned": ranges(lambda char: unicodedata.category(char) == "Cn")}
    for name, pattern in PROPERTIES.items():
        tables[name] = ranges(regex.compile(pattern).match)
    TABLES.write_text(json.dumps(tables, indent=1) + "\n", encoding="ascii")


def ranges(belongs: Callable[[str], object]) -> str:
    """The code points that belong, as `0021-002F 003A-0040`."""
    return " ".join(f"{first:04X}-{last:04X}" for first, last in _runs(belongs))


def _runs(belongs: Callable[[str], object]) -> Iterator[tuple[int, int]]:
    start = None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and code not in SURROGATES and bool(belongs(chr(code)))
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            yield start, code - 1
            start = None


if __name__ == "__main__":
    main()
