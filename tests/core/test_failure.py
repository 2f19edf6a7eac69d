"""The report of a failed start."""

import re

import pytest

from pyfly.container import BeanCreationException, BeanGraphError, Problem
from pyfly.context import post_construct
from pyfly.core.failure import failure_report
from pyfly.kernel.diagnosis import Diagnosis, diagnose
from tests.context.support import context_of


class DiskFullError(OSError):
    """Explained below."""


@diagnose.register
def _(failure: DiskFullError) -> Diagnosis:
    return Diagnosis(
        "The disk is full.", ("It has 0 bytes left.",), ("Delete something.", "Buy another disk.")
    )


def test_an_explained_failure_is_shown_in_three_sections() -> None:
    assert failure_report(DiskFullError()) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        "    The disk is full.\n"
        "\n"
        "Why\n"
        "    It has 0 bytes left.\n"
        "\n"
        "What to do\n"
        "    Delete something.\n"
        "    Buy another disk.\n"
    )


def test_sections_without_sentences_are_left_out_and_lines_of_a_sentence_are_indented() -> None:
    assert failure_report(Problem(Diagnosis("One.\nTwo."))) == (
        "Application failed to start\n\nWhat failed\n    One.\n    Two.\n"
    )


def test_several_problems_are_numbered() -> None:
    both = BeanGraphError([Problem(Diagnosis("First.")), Problem(Diagnosis("Second."))])
    assert failure_report(both) == (
        "Application failed to start: 2 problems\n"
        "\n"
        "1 of 2\n"
        "\n"
        "What failed\n"
        "    First.\n"
        "\n"
        "2 of 2\n"
        "\n"
        "What failed\n"
        "    Second.\n"
    )


def test_the_deepest_explained_cause_is_what_is_shown() -> None:
    failure = RuntimeError("cannot start")
    failure.__cause__ = DiskFullError()
    assert "The disk is full." in failure_report(failure)


class Store:
    @post_construct
    def open(self) -> None:
        raise DiskFullError


class Catalogue:
    def __init__(self, store: Store) -> None: ...


async def test_the_failure_of_a_bean_names_the_bean_and_includes_the_explanation_of_its_cause() -> None:
    with pytest.raises(BeanCreationException) as raised:
        await context_of(Catalogue, Store).start()
    wrapped = RuntimeError("cannot serve")
    wrapped.__cause__ = raised.value
    for failure in (raised.value, wrapped):
        assert re.sub(r"\(Store, .*:\d+\)", "(Store, here)", failure_report(failure)) == (
            "Application failed to start\n"
            "\n"
            "What failed\n"
            "    Bean 'Store' (Store, here) could not be created.\n"
            "\n"
            "Why\n"
            "    The disk is full.\n"
            "    It has 0 bytes left.\n"
            "    It is needed by Catalogue.\n"
            "\n"
            "What to do\n"
            "    Delete something.\n"
            "    Buy another disk.\n"
        )


def test_a_failure_that_nobody_explains_says_at_least_where_it_was_raised() -> None:
    try:
        raise LookupError("odd")
    except LookupError as failure:
        report = failure_report(failure)
    assert re.sub(r"at \S+/(test_failure\.py):\d+", r"at \1:N", report) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        "    LookupError: odd\n"
        "\n"
        "Why\n"
        "    It was raised at test_failure.py:N.\n"
        "\n"
        "What to do\n"
        "    Run again with --debug to see the traceback.\n"
    )
