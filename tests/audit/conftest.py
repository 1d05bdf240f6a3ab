import pytest
from corpora import Folder


@pytest.fixture
def folder(tmp_path):
    """An empty folder for clips."""
    return Folder(tmp_path)
