"""The settings of the configuration itself, and of what lies below it and cannot declare its own."""

from typing import Annotated

from pyfly.core.config.declaration import Doc, config_properties
from pyfly.kernel.record import Record, attribute


class Activation(Record, kw_only=True):
    """When one document of a file applies."""

    on_profile: Annotated[str, Doc("The document applies when this profile expression is true.")] = ""


@config_properties("pyfly.config")
class ConfigProperties(Record, kw_only=True):
    """How configuration is read (``pyfly.config``)."""

    import_: Annotated[
        tuple[str, ...],
        Doc("More sources: files, 'configtree:' directories; 'optional:' forgives a missing one."),
    ] = ()
    dotenv: Annotated[str, Doc("The file of environment variables beside pyfly.yaml; empty for none.")] = (
        ".env"
    )
    strict: Annotated[bool, Doc("Whether an unknown key stops the start instead of being warned about.")] = (
        False
    )
    activate: Activation = attribute(default_factory=Activation)


@config_properties("pyfly.profiles")
class ProfilesProperties(Record, kw_only=True):
    """Which profiles are active (``pyfly.profiles``)."""

    active: Annotated[tuple[str, ...], Doc("The active profiles, as a list or separated by commas.")] = ()
    default: Annotated[tuple[str, ...], Doc("The profiles to activate when no other one is.")] = ()
    group: Annotated[
        dict[str, tuple[str, ...]],
        Doc("Names for several profiles: activating the name activates its members."),
    ] = attribute(default_factory=dict)


@config_properties("pyfly.app")
class AppProperties(Record, kw_only=True):
    """What the application is called (``pyfly.app``)."""

    name: Annotated[str, Doc("The name in logs, metrics and the OpenAPI document.")] = "pyfly-app"
    version: Annotated[str, Doc("The version of the application.")] = "0.1.0"
    description: Annotated[str, Doc("One sentence about the application.")] = ""
    module: Annotated[str, Doc("What `pyfly run` serves, such as shop.main:app.")] = ""


@config_properties("pyfly.banner")
class BannerProperties(Record, kw_only=True):
    """What is printed first (``pyfly.banner``)."""

    mode: Annotated[str, Doc("TEXT, MINIMAL (one line) or OFF.")] = "TEXT"
    location: Annotated[str, Doc("A text file to print instead of the art.")] = ""


@config_properties("pyfly.logging")
class LoggingProperties(Record, kw_only=True):
    """What is logged and how it looks (``pyfly.logging``); the logging package lies below this one."""

    level: Annotated[
        dict[str, str], Doc("The lowest level that is logged, by logger name; root is the rest.")
    ] = attribute(default_factory=lambda: {"root": "INFO"})
    format: Annotated[str, Doc("console, json, ecs or logstash.")] = "console"
    color: Annotated[str, Doc("Whether console lines are coloured: auto, always or never.")] = "auto"
