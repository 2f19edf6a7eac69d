from pyfly.core.config import ConfigurationError, ConfigurationErrors
from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import PyFlyException


def test_one_error_is_explained_with_place_and_remedy() -> None:
    error = ConfigurationError(
        "a.b is 'x', but should be a number", key="a.b", origin="f.yaml:3", expected="a number"
    )
    assert str(error) == "a.b is 'x', but should be a number (f.yaml:3)"
    assert isinstance(error, ValueError | PyFlyException)
    assert diagnose(error) == Diagnosis(
        "a.b is 'x', but should be a number.",
        ("It is set in f.yaml:3.",),
        ("Set a.b in f.yaml:3 to a number.",),
    )


def test_many_errors_are_explained_together_with_at_most_three_remedies() -> None:
    errors = [
        ConfigurationError(f"k{i} is wrong", key=f"k{i}", origin="f:1", fix=f"Set k{i}.") for i in range(5)
    ]
    diagnosis = diagnose(ConfigurationErrors(errors, owner="Shop (shop)"))
    assert diagnosis is not None
    assert diagnosis.what == "5 settings of Shop (shop) cannot be used."
    assert diagnosis.why[0] == "k0 is wrong (f:1)."
    assert diagnosis.fix == ("Set k0.", "Set k1.", "Set k2.")


def test_a_single_error_reads_in_the_singular() -> None:
    failure = ConfigurationErrors([ConfigurationError("k is wrong", key="k", expected="text")])
    assert str(failure) == "1 setting is wrong: k is wrong"
    assert diagnose(failure) == Diagnosis(
        "A setting cannot be used.", ("k is wrong.",), ("Set k in pyfly.yaml or PYFLY_K to text.",)
    )
