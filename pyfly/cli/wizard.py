"""The questions of ``pyfly new`` without a name."""

from collections.abc import Callable
from typing import Any

from pyfly.cli.catalogue import (
    ARCHETYPE_DESCRIPTIONS,
    AVAILABLE_FEATURES,
    DEFAULT_FEATURES,
    FEATURE_DESCRIPTIONS,
)
from pyfly.cli.naming import InvalidNameError, check_package_name, check_project_name, package_of
from pyfly.kernel.record import Record


class Wish(Record, kw_only=True):
    """What is to be created."""

    name: str
    package: str | None
    archetype: str
    features: tuple[str, ...] | None


def ask(prompts: Any) -> Wish | None:
    """Ask for everything with *prompts*, the module questionary; ``None`` when nothing is to be created."""
    name = prompts.text("Project name:", validate=_verdict(check_project_name)).unsafe_ask()
    package = prompts.text(
        "Package name:", default=package_of(name), validate=_verdict(check_package_name)
    ).unsafe_ask()
    archetype = prompts.select(
        "Archetype:",
        choices=[prompts.Choice(f"{key}: {text}", value=key) for key, text in ARCHETYPE_DESCRIPTIONS.items()],
    ).unsafe_ask()
    features = prompts.checkbox(
        "Features:",
        choices=[
            prompts.Choice(
                f"{key}: {FEATURE_DESCRIPTIONS[key]}", value=key, checked=key in DEFAULT_FEATURES[archetype]
            )
            for key in AVAILABLE_FEATURES
        ],
    ).unsafe_ask()
    if not prompts.confirm(f"Create {name}?", default=True).unsafe_ask():
        return None
    return Wish(name=name, package=package, archetype=archetype, features=tuple(features))


def _verdict(check: Callable[[str], None]) -> Callable[[str], bool | str]:
    """Return *check* as questionary wants it: true, or what is wrong."""

    def verdict(text: str) -> bool | str:
        try:
            check(text)
        except InvalidNameError as error:
            return str(error)
        return True

    return verdict
