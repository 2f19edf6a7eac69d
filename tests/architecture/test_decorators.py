"""Every decorator of the application layer and of aspects works in a started application, by itself."""

import ast
import importlib
from types import FunctionType

import pytest

from tests.architecture.source import ROOT

PACKAGES = ("aop", "cqrs", "domain", "eda", "validation")

# Functions of these packages that decorate nothing.
FUNCTIONS = {
    "correlated",
    "correlation",
    "correlation_id",
    "current_dispatch",
    "current_event",
    "matches_pointcut",
    "validate_model",
    "weave_bean",
}

# The decorator, the scanned module whose beans have it, the test that starts the application and uses them.
BOOTED = [
    ("aop.after", "shop/audit.py", "test_the_decorator_alone_weaves_advice_into_other_beans"),
    ("aop.after_returning", "shop/audit.py", "test_the_decorator_alone_weaves_advice_into_other_beans"),
    ("aop.after_throwing", "shop/audit.py", "test_the_decorator_alone_weaves_advice_into_other_beans"),
    ("aop.annotation", "shop/audit.py", "test_the_decorator_alone_weaves_advice_into_other_beans"),
    ("aop.around", "shop/audit.py", "test_products_of_factories_are_advised_and_share_one_generated_class"),
    ("aop.aspect", "shop/audit.py", "test_the_decorator_alone_weaves_advice_into_other_beans"),
    ("aop.before", "shop/audit.py", "test_the_decorator_alone_weaves_advice_into_other_beans"),
    ("cqrs.command_handler", "shop/orders.py", "test_methods_of_a_bean_can_be_handlers_sync_and_async"),
    ("cqrs.query_handler", "shop/orders.py", "test_a_command_and_a_query_reach_their_handlers"),
    ("eda.event_listener", "shop/orders.py", "test_without_a_transaction_nobody_waits"),
    ("eda.event_publisher", "shop/orders.py", "test_publishing_decorators_work_on_beans_alone"),
    ("eda.publish_result", "shop/orders.py", "test_publishing_decorators_work_on_beans_alone"),
    ("validation.validate_input", "shop/users.py", "test_validate_input_and_validator_work_on_bean_methods"),
    ("validation.validated", "shop/users.py", "test_single_methods_can_be_marked"),
    ("validation.validator", "shop/users.py", "test_validate_input_and_validator_work_on_bean_methods"),
]


def public_functions(package: str) -> set[str]:
    module = importlib.import_module(f"pyfly.{package}")
    return {name for name in module.__all__ if isinstance(getattr(module, name), FunctionType)}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_decorator_has_a_test_in_a_started_application(package: str) -> None:
    tested = {name.partition(".")[2] for name, *_ in BOOTED if name.startswith(f"{package}.")}
    assert public_functions(package) - FUNCTIONS == tested


@pytest.mark.parametrize(("decorator", "beans", "test"), BOOTED, ids=[each[0] for each in BOOTED])
def test_what_the_table_names_is_there(decorator: str, beans: str, test: str) -> None:
    package, _, name = decorator.partition(".")
    folder = ROOT / "tests" / package
    used = {node.id for node in ast.walk(_parsed(f"{package}/{beans}")) if isinstance(node, ast.Name)}
    assert name in used
    application = folder / f"test_{package}_application.py"
    source = application.read_text(encoding="utf-8")
    assert f"def {test}(" in source
    assert f'scan_packages=["tests.{package}.{beans.partition("/")[0]}"]' in source


def _parsed(path: str) -> ast.Module:
    return ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
