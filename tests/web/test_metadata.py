import pytest
from typing_extensions import deprecated

from pyfly.web import get_mapping, rest_controller
from pyfly.web.metadata import metadata_of, tag_of
from pyfly.web.routing.description import describe
from tests.web.support import container_of


@rest_controller
class CatalogController:
    @get_mapping("/catalog")
    async def entries(self) -> list[int]:
        """All entries.

        Newest first.
        """
        return []

    @get_mapping("/old", deprecated=True)
    async def old(self) -> None: ...


def test_metadata_comes_from_the_signature_and_the_docstring() -> None:
    entries, old = (
        metadata_of(route.plan, "/shop") for route in describe(container_of(CatalogController)).routes
    )
    assert (entries.path, entries.http_method, entries.handler_name) == ("/shop/catalog", "GET", "entries")
    assert (entries.tag, entries.summary, entries.description) == ("Catalog", "All entries.", "Newest first.")
    assert (entries.return_type, entries.deprecated, old.deprecated) == (list[int], False, True)


@pytest.mark.parametrize(
    ("name", "tag"), [("CatalogController", "Catalog"), ("Owners", "Owners"), ("Controller", "Controller")]
)
def test_the_tag_is_the_class_without_its_suffix(name: str, tag: str) -> None:
    assert tag_of(type(name, (), {})) == tag


def test_the_deprecated_decorator_of_the_standard_library_counts_too() -> None:
    @rest_controller
    class Old:
        @get_mapping("/x")
        @deprecated("use /y")
        async def x(self) -> None: ...

    assert metadata_of(describe(container_of(Old)).routes[0].plan).deprecated
