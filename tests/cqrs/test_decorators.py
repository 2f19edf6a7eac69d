from pyfly.container import Scope, component
from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord
from pyfly.cqrs import Command, CommandHandler, command_handler, query_handler


class Ping(Command[str]): ...


def test_the_published_attribute_tells_the_kind_of_handler() -> None:
    @command_handler
    class One: ...

    @query_handler
    class Two: ...

    assert One.__pyfly_handler_type__ == "command"  # type: ignore[attr-defined]
    assert Two.__pyfly_handler_type__ == "query"  # type: ignore[attr-defined]


def test_what_a_stereotype_says_stays_whichever_is_written_first() -> None:
    @command_handler
    @component(scope=Scope.TRANSIENT, name="inside")
    class One(CommandHandler[Ping]): ...

    @component(scope=Scope.TRANSIENT, name="outside")
    @command_handler
    class Two(CommandHandler[Ping]): ...

    for cls, name in ((One, "inside"), (Two, "outside")):
        said = record_of(cls, BeanRecord)
        assert said is not None
        assert (said.scope, said.name, said.injectable) == (Scope.TRANSIENT, name, True)
