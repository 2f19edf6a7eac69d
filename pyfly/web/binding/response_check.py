"""Response validation: results held against their annotations, always or now and then."""

import logging
from collections.abc import Callable
from itertools import count
from typing import Any

from pydantic_core import ValidationError

from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.results import is_asgi_response
from pyfly.web.binding.serializers import UnexpectedResultError
from pyfly.web.properties import ResponseValidation
from pyfly.web.responses import ResponseEntity
from pyfly.web.type_adapters import Adapter

_log = logging.getLogger("pyfly.web")


def response_check(
    plan: RoutePlan, validation: ResponseValidation, sample: int
) -> Callable[[Any], None] | None:
    """Return the function that looks at results of *plan*, or ``None`` if nobody wants that.

    It validates what would be written, constraints included, so that a model which was changed after its
    creation is found too. A ``strict`` application answers 500 then; one that samples logs a warning.
    """
    if validation is ResponseValidation.OFF or plan.result is None:
        return None
    check = _checked(plan.result)
    return check if validation is ResponseValidation.STRICT else _sampled(check, plan, sample)


def _checked(adapter: Adapter) -> Callable[[Any], None]:
    def check(result: Any) -> None:
        value = result.body if isinstance(result, ResponseEntity) else result
        if value is None or is_asgi_response(value):
            return
        try:
            # Only an instance of the type can be taken apart; what else there is has to fit as it is.
            plain = adapter.serializer.to_python(value, round_trip=True, by_alias=False, warnings="none")
            adapter.validator.validate_python(plain, by_name=True, by_alias=False, from_attributes=True)
        except ValidationError as error:
            raise UnexpectedResultError(value, error) from None

    return check


def _sampled(check: Callable[[Any], None], plan: RoutePlan, sample: int) -> Callable[[Any], None]:
    numbers = count()

    def now_and_then(result: Any) -> None:
        if next(numbers) % sample:
            return
        try:
            check(result)
        except UnexpectedResultError as error:
            _log.warning("%s %s: %s", plan.method, plan.path, error, extra={"route": plan.path})

    return now_and_then
