"""A record that a command writes, at a path or a URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.options import project_table
from asrlab_pytest.records.outputs import refuse_needed
from asrlab_pytest.remote import Output

_FOLDER = Path(".asrlab") / "uploads"


@contextmanager
def output_at(text: str, *, option: str = "-o") -> Iterator[Output]:
    """The record; what was written to a URL is uploaded at the end, also of a command that fails.

    Args:
        text: The path or URL.
        option: The option that names it.

    Raises:
        ConfigError: the URL cannot be reached or written, or the file is a record that others need.
    """
    output = Output(text, project_table(Path.cwd())[1] / _FOLDER)
    # Before anything of it is uploaded or deleted: a URL's copy may be that of the other process.
    refuse_needed(output.path, option=option)
    try:
        yield output
    except BaseException:
        with suppress(AsrlabError):
            output.upload()
            output.discard_copy()
        raise
    if output.upload():
        print(f"uploaded to {text}: {output.path.stat().st_size:,} bytes")
    output.discard_copy()
