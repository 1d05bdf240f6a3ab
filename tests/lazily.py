"""Packages that are imported when something of them is first used: torch takes seconds, and most runs need no torch."""

import gc
import importlib
import sys
import warnings


def imported(name):
    """The module, whose own warnings at its import are nobody's fault here, and which the garbage collector passes."""
    if name in sys.modules:
        return sys.modules[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module(name)
    gc.collect()
    gc.freeze()
    return module


class Lazily:
    """Stands for a module, and imports it when it is asked for something public; pytest asks for what is private."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return getattr(imported(self._name), attribute)
