from typing import Any, Generic, TypeVar

import pytest

from pyfly.container import Container
from pyfly.cqrs import Command, CommandHandler, Query, QueryHandler, command_handler, query_handler
from pyfly.cqrs.handlers import HandlerBeans, handlings, message_type_of

T = TypeVar("T")


class Ping(Command[str]): ...


class Ask(Query[int]): ...


class ByBase(CommandHandler[Ping]): ...


class Deeper(ByBase): ...


class Generally(CommandHandler[T], Generic[T]): ...


class ByTypeVariable(Generally[Ping]): ...


class Mixed(dict[str, int], QueryHandler[Ask]): ...


class ByAnnotation:
    async def handle(self, query: Ask) -> int:
        return 1


class Bare(CommandHandler):  # type: ignore[type-arg]  # the published form
    async def handle(self, command: Ping) -> str:
        return ""


class ByString:
    async def handle(self, command: "Ping") -> str:
        return ""


class Nothing:
    async def handle(self, command: Any) -> str:
        return ""


class Unresolved:
    async def handle(self, command: "Missing") -> str:  # type: ignore[name-defined]  # noqa: F821
        return ""


@pytest.mark.parametrize(
    ("handler", "message_type"),
    [
        (ByBase, Ping),
        (Deeper, Ping),
        (ByTypeVariable, Ping),
        (Mixed, Ask),
        (ByAnnotation, Ask),
        (Bare, Ping),
        (ByString, Ping),
        (Nothing, None),
        (Unresolved, None),
        (Generally, None),
        (CommandHandler, None),
    ],
)
def test_the_message_type_is_read_from_bases_then_from_the_annotation(
    handler: type, message_type: type | None
) -> None:
    assert message_type_of(handler) is message_type


@command_handler(handles=Ping)
class Explicit:
    def handle(self, anything):  # type: ignore[no-untyped-def]  # noqa: ANN001
        return "explicit"


class Desk:
    @query_handler
    async def answer(self, query: Ask) -> int:
        return 42


async def test_handlers_are_classes_by_decorator_or_base_and_marked_methods() -> None:
    container = Container()
    for cls in (Explicit, Desk, Nothing):
        container.register(cls)
    found = [
        (each.definition.type, each.method, each.message_type) for each in handlings(container.definitions())
    ]
    assert found == [(Explicit, "handle", Ping), (Desk, "answer", Ask)]


async def test_a_handler_bean_is_bound_when_it_is_asked_for() -> None:
    container = Container()
    container.register(Desk)
    beans = HandlerBeans(container)
    assert list(beans.message_types()) == [Ask]
    assert await (await beans.bound(Ask))(Ask()) == 42
