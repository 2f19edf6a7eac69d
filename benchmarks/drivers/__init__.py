"""How the harness gets one sample of one row from one contender: a driver per kind of area."""

from benchmarks.area import Area, Contender, Kind
from benchmarks.drivers.asgi import AsgiDriver
from benchmarks.drivers.base import Driver, Sample, Setting, Unavailable
from benchmarks.drivers.cold import ColdDriver
from benchmarks.drivers.load import LoadDriver
from benchmarks.drivers.server import ServerDriver
from benchmarks.drivers.warm import WarmDriver

__all__ = ["Driver", "Sample", "Setting", "Unavailable", "driver_for", "missing_for"]

_DRIVERS: dict[Kind, type[Driver]] = {
    Kind.WARM: WarmDriver,
    Kind.COLD: ColdDriver,
    Kind.SERVER: ServerDriver,
    Kind.ASGI: AsgiDriver,
    Kind.LOAD: LoadDriver,
}


def missing_for(area: Area) -> str:
    """Return what this machine lacks to measure *area*, or an empty text."""
    return _DRIVERS[area.kind].missing()


def driver_for(area: Area, contender: Contender, setting: Setting) -> Driver:
    """Return the driver that measures *contender* in *area*."""
    return _DRIVERS[area.kind](area, contender, setting)
