"""The hooks that come with the framework, and when the configuration asks for them."""

from typing import Any, Final

from pyfly.context.conditions import Facts, Outcome, Pass

_SECTION: Final = "pyfly.data.hooks"
_WATCHED: Final = frozenset({"development", "dev", "test"})

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
        said = str(facts.property(switch)).lower()
        if said in ("true", "false"):
            return Outcome(said == "true", f"{switch} is {said}", f"Set {switch}: true.")
        if needed_by is None:
            return Outcome(True, f"{switch} is not false")
        value = facts.property(needed_by)
        if needed_by == PRESETS["n-plus-one"]:
            found = not _WATCHED.isdisjoint(map(str.strip, str(value or "").split(",")))
            return Outcome(found, f"profile development or test is {'' if found else 'not '}active")
        if value is None or str(value).lower() in ("false", "none", ""):
            return Outcome(False, f"{needed_by} is not set", f"Set {switch}: true.")
        return Outcome(True, f"{needed_by} is {value}")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_preset", "name": self._name}


def plain_name(name: str) -> str:
    """Return what names of hooks are compared by: ``slow-query`` and ``slow_query_hook`` are one."""
    plain = name.replace("-", "").replace("_", "").lower()
    return plain.removesuffix("hook") or plain
