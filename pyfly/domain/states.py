"""State machines on fields: which value may follow which."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, StrEnum
from inspect import currentframe
from itertools import pairwise
from types import FrameType
from typing import Any, Final

from pyfly.domain.errors import IllegalTransitionError
from pyfly.kernel.nearest import nearest

_ARROW: Final = ">>"
_OR: Final = "|"


class Path:
    """States that follow one another: ``State("draft") >> "active" >> "archived"``."""

    __slots__ = ("states",)

    def __init__(self, *states: object) -> None:
        """Go through *states* in this order."""
        self.states = states

    def __rshift__(self, following: object) -> Path:
        return Path(*self.states, following)


class State(Path):
    """One state, where a path begins."""

    __slots__ = ()

    def __init__(self, state: object) -> None:
        """Begin with *state*: a text or a member of an enum."""
        super().__init__(state)


class StateEnum(StrEnum):
    """An enum whose members make paths: ``Status.DRAFT >> Status.ACTIVE``."""

    def __rshift__(self, following: object) -> Path:
        return Path(self, following)


class StateMachine:
    """A field whose value moves along given paths only; any other assignment is an ``IllegalTransitionError``.

    ::

        class Order(AggregateRoot[int]):
            status = StateMachine("draft >> active >> archived", "active >> cancelled")

    The first state named is the one that objects start in, unless their ``__init__``, or that of a dataclass,
    assigns another one; :meth:`restore` is for loading in other ways. Assigning the current state again
    changes nothing.
    """

    def __init__(self, *paths: str | Path, stored_in: str = "") -> None:
        """Allow the moves of *paths*.

        Args:
            paths: ``"draft >> active | cancelled"``, where ``|`` separates alternatives, or paths made of
                :class:`State` or :class:`StateEnum`.
            stored_in: The attribute that holds the value, such as a mapped column; by default the machine
                keeps it itself.

        Raises:
            ValueError: There is no move in a path.
        """
        self._moves: dict[Any, dict[Any, None]] = {}
        for path in paths:
            self._add(path)
        if not self._moves:
            raise ValueError("a state machine needs at least one path, such as 'draft >> active'")
        # Members of an enum are found by their value too.
        self._members: dict[Any, Any] = {}
        for state in self._moves:
            self._members[state] = state
            if isinstance(state, Enum):
                self._members[state.value] = state
        self._stored_in = stored_in
        self._name = "state"

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        current = self._stored(instance)
        return self.initial if current is None else self._members.get(current, current)

    def __set__(self, instance: Any, value: Any) -> None:
        wanted = self.initial if value is self else self.member(value)
        current = self._stored(instance)
        if current is not None or not _is_constructor(currentframe()):
            self.check(self.initial if current is None else current, wanted)
        self.restore(instance, wanted)

    def restore(self, instance: object, state: object) -> None:
        """Put *instance* into *state*, as it was stored, whatever its state is now."""
        if self._stored_in:
            setattr(instance, self._stored_in, self.member(state))
        else:
            instance.__dict__[self._name] = self.member(state)

    @property
    def initial(self) -> Any:
        """The state that objects start in."""
        return next(iter(self._moves))

    @property
    def states(self) -> tuple[Any, ...]:
        """Every state, in the order in which the paths name them."""
        return tuple(self._moves)

    def allowed_from(self, state: object) -> tuple[Any, ...]:
        """Return the states that follow *state*."""
        return tuple(self._moves[self.member(state)])

    def can(self, current: object, wanted: object) -> bool:
        """Say whether *current* leads to *wanted* in one move."""
        return self.member(wanted) in self._moves[self.member(current)]

    def check(self, current: object, wanted: object) -> None:
        """Accept the move from *current* to *wanted*, or staying.

        Raises:
            IllegalTransitionError: There is no such move.
        """
        before, after = self.member(current), self.member(wanted)
        if before != after and after not in self._moves[before]:
            raise IllegalTransitionError(
                self._name, _text(before), _text(after), tuple(map(_text, self._moves[before]))
            )

    def member(self, state: object) -> Any:
        """Return *state* as the paths name it.

        Raises:
            ValueError: There is no such state.
        """
        try:
            return self._members[state]
        except (KeyError, TypeError):
            known = [_text(each) for each in self._moves]
            guess = nearest(str(state), known)
            hint = f"did you mean '{guess}'?" if guess else f"there are: {', '.join(known)}"
            raise ValueError(f"'{self._name}' has no state '{state}'; {hint}") from None

    def diagram(self) -> str:
        """Return the machine as a Mermaid state diagram."""
        names = {state: f"s{index}" for index, state in enumerate(self._moves)}
        lines = ["stateDiagram-v2", f"    [*] --> {names[self.initial]}"]
        lines += [f'    state "{_text(state)}" as {name}' for state, name in names.items()]
        lines += [f"    {names[one]} --> {names[two]}" for one, after in self._moves.items() for two in after]
        lines += [f"    {names[state]} --> [*]" for state, after in self._moves.items() if not after]
        return "\n".join(lines)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Let ``Annotated[str, Order.status]`` accept the states and nothing else."""
        from pydantic_core import core_schema  # pydantic asks, so it is there

        return core_schema.literal_schema([_text(each) for each in self._moves])

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the states as an enum, and their moves as a diagram."""
        moves = [
            f"{_text(state)} {_ARROW} {f' {_OR} '.join(map(_text, after))}"
            for state, after in self._moves.items()
            if after
        ]
        return {
            "type": "string",
            "enum": [_text(each) for each in self._moves],
            "description": "Moves: " + "; ".join(moves),
            "x-state-diagram": self.diagram(),
        }

    def _stored(self, instance: Any) -> Any:
        if self._stored_in:
            return getattr(instance, self._stored_in, None)
        return instance.__dict__.get(self._name)

    def _add(self, path: str | Path) -> None:
        steps = _steps(path)
        if len(steps) < 2:
            raise ValueError(f"'{path}' names no move; write for example 'draft >> active'")
        for step in steps:
            for state in step:
                self._moves.setdefault(state, {})
        for step, following in pairwise(steps):
            for state in step:
                self._moves[state].update(dict.fromkeys(following))


def _steps(path: str | Path) -> list[tuple[Any, ...]]:
    if isinstance(path, Path):
        return [_group(state) for state in path.states]
    steps = [tuple(name.strip() for name in step.split(_OR)) for step in path.split(_ARROW)]
    if any(not name for step in steps for name in step):
        raise ValueError(f"'{path}' has an empty state; write for example 'draft >> active | cancelled'")
    return steps


def _group(state: object) -> tuple[Any, ...]:
    return tuple(state) if isinstance(state, Iterable) and not isinstance(state, str) else (state,)


def _is_constructor(frame: FrameType | None) -> bool:
    """Say whether *frame*, that of ``__set__``, was entered from an ``__init__``."""
    caller = frame.f_back if frame is not None else None
    return caller is not None and caller.f_code.co_name == "__init__"


def _text(state: object) -> str:
    return str(state.value) if isinstance(state, Enum) else str(state)
