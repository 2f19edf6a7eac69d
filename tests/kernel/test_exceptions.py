"""The exception tree and what every exception carries."""

import pickle

import pytest

from pyfly.kernel import exceptions
from pyfly.kernel.exceptions import (
    BadGatewayException,
    BusinessException,
    ExternalServiceException,
    InfrastructureException,
    PyFlyException,
    QuotaExceededException,
    RateLimitException,
    SecurityException,
    ValidationException,
)

ALL = [
    value
    for value in vars(exceptions).values()
    if isinstance(value, type) and issubclass(value, PyFlyException)
]
BRANCHES = (BusinessException, SecurityException, InfrastructureException)


def test_the_tree_drawn_in_the_docstring_names_every_exception_in_the_order_of_the_file() -> None:
    drawn = [
        line.split()[0]
        for line in str(exceptions.__doc__)
        .replace("│", " ")
        .replace("├──", "")
        .replace("└──", "")
        .splitlines()
        if "Exception" in line
    ]
    assert drawn == [kind.__name__ for kind in ALL]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.__name__))
def test_each_exception_keeps_message_code_and_context(kind: type[PyFlyException]) -> None:
    failure = kind("no such order", code="ORDER", context={"id": 5})
    assert (str(failure), failure.code, failure.context) == ("no such order", "ORDER", {"id": 5})


@pytest.mark.parametrize("kind", ALL[1:], ids=lambda kind: str(kind.__name__))
def test_each_exception_belongs_to_exactly_one_branch(kind: type[PyFlyException]) -> None:
    assert sum(issubclass(kind, branch) for branch in BRANCHES) == 1


def test_special_cases_are_caught_with_their_general_kind() -> None:
    with pytest.raises(RateLimitException):
        raise QuotaExceededException("too many")
    with pytest.raises(ExternalServiceException):
        raise BadGatewayException("unusable answer")


def test_contexts_are_never_shared_between_exceptions_or_with_the_caller() -> None:
    given: dict[str, object] = {}
    first, second = ValidationException("a", context=given), ValidationException("b")
    first.context["field"] = "name"
    assert (given, second.context) == ({}, {})


def test_an_exception_survives_a_process_boundary() -> None:
    failure = pickle.loads(pickle.dumps(ValidationException("bad", "CODE", {"field": "x"})))
    assert (str(failure), failure.code, failure.context) == ("bad", "CODE", {"field": "x"})
