"""What can be wrong with configuration, told with the key, where it was set and what was expected."""

from __future__ import annotations

from collections.abc import Iterable

from pyfly.core.config.keys import parse_key
from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import PyFlyException


class ConfigurationError(PyFlyException, ValueError):
    """One setting that cannot be used: its key, where it was set, what was expected instead."""

    def __init__(
        self,
        problem: str,
        *,
        key: str = "",
        origin: str = "",
        expected: str = "",
        value: str | None = None,
        fix: str = "",
    ) -> None:
        """Describe the problem.

        Args:
            problem: One sentence, without full stop and without a secret in it.
            key: The key, or ``""`` when the source as a whole is at fault.
            origin: Where the value was set, such as ``pyfly.yaml:3``.
            expected: The type or the rule that the value should satisfy.
            value: How the value may be shown (masked already), or ``None``.
            fix: What to do, one imperative sentence.
        """
        super().__init__(problem + (f" ({origin})" if origin else ""))
        self.problem = problem
        self.key = key
        self.origin = origin
        self.expected = expected
        self.value = value
        self.fix = fix


class ConfigurationErrors(ConfigurationError):
    """Every setting that is wrong, reported together.

    Attributes:
        errors: One per setting, in the order of the fields.
        owner: The class that was bound, with its prefix, or ``""``.
    """

    def __init__(self, errors: Iterable[ConfigurationError], *, owner: str = "") -> None:
        """Report *errors*, found while the class *owner* was bound."""
        self.errors = tuple(errors)
        self.owner = owner
        count = "1 setting is" if len(self.errors) == 1 else f"{len(self.errors)} settings are"
        super().__init__(
            f"{count} wrong{f' for {owner}' if owner else ''}: " + "; ".join(str(e) for e in self.errors)
        )


class ImportNotFoundError(ConfigurationError):
    """A location in ``pyfly.config.import`` does not exist; ``optional:`` makes that no error."""


@diagnose.register
def _explain_one(failure: ConfigurationError) -> Diagnosis:
    return Diagnosis(what=f"{failure.problem}.", why=_where(failure), fix=_remedy(failure))


@diagnose.register
def _explain_all(failure: ConfigurationErrors) -> Diagnosis:
    owner = f" of {failure.owner}" if failure.owner else ""
    what = (
        f"{len(failure.errors)} settings{owner} cannot be used."
        if len(failure.errors) != 1
        else f"A setting{owner} cannot be used."
    )
    return Diagnosis(
        what=what,
        why=tuple(
            f"{error.problem}{f' ({error.origin})' if error.origin else ''}." for error in failure.errors
        ),
        fix=tuple(dict.fromkeys(remedy for error in failure.errors for remedy in _remedy(error)))[:3],
    )


def _where(failure: ConfigurationError) -> tuple[str, ...]:
    return (f"It is set in {failure.origin}.",) if failure.origin else ()


def _remedy(failure: ConfigurationError) -> tuple[str, ...]:
    if failure.fix:
        return (failure.fix,)
    if not failure.key:
        return ()
    place = (
        f"in {failure.origin}" if failure.origin else f"in pyfly.yaml or {parse_key(failure.key).variable}"
    )
    return (f"Set {failure.key} {place} to {failure.expected}.",) if failure.expected else ()
