"""The start-up check of mappings that nothing serves, because their class is no controller."""

import sys
from collections.abc import Iterable
from inspect import isabstract

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import origin_of
from pyfly.container.exceptions import WiringError
from pyfly.container.metadata import record_of, recorded_members
from pyfly.container.records import BeanRecord
from pyfly.kernel.diagnosis import Diagnosis

_MAPPINGS = "pyfly.web.mappings"
_CONTROLLERS = frozenset({"rest_controller", "controller"})


class UnservedCheck(GraphCheck):
    """Reports classes with mappings that are neither controllers nor bases of any."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Return the classes among those scanned, and among the beans, whose mappings nothing serves."""
        if _MAPPINGS not in sys.modules:
            return
        definitions = container.definitions()
        controllers = [each.type for each in definitions if each.stereotype in _CONTROLLERS]
        served = {base for cls in controllers for base in cls.__mro__}
        others = [
            each.type for each in definitions if each.stereotype and each.stereotype not in _CONTROLLERS
        ]
        for cls in dict.fromkeys([*container.overlooked, *others]):
            if cls not in served and not _is_base(cls) and (names := _mapped(cls)):
                yield WiringError(_diagnosis(cls, names))


def _is_base(cls: type) -> bool:
    return isabstract(cls) or bool(cls.__subclasses__()) or bool(getattr(cls, "__parameters__", ()))


def _mapped(cls: type) -> list[str]:
    from pyfly.web.mappings import RouteRecord  # only for applications with mappings

    return [name for name, said in recorded_members(cls, RouteRecord) if said.mapping is not None]


def _diagnosis(cls: type, names: list[str]) -> Diagnosis:
    said = record_of(cls, BeanRecord)
    stereotype = said.stereotype if said is not None else ""
    fix = f"Put @rest_controller above class {cls.__name__} (@controller for pages)"
    return Diagnosis(
        what=f"{cls.__name__} ({origin_of(cls)}) has mappings, but it is no controller: nothing serves them.",
        why=(
            f"Methods with mappings: {', '.join(names)}.",
            f"The class is a @{stereotype}." if stereotype else "The class has no @rest_controller.",
        ),
        fix=(f"{fix}{f', instead of @{stereotype}' if stereotype else ''}.",),
    )
