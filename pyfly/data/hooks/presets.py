"""The hooks that come with the framework, and when the configuration asks for them."""

from typing import Any, Final

from pyfly.context.conditions import Facts, Outcome, Pass

_SECTION: Final = "pyfly.data.hooks"
_WATCHED: Final = frozenset({"development", "dev", "test"})
_UNSET: Final = frozenset({"", "none", "false", "no", "off", "0", "n", "f"})
"""What a key says that asks for nothing; a threshold of no time has a unit, and so is none of them."""

PRESETS: Final = {
    "statement-log": "pyfly.data.log.statements",
    "slow-query": "pyfly.data.slow-query-threshold",
    "statistics": "pyfly.data.hooks.statistics.enabled",
    "leak": None,
    "n-plus-one": "pyfly.profiles.active",
}
"""Each by its name, with the key that adds it as well as ``pyfly.data.hooks.<name>.enabled: true`` does; if none, it is there."""


class OnPreset:
    """Holds when the configuration asks for a hook of the framework."""

    runs_in = Pass.EARLY

    def __init__(self, name: str) -> None:
        """Ask for the hook called *name*."""
        self._name = name

    def check(self, facts: Facts) -> Outcome:
        """Look at its own switch, then at the key that needs it."""
        switch, needed_by = f"{_SECTION}.{self._name}.enabled", PRESETS[self._name]
        for key in (switch, f"{_SECTION}.{self._name}-hook.enabled"):
            said = str(facts.property(key)).lower()
            if said in ("true", "false"):
                return Outcome(said == "true", f"{key} is {said}", f"Set {key}: true.")
        if needed_by is None:
            return Outcome(True, f"{switch} is not false")
        if self._name == "n-plus-one":
            found = not _WATCHED.isdisjoint(facts.profiles())
            return Outcome(found, f"profile development or test is {'' if found else 'not '}active")
        value = facts.property(needed_by)
        if value is None or str(value).strip().lower() in _UNSET:
            return Outcome(False, f"{needed_by} is not set", f"Set {switch}: true.")
        return Outcome(True, f"{needed_by} is {value}")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_preset", "name": self._name}


def plain_name(name: str) -> str:
    """Return what names of hooks are compared by: ``slow-query`` and ``slow_query_hook`` are one."""
    plain = name.replace("-", "").replace("_", "").lower()
    return plain.removesuffix("hook") or plain
