"""The preset ``n-plus-one``: a warning for what is loaded one by one although it could be loaded together."""

import logging
from typing import Final

from pyfly.data.hooks.places import Place
from pyfly.kernel.record import Record

THRESHOLD: Final = 5

_log = logging.getLogger("pyfly.data.loading")


class LazyLoads(Record, kw_only=True):
    """Loads of one relationship, each for one entity, in one unit of work.

    Attributes:
        datasource: Where they were loaded from.
        entity: The class that has the relationship.
        attribute: What the relationship is called.
        times: How often it has been loaded so far.
        place: The line of the application that read it, if it is known.
    """

    datasource: str
    entity: str
    attribute: str
    times: int
    place: Place | None

    def __str__(self) -> str:
        name = f"{self.entity}.{self.attribute}"
        return (
            f"{name} was loaded {self.times} times, one by one, at {self.place or 'code of the framework'}; "
            f"load it together with the entities: lazy='selectin' at the relationship, or selectinload({name})"
        )


class LazyLoadHook:
    """Warns of relationships that are loaded entity by entity. Beans that inherit it hear of them too.

    Attributes:
        count: How many there were.
    """

    def __init__(self) -> None:
        """Know of none."""
        self.count = 0

    def repeated(self, loads: LazyLoads) -> None:
        """Hear of *loads*, once in a unit of work."""
        self.count += 1
        extra = {"datasource": loads.datasource, "attribute": f"{loads.entity}.{loads.attribute}"}
        _log.warning("%s", loads, extra={**extra, "place": str(loads.place or "")})
