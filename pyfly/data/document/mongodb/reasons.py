"""The driver's own words about a failure, without what nobody should read."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from pyfly.core.config.masking import MASK, mask

# The state of every server, the whole answer, and the values that an index holds already.
_ASIDES: Final = r"(?s)(, Timeout: [\d.]+s|,? ?full error:| dup key:).*"


def reason_of(failure: Exception, uri: str) -> str:
    """Return what the driver says about *failure* of the database at *uri*."""
    text = re.sub(_ASIDES, "", str(failure)) or type(failure).__name__
    for secret in _secrets(uri):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
    return str(mask("reason", text))


def _secrets(uri: str) -> Iterator[str]:
    """Yield the password in *uri*, and its parts: an address that is written wrongly is quoted in parts."""
    address = uri.partition("://")[2]
    before = address.partition("?")[0]
    user_info = (before if "@" in before else address).rpartition("@")[0]
    password = user_info.partition(":")[2]
    parts = {password, unquote(password), *re.split(r"[:/?#@\[\]]", password)}
    yield from sorted(filter(None, parts), key=len, reverse=True)
