import pytest

from pyfly.cli.naming import InvalidNameError, check_package_name, check_project_name, package_of


@pytest.mark.parametrize("name", ["order-service", "Shop", "a", "x2_y", "a" * 64])
def test_a_usual_name_is_accepted(name: str) -> None:
    check_project_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("123-service", "", "-shop", "shop-", "a b", "a/b", "../../x", "..", ".", "{{7*7}}", "a\nimport os"),
        *("a\n", "a\x00b", "shop;rm", "café", "a" * 65, "C:\\x", "~", "$HOME", "a'b", 'a"b'),
    ],
)
def test_a_name_that_could_be_something_else_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError, match="is not a project name"):
        check_project_name(name)


@pytest.mark.parametrize("name", ["class", "async"])
def test_a_keyword_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError, match="keyword"):
        check_project_name(name)


@pytest.mark.parametrize(
    "name", ["test", "os", "sys", "tests", "pyfly", "Pydantic", "site", "app", "concurrent"]
)
def test_the_name_of_another_package_is_refused(name: str) -> None:
    with pytest.raises(InvalidNameError, match="conflicts"):
        check_project_name(name)


@pytest.mark.parametrize("package", ["../x", "a.b", "a-b", "Shop", "_x", "x y", "", "shop\n"])
def test_a_package_name_that_is_none_is_refused(package: str) -> None:
    with pytest.raises(InvalidNameError):
        check_package_name(package)


def test_the_package_of_a_project_is_its_name_in_lower_case_with_underscores() -> None:
    assert package_of("Order-Service x") == "order_service_x"
