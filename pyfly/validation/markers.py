"""Annotations that say where a value comes from, and otherwise mean the type that they hold."""

import sys
from typing import Any, Final, get_args, get_origin

_WEB_MARKERS: Final = "pyfly.web.params.markers"


def meant(hint: Any) -> Any:
    """Return the type of the value that a method receives: ``int`` for ``Valid[QueryParam[int]]``."""
    # The web layer is above this one. Where it has not been loaded, nobody can have used its markers.
    marker = getattr(sys.modules.get(_WEB_MARKERS), "Marker", None)
    while marker is not None and isinstance(origin := get_origin(hint), type) and issubclass(origin, marker):
        hint = get_args(hint)[0]
    return hint
