"""What the failures of an inner session begin with."""

import re
from itertools import pairwise

_TITLE = re.compile(r"_+ (?P<test>\S+) _+$")


def failures(result):
    """The first line of each failure, by the test's name and parameters."""
    lines = result.outlines
    titles = ((_TITLE.match(line), after) for line, after in pairwise(lines))
    return {title["test"]: after for title, after in titles if title}
