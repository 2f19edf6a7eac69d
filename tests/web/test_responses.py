import pytest

from pyfly.web.responses import ResponseEntity, raw_headers


def test_a_created_entity_knows_its_location() -> None:
    entity = ResponseEntity.created("/items/1", {"id": 1})
    assert (entity.status, entity.headers, entity.body) == (201, {"Location": "/items/1"}, {"id": 1})


def test_an_entity_may_be_made_with_its_type() -> None:
    assert ResponseEntity[int](5).status == 200


def test_an_entity_without_a_body_says_so_by_its_status() -> None:
    assert (ResponseEntity.no_content().status, ResponseEntity.not_found().status) == (204, 404)


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "a\0b"])
def test_a_header_value_cannot_start_another_header(value: str) -> None:
    with pytest.raises(ValueError, match="the value of a response header"):
        raw_headers({"X-Evil": value})


@pytest.mark.parametrize("name", ["", "X Evil", "X-Evil:", "X\r\nY", "Ü", "日"])
def test_a_header_name_is_a_token(name: str) -> None:
    with pytest.raises(ValueError, match=r"the name of a response header|codec"):
        raw_headers({name: "x"})
