from dataclasses import dataclass

from pyfly.container import Container
from pyfly.cqrs import Command, CommandHandler
from pyfly.cqrs.checks import problems_of


@dataclass
class Handled(Command[int]): ...


@dataclass
class Handles(Command[int]): ...


class Handler(CommandHandler[Handled]):
    async def handle(self, command: Handled) -> int:
        return 1


def problems(*classes: type) -> list[tuple[str, tuple[str, ...]]]:
    container = Container()
    for cls in classes:
        container.register(cls)
    found = [each.diagnosis for each in problems_of(container)]
    return [(each.what, each.why) for each in found]


def test_a_message_beside_handled_ones_needs_a_handler_and_the_nearest_is_named() -> None:
    ((what, why),) = problems(Handler)
    assert what.startswith("Handles (tests/cqrs/test_checks.py:")
    assert what.endswith("has no handler.")
    assert why == ("The nearest message that has one is Handled.",)


def test_messages_of_modules_that_take_no_part_are_left_alone() -> None:
    assert problems() == []


def test_messages_made_inside_of_functions_are_left_alone() -> None:
    class Local(Command[int]): ...

    assert not any("Local" in what for what, _ in problems(Handler))
    assert Local.__name__ == "Local"
