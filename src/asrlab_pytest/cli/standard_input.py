"""Standard input of a command that reads it line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from asrlab_pytest.errors import ConfigError


def input_lines() -> Iterator[str]:
    """The lines of standard input without their ends, which are at U+000A alone.

    Raises:
        ConfigError: a line is not UTF-8.
    """
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise ConfigError(
                f"standard input, line {number}: not UTF-8", hint="convert it, as with: iconv -t UTF-8"
            ) from None
