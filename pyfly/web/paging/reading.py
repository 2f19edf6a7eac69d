"""Reads ``Pageable``, ``Scroll`` and ``Sort`` parameters: ``?page=2&size=50&sort=name,desc&sort=id``."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, get_args, get_origin

from pyfly.container.types import MISSING
from pyfly.data.pageable import Order, Pageable, Scroll, Sort
from pyfly.web.binding.parameters import Parameter
from pyfly.web.binding.readers import Values
from pyfly.web.binding.shapes import strip
from pyfly.web.errors.input import FieldViolation, InvalidParameters
from pyfly.web.paging.properties import PagingProperties
from pyfly.web.params.markers import Sortable
from pyfly.web.ports.arguments import Documented

_PATTERN: Final = r"[A-Za-z_][A-Za-z0-9_.]{0,99}"
_PROPERTY: Final = re.compile(_PATTERN).fullmatch
_NUMBER: Final = re.compile(r"[0-9]{1,9}").fullmatch
_DIRECTIONS: Final = ("asc", "desc")


def page_reader(item: Parameter, settings: Callable[[type], Any]) -> Callable[[Values], Any]:
    """Return what makes the ``Pageable``, ``Scroll`` or ``Sort`` that *item* asks for of a query string."""
    reader = PageReader(settings(PagingProperties), _allowed(item.type), item.default)
    readers: dict[Any, Callable[[Values], Any]] = {Sort: reader.sort, Scroll: reader.scroll}
    return readers.get(strip(item.type), reader.pageable)


def documented(item: Parameter, properties: PagingProperties) -> Sequence[Documented]:
    """Return the query parameters that clients may send for *item*."""
    reader = PageReader(properties, _allowed(item.type), item.default)
    return reader.documented(strip(item.type))


class PageReader:
    """Reads the parameters of one handler."""

    def __init__(
        self, properties: PagingProperties, allowed: tuple[str, ...], default: Any = MISSING
    ) -> None:
        """Sort by *allowed* properties only, if there are any; ask for *default* where a request is silent."""
        self._properties = properties
        self._allowed = allowed
        self._default = default if isinstance(default, Pageable) else Pageable(1, properties.default_size)
        self._after: str | None = None
        if isinstance(default, Sort):
            self._default = Pageable(1, properties.default_size, default)
        elif isinstance(default, Scroll):
            self._default, self._after = Pageable(1, default.size, default.sort), default.after

    def pageable(self, query: Values) -> Pageable:
        """Return the page that *query* asks for.

        Raises:
            InvalidParameters: A value is malformed or out of bounds.
        """
        said, default = self._properties, self._default
        violations: list[FieldViolation] = []
        page = _number(query, said.page_parameter, default.page, said.max_page, violations)
        size, sort = self._size(query, violations), self._sort(query, violations)
        if violations:
            raise InvalidParameters(violations)
        return Pageable(page, size, sort)

    def scroll(self, query: Values) -> Scroll:
        """Return the position and the size that *query* asks for; whether there is such a position says the store.

        Raises:
            InvalidParameters: A value is malformed or out of bounds.
        """
        violations: list[FieldViolation] = []
        size, sort = self._size(query, violations), self._sort(query, violations)
        if violations:
            raise InvalidParameters(violations)
        after = query.get(self._properties.after_parameter) or ("",)
        return Scroll(after[-1] or self._after, size, sort)

    def sort(self, query: Values) -> Sort:
        """Return the order that *query* asks for.

        Raises:
            InvalidParameters: It is malformed or names something that nobody may sort by.
        """
        violations: list[FieldViolation] = []
        found = self._sort(query, violations)
        if violations:
            raise InvalidParameters(violations)
        return found

    def _size(self, query: Values, violations: list[FieldViolation]) -> int:
        return _number(query, self._properties.size_parameter, self._default.size, self._most, violations)

    @property
    def _most(self) -> int:
        return max(self._properties.max_size, self._default.size)

    def _sort(self, query: Values, violations: list[FieldViolation]) -> Sort:
        values = [value for value in query.get(self._properties.sort_parameter, ()) if value]
        if not values:
            return self._default.sort
        orders = [order for value in values for order in self._orders(value, violations)]
        if len(orders) > self._properties.max_orders:
            limit = self._properties.max_orders
            violations.append(self._refused(f"Sort by at most {limit} properties", "too_long"))
        return Sort(tuple(orders))

    def _orders(self, value: str, violations: list[FieldViolation]) -> list[Order]:
        names = value.split(",", self._properties.max_orders + 1)
        direction = names.pop().lower() if len(names) > 1 and names[-1].lower() in _DIRECTIONS else "asc"
        for name in names:
            if self._allowed and name not in self._allowed:
                known = ", ".join(self._allowed)
                violations.append(self._refused(f"Sort by one of {known}", "unknown_property"))
                return []
            if _PROPERTY(name) is None:
                violations.append(self._refused("Write a property, or property,desc", "malformed"))
                return []
        return [Order.desc(name) if direction == "desc" else Order.asc(name) for name in names]

    def _refused(self, message: str, code: str) -> FieldViolation:
        return FieldViolation(self._properties.sort_parameter, message, location="query", code=code)

    def documented(self, wanted: Any) -> Sequence[Documented]:
        """Return what clients may send for a parameter of type *wanted*."""
        said, default = self._properties, self._default
        named = "|".join(map(re.escape, self._allowed)) or _PATTERN
        order = {"type": "string", "pattern": f"^({named})(,({named}))*(,(asc|desc))?$"}
        sort = Documented(
            name=said.sort_parameter,
            schema={"type": "array", "items": order, "maxItems": said.max_orders},
            description="Properties to sort by, with a direction: name or name,desc.",
        )
        if wanted is Sort:
            return [sort]
        size = _documented(said.size_parameter, self._most, default.size, "How many items a page has.")
        if wanted is Scroll:
            after = Documented(
                name=said.after_parameter,
                schema={"type": "string"},
                description="Go on after this position: the `next` of an earlier answer.",
            )
            return [after, size, sort]
        page = _documented(
            said.page_parameter, said.max_page, default.page, "The number of the page, from 1."
        )
        return [page, size, sort]


def _documented(name: str, maximum: int, default: int, description: str) -> Documented:
    schema = {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}
    return Documented(name=name, schema=schema, description=description)


def _number(query: Values, name: str, default: int, most: int, violations: list[FieldViolation]) -> int:
    values = query.get(name)
    if not values or not values[-1]:
        return default
    if _NUMBER(values[-1]) and 1 <= int(values[-1]) <= most:
        return int(values[-1])
    violations.append(
        FieldViolation(
            name, f"Input should be a number from 1 to {most}", location="query", code="out_of_bounds"
        )
    )
    return default


def _allowed(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is not Annotated:
        parts = get_args(annotation)
        return next((found for part in parts if (found := _allowed(part))), ())
    marks = (item for item in get_args(annotation)[1:] if isinstance(item, Sortable))
    return next((mark.properties for mark in marks), ())
