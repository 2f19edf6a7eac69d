"""Explanations that are registered beside exceptions."""

from itertools import pairwise

from pyfly.kernel.diagnosis import Diagnosis, diagnose, explain


class DatabaseDownError(RuntimeError):
    """Explained below."""


class ReplicaDownError(DatabaseDownError):
    """Explained with its base class."""


@diagnose.register
def _(failure: DatabaseDownError) -> Diagnosis:
    return Diagnosis(what=f"{failure} does not answer.", fix=("Start it.",))


EXPLAINED = Diagnosis(what="db does not answer.", fix=("Start it.",))


def chained(*failures: BaseException) -> BaseException:
    for outer, inner in pairwise(failures):
        outer.__cause__ = inner
    return failures[0]


def test_an_explanation_holds_for_subclasses_too() -> None:
    assert diagnose(ReplicaDownError("db")) == EXPLAINED


def test_what_nobody_registered_has_no_explanation() -> None:
    assert explain(chained(RuntimeError("a"), ValueError("b"))) is None


def test_the_deepest_cause_that_somebody_can_explain_is_explained() -> None:
    failure = chained(
        DatabaseDownError("pool"), RuntimeError("start"), DatabaseDownError("db"), OSError("refused")
    )
    assert explain(failure) == EXPLAINED


def test_causes_that_form_a_circle_end_the_search() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert explain(first) is None
