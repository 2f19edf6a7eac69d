"""Writes single functions of advice chains through the code generator that all of pyfly shares."""

from typing import Any

from pyfly.aop._delegation import aclose, athrow
from pyfly.aop.advice import Advice
from pyfly.aop.types import JoinPoint
from pyfly.container.interception import Method, MethodKind, MethodTarget, Parameters
from pyfly.kernel.codegen import SourceBuilder


class ChainCode:
    """One generated function of a chain."""

    def __init__(self, target: MethodTarget, name: str) -> None:
        self.target = target
        self.kind = target.kind
        self.builder = SourceBuilder(name)
        self._late: list[_LateHandler] = []

    def constant(self, value: object, hint: str) -> str:
        """Return the identifier of *value*, which no parameter can have."""
        return self.builder.constant(value, f"aop_{hint}")

    def line(self, *lines: str) -> None:
        """Write *lines*."""
        for each in lines:
            self.builder.line(each)

    def handler(self, advice: Advice) -> str:
        """The identifier of the advice method, which is looked up once its aspect is there."""
        if advice.source.is_ready:
            return self.constant(advice.handler(), advice.name)
        late = _LateHandler(advice)
        identifier = self.constant(late, advice.name)
        late.identifier = identifier
        self._late.append(late)
        return identifier

    def run(self, advice: Advice, join_point: str = "aop_point") -> str:
        """The expression that calls *advice*."""
        awaiting = "await " if advice.kind is MethodKind.ASYNC else ""
        return f"{awaiting}{self.handler(advice)}({join_point if advice.takes_join_point else ''})"

    def join_point(self, cls: type[JoinPoint], call: str = "aop_call", kwargs: str = "kwargs") -> None:
        """Make a join point."""
        made = self.constant(cls, "JoinPoint")
        self.line(f"aop_point = {made}()", f"aop_point.received = {call}", f"aop_point.kwargs = {kwargs}")

    def compile(self) -> Method:
        """Return the function."""
        function = self.builder.compile()
        for late in self._late:
            late.namespace = function.__globals__
        return function


class _LateHandler:
    """Stands for an advice method until it is first called, and then puts it in its own place."""

    def __init__(self, advice: Advice) -> None:
        self._advice = advice
        self.identifier = ""
        self.namespace: dict[str, Any] = {}

    def __call__(self, *join_point: JoinPoint) -> Any:
        handler = self._advice.handler()
        self.namespace[self.identifier] = handler
        return handler(*join_point)


def exact_parameters(function: Method) -> Parameters | None:
    """Return the parameters of *function*, unless a generated function could not have the same."""
    parameters = Parameters(function) if hasattr(function, "__code__") else None
    if (
        parameters is None
        or not parameters.first
        or any(name.startswith("aop_") for name in parameters.names)
    ):
        return None
    return parameters


def taken(kind: MethodKind, call: str) -> str:
    """Return the expression for the result of *call* in a function of *kind*."""
    if kind is MethodKind.ASYNC:
        return f"await {call}"
    return f"(yield from {call})" if kind is MethodKind.GENERATOR else call


def delegate(code: ChainCode, source: str) -> None:
    """Write what ``yield from`` would be for async generators: values and exceptions reach *source*."""
    code.line(f"aop_source = ({source}).__aiter__()", "aop_sent = None")
    block = code.builder.block
    with block("try:"):
        code.line("aop_item = await aop_source.__anext__()")
        with block("while True:"):
            with block("try:"):
                code.line("aop_sent = yield aop_item")
            with block("except GeneratorExit:"):
                code.line(f"await {code.constant(aclose, 'aclose')}(aop_source)", "raise")
            with block("except BaseException as aop_thrown:"):
                code.line(f"aop_item = await {code.constant(athrow, 'athrow')}(aop_source, aop_thrown)")
            with block("else:"):
                again = "aop_source.__anext__() if aop_sent is None else aop_source.asend(aop_sent)"
                code.line(f"aop_item = await ({again})")
    with block("except StopAsyncIteration:"):
        code.line("pass")
