"""What is said when beans do not fit together, compared as whole pictures."""

import os
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pyfly.container import BeanGraphError, Container, bean, configuration
from tests.container import explained
from tests.container.explained import OrderRepository, SqlOrderRepository
from tests.container.support import container_of, picture

HERE = "tests/container/explained.py:N"


@pytest.fixture(autouse=True)
def _paths_from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])


def report(container: Container) -> str:
    with pytest.raises(BeanGraphError) as raised:
        container.check()
    return picture(raised.value)


def drawn(text: str) -> str:
    return "Application failed to start\n\n" + dedent(text).strip("\n") + "\n"


def test_a_missing_bean_with_every_near_miss() -> None:
    @configuration
    class Storage:
        @bean
        def orders(self) -> OrderRepository:
            return SqlOrderRepository()

    container = container_of(explained.OrderService, explained.OrderRepositori)
    left_out = container.register(SqlOrderRepository)
    key = "pyfly.data.relational.enabled"
    container.remove(left_out, f"{key} is false, not true", f"Set {key}: true.")
    container.remove(
        container.register(Storage), "profile 'test' is not active (active: prod)", "Activate profile 'test'."
    )
    assert report(container).replace("test_a_missing_bean_with_every_near_miss.<locals>.", "") == drawn(
        f"""
        What failed
            OrderService, parameter 'orders' ({HERE}), needs a bean of type OrderRepository, and there is none.

        Why
            SqlOrderRepository (SqlOrderRepository, {HERE}) fits but was left out: pyfly.data.relational.enabled is false, not true.
            Storage (Storage, tests/container/test_explain.py:N) would make one but was left out: profile 'test' is not active (active: prod).
            There is a bean of the similarly named type OrderRepositori.

        What to do
            Set pyfly.data.relational.enabled: true.
            Activate profile 'test'.
            Ask for OrderRepositori instead.
        """
    )


def test_a_missing_generic_bean_names_those_with_other_arguments() -> None:
    assert report(container_of(explained.Orders, explained.Invoices)) == drawn(
        f"""
        What failed
            Orders, parameter 'repository' ({HERE}), needs a bean of type Repository[OrderService], and there is none.

        Why
            Invoices (Invoices, {HERE}) is one with other type arguments.

        What to do
            Register a class that inherits Repository[OrderService], or a @bean method annotated with it.
        """
    )


def test_two_candidates() -> None:
    found = container_of(explained.Checkout, explained.CardPayments, explained.TransferPayments)
    assert report(found) == drawn(
        f"""
        What failed
            Checkout, field 'payments' ({HERE}), needs one bean of type Payments, and 2 fit: cards, transfers; mark one with @primary or choose by name.

        Why
            cards (CardPayments, {HERE}) fits.
            transfers (TransferPayments, {HERE}) fits.

        What to do
            Mark one of them with @primary.
            Choose one by name: Annotated[Payments, Qualifier('cards')].
            Take all of them: list[Payments].
        """
    )


def test_a_ring_of_three() -> None:
    assert report(container_of(explained.Account, explained.Bank, explained.Branch)) == drawn(
        f"""
        What failed
            Circular dependency: Account -> Bank -> Branch -> Account

        Why
            Account -> Bank by parameter 'bank' ({HERE})
            Bank -> Branch by field 'branch' ({HERE})
            Branch -> Account by parameter 'account' ({HERE})

        What to do
            Let Branch take Provider[Account] for 'account' and call get() when it needs the bean.
            Move what both need into a third bean.
        """
    )


def test_a_scope_that_is_too_short() -> None:
    assert report(container_of(explained.Audit, explained.CurrentUser)) == drawn(
        f"""
        What failed
            Audit (singleton) would keep CurrentUser (request) beyond its scope through parameter 'user' ({HERE}).

        Why
            CurrentUser (CurrentUser, {HERE}) has scope request.

        What to do
            Inject Provider[CurrentUser] and call get() where the bean is used.
            Mark CurrentUser with proxy=True.
            Give Audit the scope request.
        """
    )


def test_a_qualifier_of_another_type() -> None:
    assert report(container_of(explained.Picky, explained.CardPayments)) == drawn(
        f"""
        What failed
            Picky asks for a OrderRepository named 'cards' for parameter 'payments' ({HERE}), but that bean is a CardPayments.

        Why
            cards (CardPayments, {HERE}) has this name.

        What to do
            Name a bean of type OrderRepository.
            Annotate the parameter with CardPayments.
        """
    )


def test_a_qualifier_that_is_misspelt() -> None:
    assert report(container_of(explained.Misspelt, explained.CardPayments)) == drawn(
        f"""
        What failed
            No bean named 'card', which Misspelt, parameter 'payments' ({HERE}), asks for.

        What to do
            Did you mean 'cards'?
            Register a bean with name='card'.
        """
    )


def test_a_parameter_that_would_be_a_guess_and_one_more_problem() -> None:
    assert report(container_of(explained.Guessing)) == (
        "Application failed to start: 2 problems\n"
        "\n"
        "1 of 2\n"
        "\n"
        "What failed\n"
        f"    Guessing cannot be given parameter 'options' ({HERE}): "
        "it is annotated with Any or object, which fits every bean.\n"
        "\n"
        "What to do\n"
        "    Annotate it with the type of a bean.\n"
        '    Take a configuration value: Annotated[int, Value("${some.key}")].\n'
        "    Give it a default value.\n"
        "\n"
        "2 of 2\n"
        "\n"
        "What failed\n"
        f"    Guessing cannot be given parameter 'size' ({HERE}): it is a bare int, which is never guessed.\n"
        "\n"
        "What to do\n"
        "    Annotate it with the type of a bean.\n"
        '    Take a configuration value: Annotated[int, Value("${some.key}")].\n'
        "    Give it a default value.\n"
    )


def test_an_annotation_that_names_nothing() -> None:
    assert report(container_of(explained.Unreadable)) == drawn(
        f"""
        What failed
            The annotations of Unreadable ({HERE}) cannot be read.

        Why
            cannot read the type hints of tests.container.explained.Unreadable.__init__: name 'Nowhere' is not defined

        What to do
            Import the name at module level, outside `if TYPE_CHECKING:`.
        """
    )


def test_two_beans_of_one_name() -> None:
    container = container_of(explained.CurrentUser)
    container.register(explained.CardPayments, name="CurrentUser")
    assert report(container) == drawn(
        f"""
        What failed
            2 beans are called 'CurrentUser'.

        Why
            CurrentUser (CurrentUser, {HERE}) has this name.
            CurrentUser (CardPayments, {HERE}) has this name.

        What to do
            Give one of them another name: name='...' on its decorator.
            Let the last one replace the others: pyfly.context.allow-bean-overriding: true.
        """
    )


@pytest.mark.parametrize(
    ("ask", "what", "fix"),
    [
        (
            lambda container: container.resolve(OrderRepository),
            "There is no bean of type OrderRepository.",
            "Register a class that inherits OrderRepository, or a @bean method annotated with it.",
        ),
        (
            lambda container: container.resolve(explained.Invoice),
            "There is no bean of type Invoice.",
            "Mark Invoice with @component and scan tests.container.explained, or add a @bean method that returns it.",
        ),
        (
            lambda container: container.resolve_by_name("carts"),
            "No bean named 'carts' is registered.",
            "Did you mean 'cards'?",
        ),
        (
            lambda container: container.resolve(explained.Late).orders.get(),
            f"The provider given to Late as parameter 'orders' ({HERE}) has no bean of type OrderRepository to yield.",
            "Register a bean of type OrderRepository.",
        ),
        (
            lambda container: container.resolve(explained.CurrentUser),
            "CurrentUser has scope request, and no request is active here.",
            "Ask for it while a request is handled, or inside `async with context.request_scope():`.",
        ),
    ],
    ids=["port", "class", "name", "provider", "scope"],
)
def test_a_look_up_that_fails_says_what_to_do(ask: Any, what: str, fix: str) -> None:
    container = container_of(explained.CardPayments, explained.Late, explained.CurrentUser)
    with pytest.raises(Exception) as raised:
        ask(container)
    lines = [line.strip() for line in picture(raised.value).splitlines()]
    assert what in lines
    assert fix in lines


def test_the_line_of_an_injection_point_is_the_line_of_its_constructor() -> None:
    lines = Path(explained.__file__).read_text(encoding="utf-8").splitlines()
    expected = lines.index("    def __init__(self, user: CurrentUser) -> None: ...") + 1
    (problem,) = container_of(explained.Audit, explained.CurrentUser).problems()
    assert f"({os.path.relpath(explained.__file__)}:{expected})" in str(problem)
