"""The templates of new projects, and the names by which they are chosen."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.cli.catalogue import ARCHETYPE_DESCRIPTIONS as ARCHETYPE_DESCRIPTIONS
    from pyfly.cli.catalogue import ARCHETYPE_DETAILS as ARCHETYPE_DETAILS
    from pyfly.cli.catalogue import AVAILABLE_FEATURES as AVAILABLE_FEATURES
    from pyfly.cli.catalogue import DEFAULT_FEATURES as DEFAULT_FEATURES
    from pyfly.cli.catalogue import FEATURE_DESCRIPTIONS as FEATURE_DESCRIPTIONS
    from pyfly.cli.catalogue import FEATURE_DETAILS as FEATURE_DETAILS
    from pyfly.cli.catalogue import FEATURE_GROUPS as FEATURE_GROUPS
    from pyfly.cli.catalogue import FEATURE_TIPS as FEATURE_TIPS
    from pyfly.cli.generation import generate_core_project as generate_core_project
    from pyfly.cli.generation import generate_project as generate_project

__all__ = [
    "ARCHETYPE_DESCRIPTIONS",
    "ARCHETYPE_DETAILS",
    "AVAILABLE_FEATURES",
    "DEFAULT_FEATURES",
    "FEATURE_DESCRIPTIONS",
    "FEATURE_DETAILS",
    "FEATURE_GROUPS",
    "FEATURE_TIPS",
    "generate_core_project",
    "generate_project",
]

_CATALOGUE = [name for name in __all__ if name.isupper()]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        **dict.fromkeys(_CATALOGUE, "pyfly.cli.catalogue"),
        "generate_core_project": "pyfly.cli.generation",
        "generate_project": "pyfly.cli.generation",
    },
)
