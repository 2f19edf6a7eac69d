"""Durations as the policies take them: ``timedelta``, ``"500ms"``, or a number of seconds."""

from datetime import timedelta

from pyfly.core.config.units import parse_duration

Duration = timedelta | str | float


def seconds(value: Duration, what: str) -> float:
    """Return *value* in seconds; *what* names it when it is refused.

    Raises:
        ValueError: It is no duration, or a negative one.
    """
    try:
        found = parse_duration(value).total_seconds()
    except ValueError as failure:
        raise ValueError(f"{what} is {value!r}; expected {failure}") from None
    if found < 0:
        raise ValueError(f"{what} is {value!r}; expected a duration that is not negative")
    return found


def at_least(minimum: float, value: float, what: str) -> None:
    """Refuse a *value* below *minimum*.

    Raises:
        ValueError: Naming *what*.
    """
    if not value >= minimum:
        raise ValueError(f"{what} is {value!r}; expected at least {minimum}")


def share(value: float, what: str) -> float:
    """Return *value*, a part of one.

    Raises:
        ValueError: It is not more than 0 and at most 1.
    """
    if not 0 < value <= 1:
        raise ValueError(f"{what} is {value!r}; expected a share, more than 0 and at most 1")
    return float(value)
