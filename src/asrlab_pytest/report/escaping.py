"""Makes any text harmless in GitHub's Markdown: no table, list or tag is broken, and nobody is @-mentioned."""

from __future__ import annotations

import html
import re
import unicodedata

from asrlab_pytest.visible import visible

LONGEST = 500
"""Characters of a sentence or a name; a longer one is cut in its middle."""

_ACTIVE = re.compile(r"(?P<structure>[\\`*_~\[\]<>&|$!{}^])|(?P<reference>[@#:](?=\S)|(?<=www)\.)", re.IGNORECASE)
"""What Markdown reads as structure, and what GitHub makes a mention, an issue, an emoji or a link of."""
_LEADING = re.compile(r"[-+=#]|\d(?=\d*[.)])")
"""What begins a list or a heading."""
_RIGHT_TO_LEFT = ("R", "AL")


def prose(text: str) -> str:
    """A sentence as it reads."""
    shown = visible(_short(text)).strip()
    leading = _LEADING.match(shown)
    head, rest = (f"&#{ord(leading[0])};", shown[1:]) if leading else ("", shown)
    # A comment between the sign and the word is nothing to the reader, and no reference to GitHub.
    return head + _ACTIVE.sub(lambda match: _numbered(match) if match["structure"] else f"{match[0]}<!-- -->", rest)


def code(text: str) -> str:
    """A name or a text as code, within a line, a list or a cell of a table."""
    shown = visible(_short(text))
    turned = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in shown)
    direction = ' dir="auto"' if turned else ""
    return f"<code{direction}>{_ACTIVE.sub(_numbered, shown)}</code>"


def preformatted(lines: list[str]) -> str:
    """Verbatim lines, in a block of their own."""
    return "<pre>\n" + "\n".join(html.escape(visible(line), quote=False) for line in lines) + "\n</pre>"


def _numbered(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    half = (LONGEST - 1) // 2
    return f"{text[:half]}…{text[-half:]}"
