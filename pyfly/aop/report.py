"""Which advice sits on which method."""

from collections.abc import Sequence

from pyfly.kernel.record import Record


class AdvisedMethod(Record):
    """One advised method of one bean.

    Attributes:
        bean: The name of the bean.
        method: The qualified name of the method, such as ``shop.orders.OrderService.place``.
        advice: What is on it, outermost first, such as ``around Timing.measure``.
    """

    bean: str
    method: str
    advice: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.bean}: {self.method} <- {', '.join(self.advice)}"


class UnusedPointcut(Record):
    """An advice whose pointcut means no method of any bean.

    Attributes:
        advice: The advice, such as ``Timing.measure``.
        pointcut: The text of the pointcut.
        origin: Where the advice was written.
    """

    advice: str
    pointcut: str
    origin: str

    def __str__(self) -> str:
        return (
            f"the pointcut '{self.pointcut}' of {self.advice} ({self.origin}) matches no method of any bean"
        )


class AspectReport:
    """A bean that knows which advice is on which method, complete once the context has started.

    Beans that are made later, such as lazy ones, are added when their class is woven.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._methods: dict[tuple[str, str], AdvisedMethod] = {}
        self._unused: tuple[UnusedPointcut, ...] = ()

    @property
    def methods(self) -> tuple[AdvisedMethod, ...]:
        """The advised methods by bean and name."""
        return tuple(self._methods[key] for key in sorted(self._methods))

    @property
    def unused(self) -> tuple[UnusedPointcut, ...]:
        """The pointcuts that mean nothing."""
        return self._unused

    def advice_on(self, bean: str, method: str) -> tuple[str, ...]:
        """Return the advice on *method* of the bean called *bean*, outermost first."""
        found = [each for each in self.methods if each.bean == bean and each.method.endswith(f".{method}")]
        return found[0].advice if found else ()

    def add(self, method: AdvisedMethod) -> None:
        """Note an advised method."""
        self._methods[method.bean, method.method] = method

    def finish(self, unused: Sequence[UnusedPointcut]) -> None:
        """Note the pointcuts that have been found to mean nothing."""
        self._unused = tuple(unused)

    def __str__(self) -> str:
        return "\n".join(str(each) for each in (*self.methods, *self._unused))
