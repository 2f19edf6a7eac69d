from pyfly.cqrs import MiddlewareOrder as Order


def test_every_attempt_is_logged_once_authorised_once_and_has_a_transaction_of_its_own() -> None:
    inwards = [
        Order.LOGGING,
        Order.METRICS,
        Order.AUTHORIZATION,
        Order.VALIDATION,
        Order.CACHE,
        0,  # the application's own
        Order.RETRY,
        Order.TRANSACTION,
    ]
    assert inwards == sorted(set(inwards))
