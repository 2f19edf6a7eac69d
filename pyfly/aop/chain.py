"""Compiles the advice on one method into functions that do nothing but call.

Layers of ``before`` and ``after…`` become one function of nested ``try`` statements. Each ``around``
becomes a join point class of its own, whose ``proceed`` is compiled to call what is inside. No join
point is made for advice that takes none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pyfly.aop._coding import ChainCode, delegate, exact_parameters, taken
from pyfly.aop._delegation import as_awaitable
from pyfly.aop._points import point_class
from pyfly.aop.advice import Advice
from pyfly.aop.types import AdviceType, JoinPoint
from pyfly.container.interception import Method, MethodKind, MethodTarget, adopt_defaults

_AWAITED = (MethodKind.ASYNC, MethodKind.ASYNC_GENERATOR)


@dataclass(slots=True)
class Layer:
    """The advice of one aspect on one method, except for ``around``."""

    before: list[Advice] = field(default_factory=list)
    after_returning: list[Advice] = field(default_factory=list)
    after_throwing: list[Advice] = field(default_factory=list)
    after: list[Advice] = field(default_factory=list)

    def all(self) -> list[Advice]:
        """Return every advice of the layer."""
        return [*self.before, *self.after_returning, *self.after_throwing, *self.after]


Step = Advice | Layer


def compile_chain(target: MethodTarget, advices: Sequence[Advice], call: Method) -> Method:
    """Return the function that runs *advices*, outermost aspect first, around *call*.

    Args:
        target: The method.
        advices: What is woven into it, sorted by aspect; inside one aspect, ``around`` is outermost.
        call: What the innermost advice reaches: a function that takes the bean first.
    """
    layers: list[Layer] = []
    arounds: list[Advice] = []
    for step in reversed(_steps(advices)):
        if isinstance(step, Layer):
            call, arounds = _wrapped(target, arounds, call), []
            layers.insert(0, step)
        else:
            call, layers = _guarded(target, layers, call), []
            arounds.insert(0, step)
    return _guarded(target, layers, _wrapped(target, arounds, call))


def _steps(advices: Sequence[Advice]) -> list[Step]:
    steps: list[Step] = []
    for _, group in groupby(advices, key=lambda each: each.source):
        layer = Layer()
        for advice in group:
            if advice.advice_type is AdviceType.AROUND:
                steps.append(advice)
            else:
                getattr(layer, advice.advice_type.value).append(advice)
        if layer.all():
            steps.append(layer)
    return steps


def _wrapped(target: MethodTarget, arounds: Sequence[Advice], call: Method) -> Method:
    """Return *call* inside *arounds*."""
    if not arounds:
        return call
    point = point_class(target.name, _proceed(target, call))
    for advice in reversed(arounds[1:]):
        if target.kind in (MethodKind.SYNC, MethodKind.ASYNC):
            point = point_class(target.name, _proceed_to(target, advice, point))
        else:
            point = point_class(target.name, _proceed(target, _entry(target, advice, point)))
    return _entry(target, arounds[0], point)


def _proceed(target: MethodTarget, call: Method) -> Method:
    """``proceed`` of a join point inside which there is *call*."""
    code = ChainCode(target, "proceed")
    inner = code.constant(call, "call")
    with code.builder.block("def proceed(self, /, *args, **kwargs):"):
        with code.builder.block("if args or kwargs:"):
            code.line(f"return {inner}(self.received[0], *args, **kwargs)")
        with code.builder.block("if self.kwargs:"):
            code.line(f"return {inner}(*self.received, **self.kwargs)")
        code.line(f"return {inner}(*self.received)")
    return code.compile()


def _proceed_to(target: MethodTarget, advice: Advice, point: type[JoinPoint]) -> Method:
    """``proceed`` of a join point inside which there is another ``around``."""
    code = ChainCode(target, "proceed")
    with code.builder.block("def proceed(self, /, *args, **kwargs):"):
        with code.builder.block("if args or kwargs:"):
            code.join_point(point, "(self.received[0], *args)", "kwargs")
        with code.builder.block("else:"):
            code.join_point(point, "self.received", "self.kwargs")
        code.line(f"return {_around_called(code, advice)}")
    return code.compile()


def _around_called(code: ChainCode, advice: Advice) -> str:
    called = f"{code.handler(advice)}(aop_point)"
    if code.kind is MethodKind.ASYNC and advice.kind is MethodKind.SYNC:
        return f"{code.constant(as_awaitable, 'awaitable')}({called})"
    return called


def _entry(target: MethodTarget, advice: Advice, point: type[JoinPoint]) -> Method:
    """The function that replaces a method around which there is *advice*."""
    code = ChainCode(target, target.name)
    with code.builder.block(f"{_def(target)}(*aop_call, **kwargs):"):
        code.join_point(point)
        called = _around_called(code, advice)
        if target.kind is MethodKind.ASYNC_GENERATOR:
            delegate(code, f"await {called}" if advice.kind is MethodKind.ASYNC else called)
        else:
            code.line(f"return {taken(target.kind, called)}")
    return code.compile()


def _guarded(target: MethodTarget, layers: Sequence[Layer], call: Method) -> Method:
    """Return *call* inside *layers*."""
    if not layers:
        return call
    code = ChainCode(target, target.name)
    has_point = any(advice.takes_join_point for layer in layers for advice in layer.all())
    parameters = None if has_point else exact_parameters(target.function)
    text, arguments = (parameters.text, parameters.call) if parameters is not None else _ANY
    inner = f"{code.constant(call, 'call')}({arguments})"
    with code.builder.block(f"{_def(target)}({text}):"):
        if has_point:
            code.join_point(point_class(target.name))
        _Nest(code, layers, inner, has_point=has_point).emit()
    generated = code.compile()
    if parameters is not None:
        adopt_defaults(generated, target.function)
    return generated


class _Nest:
    """Writes layers inside each other, the innermost around the call."""

    def __init__(self, code: ChainCode, layers: Sequence[Layer], inner: str, *, has_point: bool) -> None:
        self._code = code
        self._layers = layers
        self._inner = inner
        self._has_point = has_point
        self._keeps_result = any(layer.after_returning for layer in layers)

    def emit(self) -> None:
        self._layer(0)
        if self._keeps_result and self._code.kind is not MethodKind.ASYNC_GENERATOR:
            self._code.line("return aop_result")

    def _layer(self, index: int) -> None:
        if index == len(self._layers):
            self._call()
            return
        layer = self._layers[index]
        self._finally(layer.after, lambda: self._throwing(layer, index))

    def _finally(self, after: Sequence[Advice], body: Callable[[], None]) -> None:
        if not after:
            body()
            return
        with self._code.builder.block("try:"):
            self._finally(after[:-1], body)
        with self._code.builder.block("finally:"):
            self._code.line(self._code.run(after[-1]))

    def _throwing(self, layer: Layer, index: int) -> None:
        if not layer.after_throwing and not (layer.after and self._has_point):
            self._returning(layer, index)
            return
        with self._code.builder.block("try:"):
            self._returning(layer, index)
        if self._code.kind in (MethodKind.GENERATOR, MethodKind.ASYNC_GENERATOR):
            with self._code.builder.block(
                "except GeneratorExit:"
            ):  # closed by the caller, which is no failure
                self._code.line("raise")
        with self._code.builder.block("except BaseException as aop_error:"):
            if self._has_point:
                self._code.line("aop_point.exception = aop_error")
            self._code.line(*(self._code.run(advice) for advice in layer.after_throwing), "raise")

    def _returning(self, layer: Layer, index: int) -> None:
        self._code.line(*(self._code.run(advice) for advice in layer.before))
        self._layer(index + 1)
        self._code.line(*(self._code.run(advice) for advice in layer.after_returning))

    def _call(self) -> None:
        kind = self._code.kind
        if kind is MethodKind.ASYNC_GENERATOR:
            delegate(self._code, self._inner)
            return
        called = taken(kind, self._inner)
        if not self._keeps_result and not self._has_point:
            self._code.line(f"return {called}")
            return
        self._code.line(f"aop_result = {called}")
        if self._has_point:
            self._code.line("aop_point.return_value = aop_result")
        if not self._keeps_result:
            self._code.line("return aop_result")


def _def(target: MethodTarget) -> str:
    return f"{'async ' if target.kind in _AWAITED else ''}def {target.name}"


_ANY = "*aop_call, **kwargs", "*aop_call, **kwargs"
