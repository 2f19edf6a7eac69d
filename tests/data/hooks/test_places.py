from pyfly.data.hooks.places import call_stack


def test_the_stack_starts_at_the_application() -> None:
    place = call_stack(1)[0]
    assert place.function == "test_the_stack_starts_at_the_application"
    assert str(place).startswith(f"{__file__}:")
