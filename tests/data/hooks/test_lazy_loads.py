from pyfly.data.hooks import LazyLoadHook, LazyLoads


def test_repeated_loads_say_what_would_load_all_of_them_together() -> None:
    hook = LazyLoadHook()
    loads = LazyLoads(datasource="default", entity="Owner", attribute="pets", times=5, place=None)
    hook.repeated(loads)
    assert hook.count == 1
    assert str(loads) == (
        "Owner.pets was loaded 5 times, one by one, at code of the framework; "
        "load it together with the entities: lazy='selectin' at the relationship, or selectinload(Owner.pets)"
    )
