"""Failures of single beans while the context starts, explained."""

import os
from traceback import extract_tb
from typing import Final

from pyfly.container.definition import BeanDefinition, Origin
from pyfly.container.exceptions import BeanCreationException, Problem, WiringError
from pyfly.kernel.diagnosis import Diagnosis, diagnose, explain

# pathlib costs a start 5 ms.
_FRAMEWORK: Final = os.path.dirname(os.path.dirname(__file__)) + os.sep  # noqa: PTH120
_ASYNCIO: Final = os.path.join(os.path.dirname(os.__file__), "asyncio") + os.sep  # noqa: PTH118, PTH120


def _masked(error: BaseException) -> str:
    from pyfly.core.config.masking import mask  # only failures are masked

    return str(mask("", str(error)))


class BeanFailure(BeanCreationException):
    """A bean could not be created, initialised or started."""

    def __init__(
        self, definition: BeanDefinition, action: str, error: BaseException, needed_by: str = ""
    ) -> None:
        """Say that *action*, such as ``created``, failed for the bean of *definition*.

        Args:
            definition: The bean.
            action: What could not be done with it, as a participle.
            error: Why; becomes the cause.
            needed_by: The name of a bean that needs it, if any.
        """
        reason = _masked(error) or type(error).__name__
        super().__init__(definition.subsystem or "bean", definition.provider or definition.name, reason)
        if not definition.subsystem:
            self.args = (f"bean '{definition.name}' could not be {action}: {reason}",)
        self.definition = definition
        self.action = action
        self.needed_by = needed_by
        self.__cause__ = error


def undecidable(definition: BeanDefinition, subject: str, error: Exception) -> Problem:
    """Explain that it cannot be decided whether the bean of *definition* takes part.

    Args:
        definition: The bean.
        subject: What cannot be decided, such as ``A condition``.
        error: What it raised.
    """
    inner = explain(error)
    place = _place(error)
    why = (inner.what, *inner.why) if inner else (f"{type(error).__name__}: {_masked(error)}{place}",)
    fix = inner.fix if inner else (f"Correct {place.strip(' ()') or definition.origin}.",)
    what = f"{subject} of bean '{definition.name}' ({definition.origin}) cannot be decided."
    return Problem(Diagnosis(what, why, fix), error)


@diagnose.register
def _explain_bean_failure(failure: BeanFailure) -> Diagnosis:
    definition, error = failure.definition, failure.__cause__
    serves = f", {failure.subsystem}/{failure.provider}" if definition.subsystem else ""
    what = (
        f"Bean '{definition.name}' ({definition.type.__qualname__}{serves}, {definition.origin}) "
        f"could not be {failure.action}."
    )
    why = [f"{type(error).__name__}: {failure.reason}{_place(error)}"]
    if failure.needed_by:
        why.append(f"It is needed by {failure.needed_by}.")
    inner = explain(error) if error is not None else None
    if inner is not None:
        return Diagnosis(what, (inner.what, *inner.why, *why[1:]), inner.fix)
    return Diagnosis(what, tuple(why), (_remedy(failure, error),))


@diagnose.register
def _explain_creation(failure: BeanCreationException) -> Diagnosis | None:
    if isinstance(failure, WiringError):
        return failure.diagnosis
    cause = failure.__cause__
    why = (f"{type(cause).__name__}: {_masked(cause)}{_place(cause)}",) if cause is not None else ()
    return Diagnosis(
        f"{failure}.", why, (f"Check the configuration of {failure.subsystem} ({failure.provider}).",)
    )


def _place(error: BaseException | None) -> str:
    """The file and line of the innermost frame outside the framework, if there is any."""
    frames = extract_tb(error.__traceback__) if error is not None else []
    outside = [each for each in frames if not each.filename.startswith((_FRAMEWORK, _ASYNCIO, "<"))]
    return "".join(f" ({Origin(each.filename, each.lineno or 0)})" for each in outside[-1:])


def _remedy(failure: BeanFailure, error: BaseException | None) -> str:
    place = _place(error).strip(" ()")
    if isinstance(error, TimeoutError):
        return "Raise pyfly.context.start-timeout, or find out what it waits for."
    if failure.definition.subsystem:
        return f"Check the configuration of {failure.subsystem} ({failure.provider})."
    return f"Correct {place or failure.definition.origin}."
