"""A start is refused with everything that is wrong about the mappings of an application."""

import pytest

from pyfly.container import BeanGraphError
from pyfly.core import PyFlyApplication, pyfly_application


@pyfly_application(name="mismapped", scan_packages=["tests.data.mismapped"])
class Mismapped:
    """An application whose mappings cannot work."""


@pytest.fixture
async def found() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """What is wrong: reasons and remedies of each problem."""
    app = PyFlyApplication(Mismapped, args=["--pyfly.banner.mode=OFF"])
    with pytest.raises(BeanGraphError) as raised:
        await app.startup()
    said = [each.diagnosis for each in raised.value.problems]
    return {each.what: (each.why, each.fix) for each in said}


Found = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


async def test_every_required_field_that_nothing_maps_is_named_with_its_place_and_remedy(
    found: Found,
) -> None:
    place = "Lacking (tests/data/mismapped/__init__.py:"
    [phone] = [what for what in found if "HomeView.phone" in what]
    assert phone.startswith(place)
    assert phone.endswith("): HomeView.phone is required, and nothing in Home is mapped to it.")
    why, fix = found[phone]
    assert why[0].endswith(") has: gates, street, telephone.")
    assert fix == (
        "Did you mean 'telephone'? Say so: field_map={'telephone': 'phone'}.",
        "Or give HomeView.phone a default, or leave it out: exclude=('phone',).",
    )
    assert [what for what in found if what.startswith(place) and "HomeView.colour is required" in what]


async def test_what_is_inside_is_looked_at_too(found: Found) -> None:
    assert [
        what for what in found if "GateView.width is required, and nothing in Gate is mapped to it" in what
    ]


async def test_names_of_fields_that_do_not_exist_are_answered_with_the_nearest_one(found: Found) -> None:
    fixes = {
        what.rpartition("): ")[2]: fix for what, (_why, fix) in found.items() if what.startswith("Misspelt")
    }
    assert fixes == {
        "StreetView has no field 'twon'.": ("Did you mean 'town'?",),
        "Street has no field 'nmae'.": ("Did you mean 'name'?",),
    }


async def test_methods_that_cannot_map_are_reported(found: Found) -> None:
    reasons = {what.partition(" ")[0]: why[0] for what, (why, _fix) in found.items() if "cannot be a" in what}
    assert reasons == {
        "Methods.slow": "It is not a plain method, and mapping does not wait.",
        "Methods.unsaid": "Its parameter and its result are not both annotated with a class.",
        "Methods.nothing": "It takes 0 parameters.",
    }


async def test_a_pair_is_said_once_and_on_a_bean(found: Found) -> None:
    assert len(found["Street is mapped to Street more than once."][0]) == 2
    [lost] = [fix for what, (_why, fix) in found.items() if "it is no bean: nothing calls them" in what]
    assert lost == ("Put @component above class NoBean.",)
    assert len(found) == 10
