import pytest

from pyfly.core.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.data.document.properties import DocumentProperties
from pyfly.data.enabled import Enabled
from pyfly.data.relational.properties import DataProperties

STORES = [("pyfly.data.document", DocumentProperties), ("pyfly.data", DataProperties)]


@pytest.mark.parametrize(("prefix", "properties"), STORES, ids=["document", "relational"])
def test_every_kind_of_store_has_the_same_switch(prefix: str, properties: type) -> None:
    assert Config({}).bind(properties).enabled is Enabled.AUTO
    for value, meant in (("true", Enabled.TRUE), (False, Enabled.FALSE), ("auto", Enabled.AUTO)):
        assert Config({f"{prefix}.enabled": value}).bind(properties).enabled is meant
    with pytest.raises(ConfigurationError, match="enabled"):
        Config({f"{prefix}.enabled": "perhaps"}).bind(properties)
