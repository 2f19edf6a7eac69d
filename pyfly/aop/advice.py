"""Advice as the weaver needs it: read from an aspect class once, checked, and bound when first called."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyfly.aop.decorators import AdviceRecord, AspectRecord
from pyfly.aop.exceptions import IncompatibleAdviceError, InvalidAspectError
from pyfly.aop.pointcut import Pointcut
from pyfly.aop.types import AdviceType
from pyfly.container.definition import origin_of
from pyfly.container.interception import MethodKind, MethodTarget, method_kind, original_class
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.diagnosis import Diagnosis

Handler = Callable[..., Any]
_NOTHING = object()


class AspectSource:
    """Where the instance of an aspect comes from: made when its first advice is called, if not before."""

    __slots__ = ("_instance", "_obtain", "order")

    def __init__(self, obtain: Callable[[], object], order: int, *, is_ready: bool = False) -> None:
        """Call *obtain* once for the instance, at once if it *is_ready*."""
        self._obtain = obtain
        self._instance: object = obtain() if is_ready else _NOTHING
        self.order = order

    @property
    def is_ready(self) -> bool:
        """Whether the instance is there already."""
        return self._instance is not _NOTHING

    def instance(self) -> object:
        """Return the aspect."""
        if self._instance is _NOTHING:
            self._instance = self._obtain()
        return self._instance


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """One advice method of one aspect, for one pointcut.

    Attributes:
        advice_type: When it runs.
        pointcut: Which methods it is for.
        aspect: The class of the aspect.
        name: The name of the advice method.
        source: Where the aspect itself comes from.
        kind: How the advice is called.
        takes_join_point: Whether it has a parameter for the join point.
    """

    advice_type: AdviceType
    pointcut: Pointcut
    aspect: type
    name: str
    source: AspectSource
    kind: MethodKind
    takes_join_point: bool

    @property
    def qualified_name(self) -> str:
        """The name for reports, such as ``Auditing.record``."""
        return f"{self.aspect.__qualname__}.{self.name}"

    @property
    def origin(self) -> str:
        """The file and line where the advice was written."""
        return str(origin_of(_function(self.aspect, self.name)))

    def handler(self) -> Handler:
        """Return the advice method, bound to its aspect."""
        bound: Handler = getattr(self.source.instance(), self.name)
        return bound


def is_aspect(cls: type) -> bool:
    """Say whether *cls* is decorated with ``@aspect``."""
    return record_of(cls, AspectRecord) is not None


def advice_of(cls: type, source: AspectSource) -> list[Advice]:
    """Return the advice of the aspect class *cls* in the order of its text.

    Raises:
        InvalidAspectError: A pointcut cannot be read, or a method cannot be advice.
    """
    cls = original_class(cls)
    return [
        Advice(kind, Pointcut(text), cls, name, source, *_called(cls, name, kind))
        for name, said in recorded_members(cls, AdviceRecord)
        for kind, text in said.advices
    ]


def in_order(advices: Sequence[Advice]) -> list[Advice]:
    """Return *advices* sorted from the outermost aspect to the innermost."""
    return sorted(advices, key=lambda each: each.source.order)


def require_compatible(advice: Advice, target: MethodTarget) -> None:
    """Fail unless *advice* can run around *target*.

    Raises:
        IncompatibleAdviceError: It would have to be awaited or iterated where nobody does.
    """
    kind = target.kind
    if (
        advice.kind is MethodKind.SYNC
        or advice.kind in _POSSIBLE[kind, advice.advice_type is AdviceType.AROUND]
    ):
        return
    method = f"{original_class(target.cls).__qualname__}.{target.name}"
    raise IncompatibleAdviceError(
        Diagnosis(
            f"{advice.qualified_name} ({advice.origin}) cannot advise {method} ({origin_of(target.function)}).",
            (
                (
                    f"{method} is {_article(kind)} {target.binding.value}, "
                    f"and {advice.name}, {_article(advice.kind)} function, would never run there."
                ),
            ),
            (f"Narrow the pointcut '{advice.pointcut.text}', or write {advice.name} as a plain function.",),
        )
    )


_POSSIBLE: dict[tuple[MethodKind, bool], frozenset[MethodKind]] = {
    (MethodKind.SYNC, False): frozenset(),
    (MethodKind.SYNC, True): frozenset(),
    (MethodKind.ASYNC, False): frozenset({MethodKind.ASYNC}),
    (MethodKind.ASYNC, True): frozenset({MethodKind.ASYNC}),
    (MethodKind.GENERATOR, False): frozenset(),
    (MethodKind.GENERATOR, True): frozenset({MethodKind.GENERATOR}),
    (MethodKind.ASYNC_GENERATOR, False): frozenset({MethodKind.ASYNC}),
    (MethodKind.ASYNC_GENERATOR, True): frozenset({MethodKind.ASYNC, MethodKind.ASYNC_GENERATOR}),
}


def _article(kind: MethodKind) -> str:
    return f"an {kind.value}" if kind.value.startswith("a") else f"a {kind.value}"


def _called(cls: type, name: str, advice_type: AdviceType) -> tuple[MethodKind, bool]:
    member = inspect.getattr_static(cls, name)
    function = _function(cls, name)
    wanted = list(_positional(function))
    if wanted and not isinstance(member, staticmethod) and wanted[0].kind is not wanted[0].VAR_POSITIONAL:
        del wanted[0]
    required = [
        each for each in wanted if each.default is each.empty and each.kind is not each.VAR_POSITIONAL
    ]
    takes = bool(wanted)
    if len(required) > 1 or (advice_type is AdviceType.AROUND and not takes):
        needs = "exactly one parameter" if advice_type is AdviceType.AROUND else "at most one parameter"
        what = f"{cls.__qualname__}.{name} ({origin_of(function)}) cannot be @{advice_type} advice: it needs {needs}."
        raise InvalidAspectError(
            Diagnosis(
                what, ("An advice is given the join point, and nothing else.",), (_fix(name, advice_type),)
            )
        )
    return method_kind(function), takes


def _fix(name: str, advice_type: AdviceType) -> str:
    without = "" if advice_type is AdviceType.AROUND else f" or def {name}(self)"
    return f"Write def {name}(self, join_point){without}."


def _function(cls: type, name: str) -> Callable[..., Any]:
    member = inspect.getattr_static(cls, name)
    function: Callable[..., Any] = getattr(member, "__func__", member)
    return function


def _positional(function: Callable[..., Any]) -> Iterator[inspect.Parameter]:
    kinds = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    )
    return (each for each in inspect.signature(function).parameters.values() if each.kind in kinds)
