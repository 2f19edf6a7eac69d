"""Validation: of data by hand, of arguments and results of bean methods by their annotations.

Errors are kernel ``ValidationException`` objects that name the fields and never hold the values.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.validation.constraints import Constraint as Constraint
    from pyfly.validation.decorators import validate_input as validate_input
    from pyfly.validation.decorators import validated as validated
    from pyfly.validation.decorators import validator as validator
    from pyfly.validation.exceptions import ConstraintViolationException as ConstraintViolationException
    from pyfly.validation.exceptions import InvalidResultException as InvalidResultException
    from pyfly.validation.exceptions import Violation as Violation
    from pyfly.validation.groups import Create as Create
    from pyfly.validation.groups import Group as Group
    from pyfly.validation.groups import OnlyIn as OnlyIn
    from pyfly.validation.groups import Patch as Patch
    from pyfly.validation.groups import RequiredIn as RequiredIn
    from pyfly.validation.groups import Update as Update
    from pyfly.validation.groups import When as When
    from pyfly.validation.helpers import validate_model as validate_model
    from pyfly.validation.interceptor import ValidationInterceptor as ValidationInterceptor
    from pyfly.validation.objects import ObjectValidator as ObjectValidator

__all__ = [
    "Constraint",
    "ConstraintViolationException",
    "Create",
    "Group",
    "InvalidResultException",
    "ObjectValidator",
    "OnlyIn",
    "Patch",
    "RequiredIn",
    "Update",
    "ValidationInterceptor",
    "Violation",
    "When",
    "validate_input",
    "validate_model",
    "validated",
    "validator",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Constraint": "pyfly.validation.constraints",
        "ConstraintViolationException": "pyfly.validation.exceptions",
        "Create": "pyfly.validation.groups",
        "Group": "pyfly.validation.groups",
        "InvalidResultException": "pyfly.validation.exceptions",
        "ObjectValidator": "pyfly.validation.objects",
        "OnlyIn": "pyfly.validation.groups",
        "Patch": "pyfly.validation.groups",
        "RequiredIn": "pyfly.validation.groups",
        "Update": "pyfly.validation.groups",
        "ValidationInterceptor": "pyfly.validation.interceptor",
        "Violation": "pyfly.validation.exceptions",
        "When": "pyfly.validation.groups",
        "validate_input": "pyfly.validation.decorators",
        "validate_model": "pyfly.validation.helpers",
        "validated": "pyfly.validation.decorators",
        "validator": "pyfly.validation.decorators",
    },
)
