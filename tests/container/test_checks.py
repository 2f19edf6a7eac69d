"""Checks that a module adds to the graph check."""

from collections.abc import Iterator

import pytest

from pyfly.container import BeanGraphError, Container, GraphCheck, NoSuchBeanError, Problem
from pyfly.container.exceptions import WiringError
from pyfly.context import ApplicationContext, auto_configuration, conditional_on_property
from pyfly.core.config import Config
from pyfly.kernel.diagnosis import Diagnosis


class Table: ...


class OneTable(GraphCheck):
    """Wants exactly one table."""

    def problems(self, container: Container) -> Iterator[WiringError]:
        count = len(container.definitions_of(Table))
        if count != 1:
            yield Problem(Diagnosis(f"There are {count} tables."), LookupError("tables"))


@auto_configuration(checks=(OneTable,))
@conditional_on_property("tables.checked")
class TableConfiguration: ...


class Needy:
    def __init__(self, missing: Table) -> None: ...


def context(**settings: object) -> ApplicationContext:
    made = ApplicationContext(Config({"tables": settings}))
    made.register_bean(TableConfiguration)
    return made


async def test_its_findings_are_reported_together_with_those_about_the_wiring() -> None:
    checked = context(checked=True)
    checked.register_bean(Needy)
    with pytest.raises(BeanGraphError) as raised:
        await checked.start()
    wiring, found = raised.value.problems
    assert isinstance(wiring, NoSuchBeanError)
    assert str(found) == "There are 0 tables."
    assert isinstance(found.__cause__, LookupError)


async def test_a_check_that_finds_nothing_lets_the_start_go_on() -> None:
    checked = context(checked=True)
    checked.register_bean(Table)
    async with checked:
        assert checked.is_ready


async def test_the_check_of_a_configuration_that_is_left_out_does_not_run() -> None:
    async with context(other=True) as started:
        assert started.is_ready
