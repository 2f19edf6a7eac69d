"""What is verified about messages and handlers before any bean is built."""

import logging
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyfly.container.container import Container
from pyfly.container.definition import origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.core.config.config import Config
from pyfly.cqrs.handlers import Handling, handlings, message_type_of
from pyfly.cqrs.types import Command, CommandHandler, Query, QueryHandler
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest

_UNHANDLED: Final = "pyfly.cqrs.unhandled"


def problems_of(container: Container) -> Iterator[WiringError]:
    """Yield what is wrong: messages that have no handler or several, and handlers that handle nothing."""
    by_type: dict[type, list[Handling]] = defaultdict(list)
    for handling in handlings(container.definitions()):
        if handling.message_type is None:
            yield _nothing_said(handling)
        else:
            by_type[handling.message_type].append(handling)
        if _is_unwritten(handling):
            yield _unwritten(handling)
    for message_type, several in by_type.items():
        if len(several) > 1:
            yield _ambiguous(message_type, several)
    yield from _unhandled(container, by_type)


def _nothing_said(handling: Handling) -> Problem:
    return Problem(
        Diagnosis(
            f"{handling} does not say which messages it handles.",
            ("Neither a base class, nor an annotation, nor the decorator names a message class.",),
            ("Write `class …(CommandHandler[PlaceOrder])`, or annotate the parameter of its method.",),
        )
    )


def _is_unwritten(handling: Handling) -> bool:
    method = getattr(handling.definition.type, handling.method, None)
    return method in (None, CommandHandler.handle, QueryHandler.handle)


def _unwritten(handling: Handling) -> Problem:
    return Problem(
        Diagnosis(
            f"{handling} has no method 'handle' of its own.",
            (),
            ("Write `async def handle(self, message: …)`.",),
        )
    )


def _ambiguous(message_type: type, several: list[Handling]) -> Problem:
    return Problem(
        Diagnosis(
            f"{message_type.__name__} ({origin_of(message_type)}) has {len(several)} handlers; it needs exactly one.",
            tuple(f"{each} handles it." for each in several),
            ("Keep one of them; what else has to happen belongs into listeners of events.",),
        )
    )


def _unhandled(container: Container, handled: dict[type, list[Handling]]) -> Iterator[WiringError]:
    wish = _wish(container)
    if wish == "ignore":
        return
    modules = {each.__module__ for each in handled}
    modules |= {each.type.__module__ for each in container.definitions() if not each.auto}
    for message_type in _messages(modules):
        if handled.keys() & set(message_type.__mro__):
            continue
        problem = _missing(container, message_type, handled)
        if wish == "warn":
            _warn(str(problem))
        else:
            yield problem


def _wish(container: Container) -> str:
    if not container.definitions_of(Config):
        return "fail"
    return str(container.resolve(Config).get(_UNHANDLED, "fail")).lower()


def _messages(modules: set[str]) -> Iterator[type]:
    """Yield the message classes of *modules* that are no bases of others, in the order of their names."""
    leaves: dict[type, None] = {}
    pending: list[type] = [Command, Query]
    while pending:
        below: list[type] = pending.pop().__subclasses__()
        pending += below
        leaves.update(dict.fromkeys(each for each in below if not each.__subclasses__()))
    for cls in sorted(leaves, key=lambda each: (each.__module__, each.__qualname__)):
        # A class of the same name may have taken its place since, as happens where modules are reloaded.
        if cls.__module__ in modules and getattr(sys.modules.get(cls.__module__), cls.__name__, None) is cls:
            yield cls


def _missing(container: Container, message_type: type, handled: Iterable[type]) -> Problem:
    name = message_type.__name__
    why = list(_near_misses(container, message_type))
    guess = nearest(name, [each.__name__ for each in handled])
    if not why and guess:
        why.append(f"The nearest message that has one is {guess}.")
    return Problem(
        Diagnosis(
            f"{name} ({origin_of(message_type)}) has no handler.",
            tuple(why),
            (
                f"Write a @command_handler or @query_handler for {name}.",
                f"If another application handles it, set {_UNHANDLED}: ignore.",
            ),
        )
    )


def _near_misses(container: Container, message_type: type) -> Iterator[str]:
    left_out = {each.definition: each.reason for each in container.exclusions()}
    for handling in handlings(left_out):
        if handling.message_type is message_type:
            yield f"{handling} fits but was left out: {left_out[handling.definition]}."
    known = {each.type for each in (*left_out, *container.definitions())}
    for base in (CommandHandler, QueryHandler):
        for cls in base.__subclasses__():
            if cls not in known and message_type_of(cls) is message_type:
                yield f"{cls.__name__} ({origin_of(cls)}) handles it and is no bean; it needs its decorator."


def _warn(text: str) -> None:
    logging.getLogger("pyfly.cqrs").warning("%s", text)
