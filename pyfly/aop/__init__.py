"""Aspects: advice around the methods of beans, chosen by pointcuts.

A class decorated with ``@aspect`` is a bean whose ``@before``, ``@after_returning``, ``@after_throwing``,
``@after`` and ``@around`` methods are compiled into the classes of other beans, once, when the application
starts.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.aop.annotations import Annotation, annotation
    from pyfly.aop.decorators import after, after_returning, after_throwing, around, aspect, before
    from pyfly.aop.endpoint import AspectsEndpoint
    from pyfly.aop.exceptions import (
        IncompatibleAdviceError,
        InvalidAspectError,
        PointcutSyntaxError,
        UnknownAnnotationError,
    )
    from pyfly.aop.interceptor import AspectInterceptor
    from pyfly.aop.pointcut import matches_pointcut
    from pyfly.aop.post_processor import AspectBeanPostProcessor
    from pyfly.aop.properties import AopProperties
    from pyfly.aop.registry import AspectRegistry
    from pyfly.aop.report import AdvisedMethod, AspectReport, UnusedPointcut
    from pyfly.aop.types import AdviceBinding, AdviceType, JoinPoint
    from pyfly.aop.weaver import weave_bean

__all__ = [
    "AdviceBinding",
    "AdviceType",
    "AdvisedMethod",
    "Annotation",
    "AopProperties",
    "AspectBeanPostProcessor",
    "AspectInterceptor",
    "AspectRegistry",
    "AspectReport",
    "AspectsEndpoint",
    "IncompatibleAdviceError",
    "InvalidAspectError",
    "JoinPoint",
    "PointcutSyntaxError",
    "UnknownAnnotationError",
    "UnusedPointcut",
    "after",
    "after_returning",
    "after_throwing",
    "annotation",
    "around",
    "aspect",
    "before",
    "matches_pointcut",
    "weave_bean",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AdviceBinding": "pyfly.aop.types",
        "AdviceType": "pyfly.aop.types",
        "AdvisedMethod": "pyfly.aop.report",
        "Annotation": "pyfly.aop.annotations",
        "AopProperties": "pyfly.aop.properties",
        "AspectBeanPostProcessor": "pyfly.aop.post_processor",
        "AspectInterceptor": "pyfly.aop.interceptor",
        "AspectRegistry": "pyfly.aop.registry",
        "AspectReport": "pyfly.aop.report",
        "AspectsEndpoint": "pyfly.aop.endpoint",
        "IncompatibleAdviceError": "pyfly.aop.exceptions",
        "InvalidAspectError": "pyfly.aop.exceptions",
        "JoinPoint": "pyfly.aop.types",
        "PointcutSyntaxError": "pyfly.aop.exceptions",
        "UnknownAnnotationError": "pyfly.aop.exceptions",
        "UnusedPointcut": "pyfly.aop.report",
        "after": "pyfly.aop.decorators",
        "after_returning": "pyfly.aop.decorators",
        "after_throwing": "pyfly.aop.decorators",
        "annotation": "pyfly.aop.annotations",
        "around": "pyfly.aop.decorators",
        "aspect": "pyfly.aop.decorators",
        "before": "pyfly.aop.decorators",
        "matches_pointcut": "pyfly.aop.pointcut",
        "weave_bean": "pyfly.aop.weaver",
    },
)
