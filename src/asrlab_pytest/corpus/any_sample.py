"""The kinds of samples, one a task."""

from __future__ import annotations

from typing import TypeAlias

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import Dialogue
from asrlab_pytest.corpus.prompts import Prompt

AnySample: TypeAlias = Clip | Prompt | Dialogue
