"""The environment of an application: which profiles are active, and its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyfly.core.config.config import Config


class Environment:
    """Answers questions about profiles and properties; the configuration is read live."""

    def __init__(self, config: Config) -> None:
        """Answer from *config*."""
        self._config = config

    @property
    def active_profiles(self) -> list[str]:
        """The active profiles, members of groups included."""
        return list(self._config.active_profiles)

    def accepts_profiles(self, *profiles: str) -> bool:
        """Return whether any of the expressions is true for the active profiles.

        An expression is built of names, ``!``, ``&``, ``|``, parentheses, and commas that mean "or".

        Raises:
            ConfigurationError: An expression is not well formed.
        """
        from pyfly.core.config.profiles import accepts_profiles  # few applications ask

        active = self.active_profiles
        return any(accepts_profiles(expression, active) for expression in profiles)

    @property
    def is_production(self) -> bool:
        """Whether the profile ``production`` or ``prod`` is active, which makes defaults cautious."""
        return not {"production", "prod"}.isdisjoint(self.active_profiles)

    def get_property(self, key: str, default: Any = None) -> Any:
        """Return the configuration value of *key*, or *default*."""
        return self._config.get(key, default)
