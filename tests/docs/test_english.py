"""Turns of phrase that no engineer would say, and that must not come back."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
    if "protocols" not in path.parts and path.name != "upgrading.py"
)
FOREIGN = {
    r"\bmend(s|ed|ing)?\b": "hint, fix, repair",
    r"\banew\b": "again",
    r"\bNone where\b": "None if",
    r"\bstands already\b": "is already",
    r"\b(came|come|comes) to (its|their) end\b": "finish",
    r"\blays? a starter\b": "create a starter project",
    r"\bexclude each other\b": "cannot be combined",
    r"\bby `{0,2}--(?=[a-z])": "with --option",
    r"\b[Ll]et go of\b": "release",
    r"\bwhat becomes of\b": "what to do with",
    r"\bstands? (in|beside)\b": "is in, is next to",
    r"\bis there already\b": "already exists",
    r"\bheard by (a|the|another) judge\b": "transcribed by",
    r"\bof (recognition|synthesis)\b": "of ASR, of TTS",
    r"\bdrawn at random \(": "random",
    r"\bset against\b": "compared with",
    r"\bdecode unlike\b": "decoding settings differ",
    r"\bended with status\b": "exited with status",
    r"\bpart the scorecard\b": "break the scorecard down",
}
"""What to write instead, by a pattern."""


@pytest.mark.parametrize("pattern", FOREIGN)
def test_foreign_turns(pattern):
    """No message, docstring or page has a turn that was replaced by a plainer one."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]} -> {FOREIGN[pattern]}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == []
