"""The validators of single values: of strings, of collections of strings, of whole models."""

from collections.abc import Callable
from typing import Any, get_args, get_origin

from pyfly.web.binding.shapes import element, is_collection, strip
from pyfly.web.type_adapters import Adapter, adapter_of
from pyfly.web.wire import closed, has_fields


def strings_reader(annotation: Any, adapter: Adapter) -> Callable[[Any], Any]:
    """Return what validates the text of a URL, a header or a form as *annotation*; several for a collection."""
    if not is_collection(annotation):
        return adapter.validator.validate_strings
    whole, item = adapter.validator.validate_python, element(annotation)
    if positions := _positions(strip(annotation)):
        return _by_position(whole, positions)
    if item in (str, Any):
        return whole
    one: Callable[[Any], Any] = adapter_of(item, "the items").validator.validate_strings

    def read(values: list[str]) -> Any:
        return whole([one(value) for value in values])

    return read


def _positions(bare: Any) -> tuple[Any, ...]:
    """Return the types of a tuple that has one for each value."""
    inside = get_args(bare) if get_origin(bare) is tuple else ()
    return () if Ellipsis in inside else inside


def _by_position(whole: Callable[[Any], Any], types: tuple[Any, ...]) -> Callable[[Any], Any]:
    ones: list[Callable[[Any], Any]] = [
        adapter_of(each, "the items").validator.validate_strings for each in types
    ]

    def read(values: list[str]) -> Any:
        if len(values) != len(ones):
            return whole(values)
        return whole([one(value) for one, value in zip(ones, values, strict=True)])

    return read


def with_policy(adapter: Adapter, settings: Callable[[type], Any]) -> Adapter:
    """Return *adapter*, refusing fields that its models do not declare if *settings* say so."""
    if not has_fields(adapter):
        return adapter
    from pyfly.web.binding.properties import BindingProperties, UnknownFields  # only for models

    properties: BindingProperties = settings(BindingProperties)
    return closed(adapter) if properties.unknown_fields is UnknownFields.FORBID else adapter
