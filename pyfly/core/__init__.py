"""Applications: the entry class, configuration, banner, and the report of a failed start."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.context.runners import ApplicationRunner as ApplicationRunner
    from pyfly.context.runners import CommandLineRunner as CommandLineRunner
    from pyfly.core.application import PyFlyApplication as PyFlyApplication
    from pyfly.core.application import pyfly_application as pyfly_application
    from pyfly.core.banner import BannerMode as BannerMode
    from pyfly.core.banner import BannerPrinter as BannerPrinter
    from pyfly.core.config import Config as Config
    from pyfly.core.config import config_properties as config_properties
    from pyfly.core.failure import failure_report as failure_report

__all__ = [
    "ApplicationRunner",
    "BannerMode",
    "BannerPrinter",
    "CommandLineRunner",
    "Config",
    "PyFlyApplication",
    "config_properties",
    "failure_report",
    "pyfly_application",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ApplicationRunner": "pyfly.context.runners",
        "BannerMode": "pyfly.core.banner",
        "BannerPrinter": "pyfly.core.banner",
        "CommandLineRunner": "pyfly.context.runners",
        "Config": "pyfly.core.config",
        "PyFlyApplication": "pyfly.core.application",
        "config_properties": "pyfly.core.config",
        "failure_report": "pyfly.core.failure",
        "pyfly_application": "pyfly.core.application",
    },
)
