"""The application context: profiles, conditions, configuration classes, start and stop, events.

It decides which definitions take part, has them checked as a whole, and gives the beans a life.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.context.application_context import ApplicationContext as ApplicationContext
    from pyfly.context.application_context import ContextState as ContextState
    from pyfly.context.conditions import adapter as adapter
    from pyfly.context.conditions import auto_configuration as auto_configuration
    from pyfly.context.conditions import conditional as conditional
    from pyfly.context.conditions import conditional_on_bean as conditional_on_bean
    from pyfly.context.conditions import conditional_on_class as conditional_on_class
    from pyfly.context.conditions import conditional_on_missing_bean as conditional_on_missing_bean
    from pyfly.context.conditions import conditional_on_property as conditional_on_property
    from pyfly.context.conditions import conditional_on_single_candidate as conditional_on_single_candidate
    from pyfly.context.conditions import conditional_on_stereotype as conditional_on_stereotype
    from pyfly.context.environment import Environment as Environment
    from pyfly.context.events import ApplicationEvent as ApplicationEvent
    from pyfly.context.events import ApplicationEventBus as ApplicationEventBus
    from pyfly.context.events import ApplicationReadyEvent as ApplicationReadyEvent
    from pyfly.context.events import ConfigChangedEvent as ConfigChangedEvent
    from pyfly.context.events import ContextClosedEvent as ContextClosedEvent
    from pyfly.context.events import ContextRefreshedEvent as ContextRefreshedEvent
    from pyfly.context.events import app_event_listener as app_event_listener
    from pyfly.context.failures import BeanFailure as BeanFailure
    from pyfly.context.lifecycle import post_construct as post_construct
    from pyfly.context.lifecycle import pre_destroy as pre_destroy
    from pyfly.context.post_processor import BeanPostProcessor as BeanPostProcessor
    from pyfly.context.report import StartupReport as StartupReport
    from pyfly.context.runners import ApplicationRunner as ApplicationRunner
    from pyfly.context.runners import CommandLineRunner as CommandLineRunner
    from pyfly.context.state import ContextStateError as ContextStateError

__all__ = [
    "ApplicationContext",
    "ApplicationEvent",
    "ApplicationEventBus",
    "ApplicationReadyEvent",
    "ApplicationRunner",
    "BeanFailure",
    "BeanPostProcessor",
    "CommandLineRunner",
    "ConfigChangedEvent",
    "ContextClosedEvent",
    "ContextRefreshedEvent",
    "ContextState",
    "ContextStateError",
    "Environment",
    "StartupReport",
    "adapter",
    "app_event_listener",
    "auto_configuration",
    "conditional",
    "conditional_on_bean",
    "conditional_on_class",
    "conditional_on_missing_bean",
    "conditional_on_property",
    "conditional_on_single_candidate",
    "conditional_on_stereotype",
    "post_construct",
    "pre_destroy",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ApplicationContext": "pyfly.context.application_context",
        "ApplicationEvent": "pyfly.context.events",
        "ApplicationEventBus": "pyfly.context.events",
        "ApplicationReadyEvent": "pyfly.context.events",
        "ApplicationRunner": "pyfly.context.runners",
        "BeanFailure": "pyfly.context.failures",
        "BeanPostProcessor": "pyfly.context.post_processor",
        "CommandLineRunner": "pyfly.context.runners",
        "ConfigChangedEvent": "pyfly.context.events",
        "ContextClosedEvent": "pyfly.context.events",
        "ContextRefreshedEvent": "pyfly.context.events",
        "ContextState": "pyfly.context.application_context",
        "ContextStateError": "pyfly.context.state",
        "Environment": "pyfly.context.environment",
        "StartupReport": "pyfly.context.report",
        "adapter": "pyfly.context.conditions",
        "app_event_listener": "pyfly.context.events",
        "auto_configuration": "pyfly.context.conditions",
        "conditional": "pyfly.context.conditions",
        "conditional_on_bean": "pyfly.context.conditions",
        "conditional_on_class": "pyfly.context.conditions",
        "conditional_on_missing_bean": "pyfly.context.conditions",
        "conditional_on_property": "pyfly.context.conditions",
        "conditional_on_single_candidate": "pyfly.context.conditions",
        "conditional_on_stereotype": "pyfly.context.conditions",
        "post_construct": "pyfly.context.lifecycle",
        "pre_destroy": "pyfly.context.lifecycle",
    },
)
