"""How values are kept in BSON that Python and BSON have different types for."""

from datetime import UTC
from decimal import Decimal
from typing import Any

from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, TypeCodec, TypeRegistry
from bson.decimal128 import Decimal128


class _DecimalCodec(TypeCodec):
    """Decimals are numbers of BSON's decimal type, both ways."""

    python_type = Decimal
    bson_type = Decimal128

    def transform_python(self, value: Any) -> Decimal128:
        """Return what is stored."""
        return Decimal128(value)

    def transform_bson(self, value: Any) -> Decimal:
        """Return what was stored."""
        found: Decimal = value.to_decimal()
        return found


CODECS: CodecOptions[dict[str, Any]] = CodecOptions(
    tz_aware=True,
    tzinfo=UTC,
    uuid_representation=UuidRepresentation.STANDARD,
    type_registry=TypeRegistry([_DecimalCodec()]),
)
"""Times are aware and in UTC, UUIDs and decimals are themselves."""
