from typing import Annotated, Any

import pytest
from annotated_types import MinLen
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import Create, Group, OnlyIn, Patch, RequiredIn, Update, When, validate_model


class Import(Create):
    """A mass creation, which brings its own ids."""


class Pet(BaseModel):
    id: Annotated[int | None, OnlyIn(Update, Import)] = None
    name: Annotated[str, MinLen(1)]
    password: Annotated[str, When(Create, MinLen(8))] = ""
    version: Annotated[int | None, RequiredIn(Update)] = None
    tags: list[str] = Field(default_factory=lambda: ["new"], alias="labels")


class StrictPet(Pet):
    model_config = ConfigDict(extra="forbid")


def fields_refused(model: type[BaseModel], data: dict[str, Any], group: type[Group]) -> list[str]:
    with pytest.raises(ValidationException) as caught:
        validate_model(model, data, group=group)
    return [str(item["loc"][0]) for item in caught.value.context["errors"]]  # type: ignore[attr-defined]


def test_without_a_group_the_model_is_as_it_is_written() -> None:
    assert validate_model(Pet, {"id": 7, "name": "Rex"}).id == 7


def test_what_a_group_makes_is_an_instance_of_the_model() -> None:
    made = validate_model(Pet, {"name": "Rex", "password": "long enough"}, group=Create)
    assert isinstance(made, Pet)
    assert made.tags == ["new"]


def test_a_field_of_other_groups_is_ignored() -> None:
    made = validate_model(Pet, {"id": 7, "name": "Rex", "password": "long enough"}, group=Create)
    assert made.id is None
    assert "id" not in made.model_fields_set


def test_a_field_of_other_groups_is_refused_by_a_model_that_forbids_extras() -> None:
    assert fields_refused(StrictPet, {"id": 7, "name": "Rex", "password": "long enough"}, Create) == ["id"]
    assert validate_model(StrictPet, {"name": "Rex", "password": "long enough"}, group=Create).id is None


def test_a_constraint_holds_in_its_group_only() -> None:
    assert fields_refused(Pet, {"name": "Rex", "password": "short"}, Create) == ["password"]
    made = validate_model(Pet, {"name": "Rex", "password": "short", "version": 1}, group=Update)
    assert made.password == "short"


@pytest.mark.parametrize("given", [{}, {"version": None}])
def test_a_field_can_be_required_in_one_group(given: dict[str, None]) -> None:
    assert fields_refused(Pet, {"name": "Rex", **given}, Update) == ["version"]


def test_a_patch_holds_what_was_given_and_nothing_else() -> None:
    patch = validate_model(Pet, {"name": "Max", "labels": ["a"]}, group=Patch)
    assert patch.model_dump(exclude_unset=True) == {"name": "Max", "tags": ["a"]}
    assert validate_model(Pet, {}, group=Patch).model_fields_set == set()


def test_what_a_patch_gives_keeps_its_constraints() -> None:
    assert fields_refused(Pet, {"name": ""}, Patch) == ["name"]
    assert fields_refused(Pet, {"name": None}, Patch) == ["name"]


def test_a_group_of_your_own_inherits_what_is_said_of_its_base() -> None:
    made = validate_model(Pet, {"id": 7, "name": "Rex", "password": "long enough"}, group=Import)
    assert made.id == 7
    assert fields_refused(Pet, {"name": "Rex", "password": "short"}, Import) == ["password"]


def test_an_instance_of_the_model_is_checked_for_the_group() -> None:
    adapter: TypeAdapter[Pet] = TypeAdapter(Annotated[Pet, Patch])
    patch = adapter.validate_python(Pet(name="Rex", labels=["a"]))
    assert patch.model_dump(exclude_unset=True) == {"name": "Rex", "tags": ["a"]}


def test_the_json_schema_shows_the_model_of_the_group() -> None:
    create = TypeAdapter(Annotated[Pet, Create]).json_schema()
    assert create["title"] == "PetCreate"
    assert "id" not in create["properties"]
    assert create["properties"]["password"]["minLength"] == 8
    assert TypeAdapter(Annotated[Pet, Update]).json_schema()["required"] == ["name", "version"]
    assert "required" not in TypeAdapter(Annotated[Pet, Patch]).json_schema()


def test_groups_work_inside_of_other_types() -> None:
    adapter: TypeAdapter[list[Pet]] = TypeAdapter(list[Annotated[Pet, Patch]])
    assert adapter.validate_python([{"name": "Rex"}, {}])[0].name == "Rex"


def test_a_group_applied_to_something_else_says_so() -> None:
    with pytest.raises(TypeError, match="Patch applies to a pydantic model, not to"):
        TypeAdapter(Annotated[int, Patch])
