"""Mappings as an application sees them: declared on beans, used through its ``Mapper``."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from pyfly.container import configuration
from pyfly.container.bean import bean
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.data import Mapper
from tests.data.mapped import Customer, CustomerRow, CustomerView, Money, Prices, PriceView, Visit, VisitView

QUIET = ["--pyfly.banner.mode=OFF"]


@pyfly_application(name="mapped", scan_packages=["tests.data.mapped"])
class Mapped:
    """The application of these tests."""


@configuration
class OwnMapper:
    @bean
    def mapper(self) -> Mapper:
        return Strict()


class Strict(Mapper):
    """An application's own mapper."""


ANN = Customer(" ann ", "123", [Visit(date(2026, 1, 2), "cough", Money(30, "EUR"))])


async def test_the_mapper_of_an_application_knows_what_its_beans_declare() -> None:
    async with PyFlyApplication(Mapped, args=QUIET) as app:
        mapper = app.context.get_bean(Mapper)
        row = mapper.map(ANN, CustomerRow)
        assert (row.full_name, row.phone) == (" ann ", "123")
        assert mapper.map(row, Customer) == Customer(" ann ", "123")


async def test_rows_made_by_the_mapper_of_an_application_become_what_they_were() -> None:
    async with PyFlyApplication(Mapped, args=QUIET) as app:
        mapper = app.context.get_bean(Mapper)

        @given(some.builds(Customer, some.text(), some.none() | some.text()))
        def comes_back(customer: Customer) -> None:
            assert mapper.map(mapper.map(customer, CustomerRow), Customer) == customer

        comes_back()


async def test_a_method_makes_the_object_also_inside_of_others() -> None:
    async with PyFlyApplication(Mapped, args=QUIET) as app:
        assert app.context.get_bean(Prices).mapper is app.context.get_bean(Mapper)
        view = app.context.get_bean(Mapper).map(ANN, CustomerView)
        assert view.name == "ann"
        assert view.visits == [VisitView(date(2026, 1, 2), PriceView("30 €"))]


async def test_a_mapper_of_the_application_takes_the_place_and_knows_them_too() -> None:
    app = PyFlyApplication(Mapped, args=QUIET)
    app.context.register_bean(OwnMapper)
    async with app:
        mapper = app.context.get_bean(Mapper)
        assert isinstance(mapper, Strict)
        assert mapper.map(ANN, CustomerRow).full_name == " ann "


async def test_an_update_takes_what_a_method_makes() -> None:
    async with PyFlyApplication(Mapped, args=QUIET) as app:
        shown = PriceView("")
        assert app.context.get_bean(Mapper).update(Money(1, "CHF"), shown) == PriceView("1 CHF")
        assert shown.text == "1 CHF"
