import pytest

from pyfly.core.config.keys import parse_key


@pytest.mark.parametrize(
    "spelling",
    [
        "pyfly.data.pool-size",
        "pyfly.data.pool_size",
        "pyfly.data.poolSize",
        "pyfly.data.POOL_SIZE",
        "pyfly.data.relational.pool-size",
        "pyfly.data.datasources.default.poolSize",
    ],
)
def test_every_spelling_of_a_key_is_the_same_key(spelling: str) -> None:
    assert parse_key(spelling).canonical == "pyfly.data.pool-size"


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("pyfly.app.name", "PYFLY_APP_NAME"),
        ("app.name", "PYFLY_APP_NAME"),
        ("pyfly.data.pool-size", "PYFLY_DATA_POOL_SIZE"),
        ("shop.maxItems", "PYFLY_SHOP_MAX_ITEMS"),
        ("shop.hosts[0]", "PYFLY_SHOP_HOSTS_0"),
        ("shop.dbURL", "PYFLY_SHOP_DB_URL"),
    ],
)
def test_a_key_has_one_obvious_environment_variable(key: str, variable: str) -> None:
    assert parse_key(key).variable == variable


@pytest.mark.parametrize(
    "key", ["pyfly.data.datasources.reporting.url", "pyfly.data.document.uri", "pyfly.data.relational-x.url"]
)
def test_other_data_sections_are_not_swallowed_by_the_aliases(key: str) -> None:
    assert parse_key(key).canonical == key


def test_the_variables_of_aliased_sections_set_the_same_key() -> None:
    assert parse_key("pyfly.data.url").variables == (
        "PYFLY_DATA_URL",
        "PYFLY_DATA_RELATIONAL_URL",
        "PYFLY_DATA_DATASOURCES_DEFAULT_URL",
    )


@pytest.mark.parametrize(
    ("other", "home"),
    [
        ("pyfly.data.page.size", "pyfly.web.paging.default-size"),
        ("pyfly.data.page.maxSize", "pyfly.web.paging.max-size"),
        ("pyfly.data.relational.page.max_size", "pyfly.web.paging.max-size"),
    ],
)
def test_the_sizes_of_pages_have_two_names(other: str, home: str) -> None:
    assert parse_key(other).canonical == home
    assert "PYFLY_DATA_PAGE_SIZE" in parse_key("pyfly.web.paging.default-size").variables
