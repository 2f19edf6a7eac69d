"""Port: makes pages of templates."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol


class ViewPlan(NamedTuple):
    """How the results of a handler become pages.

    Attributes:
        template: The template of the dictionaries that it returns; empty if a result names its own.
    """

    template: str = ""


class TemplateEngine(Protocol):
    """Port: renders templates by name; a bean that inherits this class takes the place of Jinja."""

    def render(self, name: str, model: Mapping[str, Any], /) -> str:
        """Return the page that the template *name* makes of *model*. May be called in any thread."""

    def exists(self, name: str, /) -> bool:
        """Say whether there is a template *name*; asked when the application starts."""
