"""Configuration: one key space over files, profiles, imports, environment, command line and test overrides.

:class:`Config` answers by key; ``@config_properties`` classes get typed sections. Importing this
package reads nothing and imports neither yaml nor pydantic.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

_HOMES = {
    "Config": "config",
    "ConfigImportResolver": "imports",
    "ConfigPropertiesRecord": "declaration",
    "ConfigurationError": "errors",
    "ConfigurationErrors": "errors",
    "DataSize": "units",
    "Deprecated": "declaration",
    "Doc": "declaration",
    "ImportContext": "imports",
    "ImportNotFoundError": "errors",
    "KeyReport": "key_check",
    "PropertyMetadata": "records",
    "RenamedKey": "records",
    "Secret": "secret",
    "Setting": "records",
    "UnknownKey": "records",
    "accepts_profiles": "profiles",
    "add_normalizer": "normalizing",
    "check_keys": "key_check",
    "coerce": "coercion",
    "config_properties": "declaration",
    "config_schema": "schema",
    "expand_groups": "profiles",
    "framework_defaults": "loading",
    "is_secret_key": "masking",
    "known_properties": "reference",
    "mask": "masking",
    "parse_bool": "coercion",
    "parse_duration": "units",
    "prefix_of": "declaration",
    "profile_names": "profiles",
    "property_metadata": "reference",
    "register_import_resolver": "imports",
}

if TYPE_CHECKING:
    from pyfly.core.config.coercion import coerce as coerce
    from pyfly.core.config.coercion import parse_bool as parse_bool
    from pyfly.core.config.config import Config as Config
    from pyfly.core.config.declaration import ConfigPropertiesRecord as ConfigPropertiesRecord
    from pyfly.core.config.declaration import Deprecated as Deprecated
    from pyfly.core.config.declaration import Doc as Doc
    from pyfly.core.config.declaration import config_properties as config_properties
    from pyfly.core.config.declaration import prefix_of as prefix_of
    from pyfly.core.config.errors import ConfigurationError as ConfigurationError
    from pyfly.core.config.errors import ConfigurationErrors as ConfigurationErrors
    from pyfly.core.config.errors import ImportNotFoundError as ImportNotFoundError
    from pyfly.core.config.imports import ConfigImportResolver as ConfigImportResolver
    from pyfly.core.config.imports import ImportContext as ImportContext
    from pyfly.core.config.imports import register_import_resolver as register_import_resolver
    from pyfly.core.config.key_check import KeyReport as KeyReport
    from pyfly.core.config.key_check import check_keys as check_keys
    from pyfly.core.config.loading import framework_defaults as framework_defaults
    from pyfly.core.config.masking import is_secret_key as is_secret_key
    from pyfly.core.config.masking import mask as mask
    from pyfly.core.config.normalizing import add_normalizer as add_normalizer
    from pyfly.core.config.profiles import accepts_profiles as accepts_profiles
    from pyfly.core.config.profiles import expand_groups as expand_groups
    from pyfly.core.config.profiles import profile_names as profile_names
    from pyfly.core.config.records import PropertyMetadata as PropertyMetadata
    from pyfly.core.config.records import RenamedKey as RenamedKey
    from pyfly.core.config.records import Setting as Setting
    from pyfly.core.config.records import UnknownKey as UnknownKey
    from pyfly.core.config.reference import known_properties as known_properties
    from pyfly.core.config.reference import property_metadata as property_metadata
    from pyfly.core.config.schema import config_schema as config_schema
    from pyfly.core.config.secret import Secret as Secret
    from pyfly.core.config.units import DataSize as DataSize
    from pyfly.core.config.units import parse_duration as parse_duration

__all__ = [
    "Config",
    "ConfigImportResolver",
    "ConfigPropertiesRecord",
    "ConfigurationError",
    "ConfigurationErrors",
    "DataSize",
    "Deprecated",
    "Doc",
    "ImportContext",
    "ImportNotFoundError",
    "KeyReport",
    "PropertyMetadata",
    "RenamedKey",
    "Secret",
    "Setting",
    "UnknownKey",
    "accepts_profiles",
    "add_normalizer",
    "check_keys",
    "coerce",
    "config_properties",
    "config_schema",
    "expand_groups",
    "framework_defaults",
    "is_secret_key",
    "known_properties",
    "mask",
    "parse_bool",
    "parse_duration",
    "prefix_of",
    "profile_names",
    "property_metadata",
    "register_import_resolver",
]
__getattr__, __dir__ = lazy_exports(__name__, {name: f"{__name__}.{home}" for name, home in _HOMES.items()})
