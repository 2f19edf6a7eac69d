"""The settings of the context itself: ``pyfly.context.*`` and ``pyfly.autoconfigure.*``."""

from datetime import timedelta
from typing import Annotated

from pyfly.core.config.declaration import Doc, config_properties
from pyfly.kernel.record import Record, attribute


@config_properties("pyfly.context")
class ContextProperties(Record, kw_only=True):
    """How the application context starts and stops."""

    start_timeout: Annotated[timedelta, Doc("How long one bean may take to start.")] = timedelta(seconds=60)
    shutdown_timeout: Annotated[timedelta, Doc("How long stopping everything may take.")] = timedelta(
        seconds=30
    )
    stop_timeout: Annotated[timedelta, Doc("How long stopping one bean may take.")] = timedelta(seconds=10)
    concurrent_initialization: Annotated[
        bool, Doc("Whether beans whose creation awaits are created side by side instead of one by one.")
    ] = False
    allow_bean_overriding: Annotated[
        bool, Doc("Whether the last of several beans with one name replaces the others.")
    ] = False


@config_properties("pyfly.autoconfigure")
class AutoConfigureProperties(Record, kw_only=True):
    """Which auto-configurations take part."""

    exclude: Annotated[
        tuple[str, ...], Doc("Auto-configurations to leave out: class names, with or without module.")
    ] = attribute(default=())
