"""``python -m asrlab_pytest.cli``: the ``asrlab`` command where scripts are not on the path."""

import sys

from asrlab_pytest.cli import main

if __name__ == "__main__":
    sys.exit(main())
