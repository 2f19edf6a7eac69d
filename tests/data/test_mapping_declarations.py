import pytest

from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord
from pyfly.container.stereotypes import service
from pyfly.data import mapping
from pyfly.data.mapping_declarations import MappingRecord


class Here:
    name: str


class There:
    label: str


def test_a_class_with_mappings_is_a_bean_and_keeps_the_stereotype_it_is_given() -> None:
    @mapping(Here, There)
    class Plain:
        pass

    @mapping(Here, There)
    @service
    class Below:
        pass

    @service
    @mapping(Here, There)
    class Above:
        pass

    stereotypes = [getattr(record_of(cls, BeanRecord), "stereotype", "") for cls in (Plain, Below, Above)]
    assert stereotypes == ["component", "service", "service"]


def test_the_inverse_has_the_names_the_other_way_round() -> None:
    @mapping(Here, There, field_map={"name": "label"}, inverse=True)
    class Both:
        pass

    said = record_of(Both, MappingRecord)
    assert said is not None
    assert [(each.source, each.target, dict(each.config.field_map)) for each in said.said] == [
        (Here, There, {"name": "label"}),
        (There, Here, {"label": "name"}),
    ]


def test_what_cannot_be_done_is_refused_when_it_is_imported() -> None:
    with pytest.raises(TypeError, match="needs two classes"):
        mapping(Here)
    with pytest.raises(TypeError, match="cannot undo transformers"):
        mapping(Here, There, transformers={"label": str}, inverse=True)
    with pytest.raises(TypeError, match="makes the object by itself"):

        @mapping(Here, There, field_map={"name": "label"})
        def made(here: Here) -> There:
            raise NotImplementedError
