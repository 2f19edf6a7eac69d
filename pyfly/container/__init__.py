"""The bean container: stereotypes and ``@bean`` declare, one graph check approves, compiled plans make.

``Container`` works alone, for tests and tools; ``pyfly.context`` builds applications on it.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.container.autowired import Autowired as Autowired
    from pyfly.container.bean import Named as Named
    from pyfly.container.bean import Qualifier as Qualifier
    from pyfly.container.bean import Value as Value
    from pyfly.container.bean import bean as bean
    from pyfly.container.bean import depends_on as depends_on
    from pyfly.container.bean import lazy as lazy
    from pyfly.container.bean import primary as primary
    from pyfly.container.checks import GraphCheck as GraphCheck
    from pyfly.container.container import Container as Container
    from pyfly.container.definition import BeanDefinition as BeanDefinition
    from pyfly.container.exceptions import AsyncBeanError as AsyncBeanError
    from pyfly.container.exceptions import BeanCreationException as BeanCreationException
    from pyfly.container.exceptions import BeanGraphError as BeanGraphError
    from pyfly.container.exceptions import CircularDependencyError as CircularDependencyError
    from pyfly.container.exceptions import NoSuchBeanError as NoSuchBeanError
    from pyfly.container.exceptions import NoUniqueBeanError as NoUniqueBeanError
    from pyfly.container.exceptions import Problem as Problem
    from pyfly.container.exceptions import ScopeMismatchError as ScopeMismatchError
    from pyfly.container.interception import InterceptionOrder as InterceptionOrder
    from pyfly.container.interception import MethodInterceptor as MethodInterceptor
    from pyfly.container.interception import MethodKind as MethodKind
    from pyfly.container.interception import MethodTarget as MethodTarget
    from pyfly.container.ordering import HIGHEST_PRECEDENCE as HIGHEST_PRECEDENCE
    from pyfly.container.ordering import LOWEST_PRECEDENCE as LOWEST_PRECEDENCE
    from pyfly.container.ordering import get_order as get_order
    from pyfly.container.ordering import order as order
    from pyfly.container.providers import Lazy as Lazy
    from pyfly.container.providers import Provider as Provider
    from pyfly.container.scanner import ScanError as ScanError
    from pyfly.container.scanner import scan_package as scan_package
    from pyfly.container.stereotypes import component as component
    from pyfly.container.stereotypes import configuration as configuration
    from pyfly.container.stereotypes import controller as controller
    from pyfly.container.stereotypes import repository as repository
    from pyfly.container.stereotypes import rest_controller as rest_controller
    from pyfly.container.stereotypes import service as service
    from pyfly.container.types import Scope as Scope
    from pyfly.container.types import ScopeHandler as ScopeHandler
    from pyfly.container.types import extension_point as extension_point

__all__ = [
    "HIGHEST_PRECEDENCE",
    "LOWEST_PRECEDENCE",
    "AsyncBeanError",
    "Autowired",
    "BeanCreationException",
    "BeanDefinition",
    "BeanGraphError",
    "CircularDependencyError",
    "Container",
    "GraphCheck",
    "InterceptionOrder",
    "Lazy",
    "MethodInterceptor",
    "MethodKind",
    "MethodTarget",
    "Named",
    "NoSuchBeanError",
    "NoUniqueBeanError",
    "Problem",
    "Provider",
    "Qualifier",
    "ScanError",
    "Scope",
    "ScopeHandler",
    "ScopeMismatchError",
    "Value",
    "bean",
    "component",
    "configuration",
    "controller",
    "depends_on",
    "extension_point",
    "get_order",
    "lazy",
    "order",
    "primary",
    "repository",
    "rest_controller",
    "scan_package",
    "service",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "HIGHEST_PRECEDENCE": "pyfly.container.ordering",
        "LOWEST_PRECEDENCE": "pyfly.container.ordering",
        "AsyncBeanError": "pyfly.container.exceptions",
        "Autowired": "pyfly.container.autowired",
        "BeanCreationException": "pyfly.container.exceptions",
        "BeanDefinition": "pyfly.container.definition",
        "BeanGraphError": "pyfly.container.exceptions",
        "CircularDependencyError": "pyfly.container.exceptions",
        "Container": "pyfly.container.container",
        "GraphCheck": "pyfly.container.checks",
        "InterceptionOrder": "pyfly.container.interception",
        "Lazy": "pyfly.container.providers",
        "MethodInterceptor": "pyfly.container.interception",
        "MethodKind": "pyfly.container.interception",
        "MethodTarget": "pyfly.container.interception",
        "Named": "pyfly.container.bean",
        "NoSuchBeanError": "pyfly.container.exceptions",
        "NoUniqueBeanError": "pyfly.container.exceptions",
        "Problem": "pyfly.container.exceptions",
        "Provider": "pyfly.container.providers",
        "Qualifier": "pyfly.container.bean",
        "ScanError": "pyfly.container.scanner",
        "Scope": "pyfly.container.types",
        "ScopeHandler": "pyfly.container.types",
        "ScopeMismatchError": "pyfly.container.exceptions",
        "Value": "pyfly.container.bean",
        "bean": "pyfly.container.bean",
        "component": "pyfly.container.stereotypes",
        "configuration": "pyfly.container.stereotypes",
        "controller": "pyfly.container.stereotypes",
        "depends_on": "pyfly.container.bean",
        "extension_point": "pyfly.container.types",
        "get_order": "pyfly.container.ordering",
        "lazy": "pyfly.container.bean",
        "order": "pyfly.container.ordering",
        "primary": "pyfly.container.bean",
        "repository": "pyfly.container.stereotypes",
        "rest_controller": "pyfly.container.stereotypes",
        "scan_package": "pyfly.container.scanner",
        "service": "pyfly.container.stereotypes",
    },
)
