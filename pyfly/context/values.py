"""What the expression of a ``Value`` stands for."""

import re
from typing import Any, Final

from pyfly.core.config.config import Config

# A single placeholder and nothing else: its value may be a list or a section, not only text.
_PLACEHOLDER: Final = re.compile(r"\$\{([^${}:]+)(?::([^${}]*))?\}")


def evaluate(config: Config, expression: str, wanted: Any) -> Any:
    """Return what *expression* stands for, converted to *wanted*.

    Raises:
        ConfigurationError: A placeholder without default is not set, or the value does not fit.
    """
    alone = _PLACEHOLDER.fullmatch(expression.strip())
    if alone is not None and config.contains(alone[1]):
        return config.get(alone[1], type=wanted)
    from pyfly.core.config.coercion import coerce  # for programs that inject values

    return coerce(config.resolve_placeholders(expression), wanted)
