"""The validators of single values: of strings, of collections of strings, of whole models."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pyfly.web.binding.shapes import element, is_collection, is_record
from pyfly.web.type_adapters import Adapter, adapter_of


def strings_reader(annotation: Any, adapter: Adapter) -> Callable[[Any], Any]:
    """Return what validates the text of a URL, a header or a form as *annotation*; several for a collection."""
    if not is_collection(annotation):
        return adapter.validator.validate_strings
    whole, item = adapter.validator.validate_python, element(annotation)
    if item in (str, Any):
        return whole
    one: Callable[[Any], Any] = adapter_of(item, "the items").validator.validate_strings

    def read(values: list[str]) -> Any:
        return whole([one(value) for value in values])

    return read


def extra_policy(
    validate: Callable[..., Any], annotation: Any, settings: Callable[[type], Any]
) -> Callable[[Any], Any]:
    """Return *validate*, refusing unknown fields if the settings say so and the model itself says nothing."""
    cls = element(annotation)
    if not is_record(cls) or _has_own_policy(cls):
        return validate
    from pyfly.web.binding.properties import BindingProperties, UnknownFields  # only for models

    properties: BindingProperties = settings(BindingProperties)
    return (
        partial(validate, extra="forbid") if properties.unknown_fields is UnknownFields.FORBID else validate
    )


def _has_own_policy(cls: Any) -> bool:
    config = getattr(cls, "model_config", None) or getattr(cls, "__pydantic_config__", None) or {}
    return bool(config.get("extra"))
