from dataclasses import dataclass

from pyfly.cqrs import Command, CommandBus, CommandHandler, Mediator, Query, QueryBus, QueryHandler


@dataclass(frozen=True, slots=True)
class Rename(Command[str]):
    name: str


@dataclass(frozen=True, slots=True)
class Look(Query[int]): ...


class RenameHandler(CommandHandler[Rename]):
    async def handle(self, command: Rename) -> str:
        return command.name


class LookHandler(QueryHandler[Look]):
    async def handle(self, query: Look) -> int:
        return 1


def test_messages_may_have_slots_and_stay_values() -> None:
    assert not hasattr(Rename("a"), "__dict__")
    assert Rename("a") == Rename("a")


async def test_each_bus_sends_its_kind_of_message() -> None:
    mediator = Mediator()
    mediator.register_handler(Rename, RenameHandler())
    mediator.register_handler(Look, LookHandler())
    commands: CommandBus = mediator
    queries: QueryBus = mediator
    assert await commands.send(Rename("a")) == "a"
    assert await queries.send(Look()) == 1
