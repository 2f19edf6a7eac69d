from dataclasses import dataclass
from typing import Any

from pyfly.container import component
from pyfly.cqrs import Command, CommandHandler, Query, QueryHandler, command_handler, query_handler


@dataclass(frozen=True)
class Doubled(Command[int]): ...


@dataclass(frozen=True)
class Forgotten(Command[int]): ...


@dataclass(frozen=True)
class Foreseen(Query[int]): ...


@dataclass(frozen=True)
class Profiled(Query[int]): ...


@dataclass(frozen=True)
class Base(Command[int]): ...


@dataclass(frozen=True)
class Derived(Base): ...


@dataclass(frozen=True)
class Unwritten(Command[int]): ...


@command_handler
class OneHandler(CommandHandler[Doubled]):
    async def handle(self, command: Doubled) -> int:
        return 1


@component
class OtherHandler:
    @command_handler
    async def other(self, command: Doubled) -> int:
        return 2


class ForeseenHandler(QueryHandler[Foreseen]):
    async def handle(self, query: Foreseen) -> int:
        return 3


@query_handler
@component(profile="production")
class ProfiledHandler(QueryHandler[Profiled]):
    async def handle(self, query: Profiled) -> int:
        return 4


@command_handler
class Anything:
    async def handle(self, command: Any) -> int:
        return 5


@command_handler
class BaseHandler(CommandHandler[Base]):
    async def handle(self, command: Base) -> int:
        return 6


@command_handler
class UnwrittenHandler(CommandHandler[Unwritten]): ...
