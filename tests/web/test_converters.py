import json

import pytest
from pydantic import BaseModel, ValidationError

from pyfly.kernel.exceptions import InvalidRequestException, PyFlyException, ValidationException
from pyfly.web.converters import ExceptionConverterService, JSONExceptionConverter, PydanticExceptionConverter


class Named:
    def __init__(self, name: str, *, handles: bool) -> None:
        self.name = name
        self.handles = handles

    def can_handle(self, exc: Exception) -> bool:
        return self.handles

    def convert(self, exc: Exception) -> PyFlyException:
        return PyFlyException(self.name)


def test_the_first_converter_that_can_handle_an_exception_converts_it() -> None:
    service = ExceptionConverterService(
        [Named("a", handles=False), Named("b", handles=True), Named("c", handles=True)]
    )
    assert str(service.convert(LookupError())) == "b"


def test_an_unknown_exception_is_not_converted() -> None:
    assert ExceptionConverterService([Named("a", handles=False)]).convert(LookupError()) is None


def test_a_pydantic_error_lists_fields_and_never_their_values() -> None:
    class Model(BaseModel):
        age: int

    with pytest.raises(ValidationError) as caught:
        Model.model_validate({"age": "pa55word"})
    converted = PydanticExceptionConverter().convert(caught.value)
    assert isinstance(converted, ValidationException)
    assert converted.code == "VALIDATION_ERROR"
    assert str(converted).startswith("Validation failed: age: ")
    assert "pa55word" not in str(converted.context)


def test_a_json_error_says_where_the_text_went_wrong() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads('{"a": }')
    converted = JSONExceptionConverter().convert(caught.value)
    assert isinstance(converted, InvalidRequestException)
    assert (converted.code, converted.context) == ("INVALID_JSON", {"position": 6})
