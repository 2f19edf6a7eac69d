"""The environment of an application: which profiles are active, and its properties."""

from typing import Any

from pyfly.core.config.config import Config
from pyfly.core.config.profiles import accepts_profiles, profile_names


class Environment:
    """Answers questions about profiles and properties; the configuration is read live."""

    def __init__(self, config: Config) -> None:
        """Answer from *config*."""
        self._config = config

    @property
    def active_profiles(self) -> list[str]:
        """The active profiles: those the configuration was loaded with, else ``pyfly.profiles.active``."""
        loaded = self._config.active_profiles
        return list(loaded) if loaded else profile_names(self._config.get("pyfly.profiles.active"))

    def accepts_profiles(self, *profiles: str) -> bool:
        """Return whether any of the expressions is true for the active profiles.

        An expression is built of names, ``!``, ``&``, ``|``, parentheses, and commas that mean "or".

        Raises:
            ConfigurationError: An expression is not well formed.
        """
        active = self.active_profiles
        return any(accepts_profiles(expression, active) for expression in profiles)

    @property
    def is_production(self) -> bool:
        """Whether the profile ``production`` or ``prod`` is active, which makes defaults cautious."""
        return not {"production", "prod"}.isdisjoint(self.active_profiles)

    def get_property(self, key: str, default: Any = None) -> Any:
        """Return the configuration value of *key*, or *default*."""
        return self._config.get(key, default)
