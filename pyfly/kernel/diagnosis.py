"""What failed, why, and what to do: explanations registered beside the exceptions they explain."""

from __future__ import annotations

from functools import singledispatch

from pyfly.kernel.record import Record


class Diagnosis(Record):
    """An explanation for a person: one sentence on what failed, the reasons, and specific remedies."""

    what: str
    why: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()


@singledispatch
def diagnose(failure: BaseException) -> Diagnosis | None:
    """Explain *failure*, or return ``None`` if nobody has registered an explanation.

    Packages register theirs with ``@diagnose.register`` beside the exception they raise.
    """
    return None


def explain(failure: BaseException) -> Diagnosis | None:
    """Explain the deepest cause of *failure* that somebody can explain."""
    chain = [failure]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    return next((found for link in reversed(chain) if (found := diagnose(link))), None)
