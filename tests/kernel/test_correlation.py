"""The id that everything shares that one cause leads to."""

from pyfly.kernel.correlation import causation_id, correlated, correlation, correlation_id


def test_without_a_cause_there_is_no_id() -> None:
    assert (correlation_id(), causation_id()) == ("", None)


def test_the_id_that_a_task_was_entered_with_counts_until_something_is_handled() -> None:
    token = correlation.set("request-7")
    try:
        assert correlation_id() == "request-7"
        with correlated("job-1"):
            assert (correlation_id(), causation_id()) == ("job-1", None)
        assert correlation_id() == "request-7"
    finally:
        correlation.reset(token)
