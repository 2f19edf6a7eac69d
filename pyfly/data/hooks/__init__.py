"""Hooks: who is told of statements, of slow ones, of leaked connections, and of entities that change.

Nothing here knows a store. A store makes a :class:`SqlStatement` for whatever it sends to its database, and gives it to
the :class:`Hooks` of the application, which tell every ``SqlHook`` bean. The presets are such beans too; the
configuration adds them, and ``pyfly.data.hooks.<name>.enabled: false`` leaves any hook out, whoever has written it.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.entity_hooks import after_create as after_create
    from pyfly.data.entity_hooks import after_delete as after_delete
    from pyfly.data.entity_hooks import after_load as after_load
    from pyfly.data.entity_hooks import after_update as after_update
    from pyfly.data.entity_hooks import before_create as before_create
    from pyfly.data.entity_hooks import before_delete as before_delete
    from pyfly.data.entity_hooks import before_update as before_update
    from pyfly.data.hooks.calling import Hooks as Hooks
    from pyfly.data.hooks.lazy_loads import LazyLoadHook as LazyLoadHook
    from pyfly.data.hooks.lazy_loads import LazyLoads as LazyLoads
    from pyfly.data.hooks.leaks import Leak as Leak
    from pyfly.data.hooks.leaks import LeakHook as LeakHook
    from pyfly.data.hooks.properties import LogParameters as LogParameters
    from pyfly.data.hooks.properties import StatementProperties as StatementProperties
    from pyfly.data.hooks.slow_queries import SlowQueryHook as SlowQueryHook
    from pyfly.data.hooks.statement_log import StatementLogHook as StatementLogHook
    from pyfly.data.hooks.statistics import StatementStatistics as StatementStatistics
    from pyfly.data.hooks.statistics import StatisticsHook as StatisticsHook
    from pyfly.data.ports.statements import SqlHook as SqlHook
    from pyfly.data.ports.statements import SqlStatement as SqlStatement

__all__ = [
    "Hooks",
    "LazyLoadHook",
    "LazyLoads",
    "Leak",
    "LeakHook",
    "LogParameters",
    "SlowQueryHook",
    "SqlHook",
    "SqlStatement",
    "StatementLogHook",
    "StatementProperties",
    "StatementStatistics",
    "StatisticsHook",
    "after_create",
    "after_delete",
    "after_load",
    "after_update",
    "before_create",
    "before_delete",
    "before_update",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Hooks": "pyfly.data.hooks.calling",
        "LazyLoadHook": "pyfly.data.hooks.lazy_loads",
        "LazyLoads": "pyfly.data.hooks.lazy_loads",
        "Leak": "pyfly.data.hooks.leaks",
        "LeakHook": "pyfly.data.hooks.leaks",
        "LogParameters": "pyfly.data.hooks.properties",
        "SlowQueryHook": "pyfly.data.hooks.slow_queries",
        "SqlHook": "pyfly.data.ports.statements",
        "SqlStatement": "pyfly.data.ports.statements",
        "StatementLogHook": "pyfly.data.hooks.statement_log",
        "StatementProperties": "pyfly.data.hooks.properties",
        "StatementStatistics": "pyfly.data.hooks.statistics",
        "StatisticsHook": "pyfly.data.hooks.statistics",
        "after_create": "pyfly.data.entity_hooks",
        "after_delete": "pyfly.data.entity_hooks",
        "after_load": "pyfly.data.entity_hooks",
        "after_update": "pyfly.data.entity_hooks",
        "before_create": "pyfly.data.entity_hooks",
        "before_delete": "pyfly.data.entity_hooks",
        "before_update": "pyfly.data.entity_hooks",
    },
)
