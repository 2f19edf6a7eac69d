"""``@query`` under its published address; it is written in :mod:`.hand_queries`.

A package whose module and whose exported function have one name offers whichever was imported last. So
this module can be called like the function.
"""

import sys
from types import ModuleType
from typing import Any

from pyfly.data.relational.sqlalchemy.hand_queries import QueryExecutor, query

__all__ = ["QueryExecutor", "query"]


class _CallableModule(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return query(*args, **kwargs)


sys.modules[__name__].__class__ = _CallableModule
