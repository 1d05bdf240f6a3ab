"""Chooses the normalization of a clip: by name where one is given, else by the clip's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.languages import primary
from asrlab_pytest.protocols.normalization.own import OwnProfile, own_normalization
from asrlab_pytest.protocols.normalization.plugged import is_plugged, plugged, plugged_names
from asrlab_pytest.protocols.normalization.profile import BY_LANGUAGE, PROFILES, Normalization, profile

_SHARED = {"az": "tr", "crh": "tr", "gag": "tr"}
"""Languages with the alphabet of another."""


@cache
def normalization(name: str) -> Normalization:
    """One of the protocol's own profiles.

    Raises:
        ConfigError: there is no such profile.
    """
    if name not in PROFILES:
        raise _unknown(name, PROFILES)
    return profile(name)


def normalization_for(language: str | None) -> Normalization:
    """The profile for a clip's language; `und` for those without rules of their own, and where it is not known."""
    code = "und" if language is None else primary(language)
    code = _SHARED.get(code, code)
    return normalization(code if code in BY_LANGUAGE else "und")


@dataclass(frozen=True)
class Normalizations:
    """The normalizations of a project, and which of them a clip is scored by.

    Args:
        chosen: Name of the profile for all clips; None for each clip's own.
        own: The project's own profiles by name. One that starts from a normalizer from outside is made when it is used.
        folder: The project's, where modules of its own are looked for; that of the working directory if None.

    Raises:
        ConfigError: a table cannot be used, or the chosen profile does not exist.
    """

    chosen: str | None = None
    own: Mapping[str, OwnProfile] = field(default_factory=dict)
    folder: Path | None = None
    _made: dict[str, Normalization] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name, table in self.own.items():
            if table.base in PROFILES or not is_plugged(table.base):
                self._own(name)
        if self.chosen is not None:
            self.named(self.chosen)

    def named(self, name: str) -> Normalization:
        """The profile of this name: the project's, the protocol's, or a normalizer from outside.

        Raises:
            ConfigError: there is no such profile.
        """
        if name in self.own:
            return self._own(name)
        if name not in PROFILES and is_plugged(name):
            return plugged(name, self.folder)
        if name not in PROFILES:
            raise _unknown(name, (*PROFILES, *self.own, *plugged_names()))
        return normalization(name)

    def _own(self, name: str) -> Normalization:
        """A profile of the project."""
        if name not in self._made:
            self._made[name] = own_normalization(name, self.own[name], self.folder)
        return self._made[name]

    def choose(self, language: str | None, name: str | None = None) -> Normalization:
        """The profile of a clip: the one chosen for the whole run, else the clip's own, else its language's."""
        name = self.chosen or name
        return normalization_for(language) if name is None else self.named(name)


def _unknown(name: str, known: tuple[str, ...]) -> ConfigError:
    near = get_close_matches(name, known, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return ConfigError(f"no normalization {name!r}{hint}", hint=f"choose one of {', '.join(known)}")
