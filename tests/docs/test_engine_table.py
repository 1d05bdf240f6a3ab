"""The table of one model in several engines is what the benchmark measured."""

import json
import sys

from doc_pages import DOCS, ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import engine_scorecard


def test_the_table_is_what_was_measured():
    """The page has the figures of the benchmark's last run, and no others."""
    rows = json.loads(engine_scorecard.RESULT.read_text(encoding="utf-8"))["rows"]
    expected = engine_scorecard.table([engine_scorecard.Row(**row) for row in rows])
    page = (DOCS / "reference" / "models.md").read_text(encoding="utf-8")

    assert f"{engine_scorecard.BEGIN}{expected}{engine_scorecard.END}" in page
