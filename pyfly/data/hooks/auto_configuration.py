"""Makes the hooks that the configuration asks for, and what tells them of statements."""

from pyfly.container.bean import bean
from pyfly.context.application_context import ApplicationContext
from pyfly.context.conditions import (
    auto_configuration,
    conditional,
    conditional_on_bean,
    conditional_on_missing_bean,
)
from pyfly.data.hooks.calling import Hooks
from pyfly.data.hooks.lazy_loads import LazyLoadHook
from pyfly.data.hooks.leaks import LeakHook
from pyfly.data.hooks.presets import OnPreset
from pyfly.data.hooks.properties import StatementProperties
from pyfly.data.hooks.slow_queries import DEFAULT_THRESHOLD, SlowQueryHook
from pyfly.data.hooks.statement_log import StatementLogHook
from pyfly.data.hooks.statistics import StatisticsHook


@auto_configuration(after=("pyfly.data.relational.auto_configuration.TransactionAutoConfiguration",))
@conditional_on_bean("pyfly.data.transactions.TransactionManager")
class HooksAutoConfiguration:
    """The hooks of every store."""

    @bean
    @conditional_on_missing_bean(Hooks)
    def hooks(self, context: ApplicationContext, properties: StatementProperties) -> Hooks:
        """Tell the hooks of statements."""
        return Hooks(context.container, properties)

    @bean
    @conditional(OnPreset("statement-log"))
    def statement_log_hook(self, properties: StatementProperties) -> StatementLogHook:
        """Log statements."""
        return StatementLogHook(properties.log.parameters, properties.log.level)

    @bean
    @conditional(OnPreset("slow-query"))
    def slow_query_hook(self, properties: StatementProperties) -> SlowQueryHook:
        """Warn of slow statements, and count them."""
        threshold = properties.slow_query_threshold
        return SlowQueryHook(DEFAULT_THRESHOLD if threshold is None else threshold, properties.log.parameters)

    @bean
    @conditional(OnPreset("statistics"))
    def statistics_hook(self) -> StatisticsHook:
        """Count statements."""
        return StatisticsHook()

    @bean
    @conditional(OnPreset("n-plus-one"))
    def n_plus_one_hook(self) -> LazyLoadHook:
        """Warn of relationships that are loaded one by one, and count them."""
        return LazyLoadHook()

    @bean
    @conditional(OnPreset("leak"))
    def leak_hook(self) -> LeakHook:
        """Warn of connections that are not given back, and count them."""
        return LeakHook()
