"""What a unit of work does about a transaction that is already running: Spring's rules, as one table."""

import logging
from enum import Enum
from typing import Final

from pyfly.data.exceptions import IllegalTransactionStateError
from pyfly.data.transaction_options import Isolation, Propagation, TransactionOptions
from pyfly.data.transaction_scope import Transaction, innermost, running

_log = logging.getLogger("pyfly.data")


class Way(Enum):
    """How a unit of work begins."""

    JOIN = "join"
    BEGIN = "begin"
    SAVEPOINT = "savepoint"
    SUSPEND = "suspend"
    REFUSE = "refuse"
    NOTHING = "nothing"


# What is done: with a running transaction, without one.
_WAYS: Final = {
    Propagation.REQUIRED: (Way.JOIN, Way.BEGIN),
    Propagation.SUPPORTS: (Way.JOIN, Way.NOTHING),
    Propagation.MANDATORY: (Way.JOIN, Way.REFUSE),
    Propagation.REQUIRES_NEW: (Way.BEGIN, Way.BEGIN),
    Propagation.NOT_SUPPORTED: (Way.SUSPEND, Way.NOTHING),
    Propagation.NEVER: (Way.REFUSE, Way.NOTHING),
    Propagation.NESTED: (Way.SAVEPOINT, Way.BEGIN),
}


def way_of(manager: object, realm: object, options: TransactionOptions) -> tuple[Way, Transaction | None]:
    """Return how a unit with *options* begins, and the transaction that runs already.

    Raises:
        IllegalTransactionStateError: It cannot begin beside what is running, or is not.
    """
    transaction = running(realm)
    there, none = _WAYS[options.propagation]
    way = none if transaction is None else there
    if way is Way.REFUSE:
        raise _refused(options.propagation)
    if transaction is not None and way in (Way.JOIN, Way.SAVEPOINT):
        if transaction.manager is not manager:
            raise mixed(transaction)
        _require_isolation(transaction, options)
        if way is Way.SAVEPOINT and transaction.is_rollback_only:
            raise IllegalTransactionStateError(
                "The running transaction can only roll back, so nothing can be nested in it",
                "Let the failure of its earlier part end the transaction.",
            )
    return way, transaction


def mixed(transaction: Transaction) -> IllegalTransactionStateError:
    """Return the error for a transaction of the other kind, which has another connection."""
    has, needs = (
        ("a synchronous", "async") if transaction.manager.is_synchronous else ("an async", "synchronous")
    )
    return IllegalTransactionStateError(
        f"The running transaction is {has} one, and {needs} code cannot take part in it",
        "Use methods of one kind in a transaction, or REQUIRES_NEW for one of its own.",
    )


def warn_of_another(realm: object, name: str) -> None:
    """Say it when a transaction begins inside of one of another store: they do not commit together."""
    unit = innermost()
    if unit is None or unit.realm is realm or unit.transaction is None or not unit.transaction.is_active:
        return
    if (realm, unit.realm) not in _warned:
        _warned.add((realm, unit.realm))
        _log.warning(
            "A transaction of %s begins inside of one of %s: each commits on its own",
            name,
            unit.transaction.manager,
        )


_warned: Final[set[tuple[object, object]]] = set()


def _refused(propagation: Propagation) -> IllegalTransactionStateError:
    if propagation is Propagation.MANDATORY:
        return IllegalTransactionStateError(
            "No transaction is running, and the propagation is MANDATORY",
            "Call it from a transactional method, or use REQUIRED.",
        )
    return IllegalTransactionStateError(
        "A transaction is running, and the propagation is NEVER",
        "Call it outside of transactions, or use NOT_SUPPORTED.",
    )


def _require_isolation(joined: Transaction, options: TransactionOptions) -> None:
    if options.isolation.strictness <= joined.options.isolation.strictness:
        return
    has = joined.options.isolation
    level = "the database's default" if has is Isolation.DEFAULT else has.name
    raise IllegalTransactionStateError(
        f"{options.isolation.name} is asked for, and the running transaction has {level}",
        "Ask for it where the transaction begins, or use REQUIRES_NEW.",
    )
