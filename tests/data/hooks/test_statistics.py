from pyfly.data.hooks import SqlStatement, StatementStatistics, StatisticsHook


def statement(seconds: float, attempt: int = 1, datasource: str = "default") -> SqlStatement:
    made = SqlStatement(datasource, "SELECT 1", (), None, attempt)
    made.seconds = seconds
    return made


def test_statements_are_counted_for_each_data_source() -> None:
    hook = StatisticsHook()
    for seconds in (0.001, 0.002, 9.0):
        hook.before(statement(seconds))
        hook.after(statement(seconds))
    hook.error(statement(0.03, attempt=2), LookupError())
    hook.after(statement(0.5, datasource="archive"))
    counted = hook.statistics()
    assert (counted.statements, counted.errors, counted.retries, counted.longest) == (4, 1, 1, 9.0)
    assert round(counted.seconds, 3) == 9.033
    assert counted.latencies == (1, 1, 0, 1, 0, 0, 0, 0, 1)
    assert hook.statistics("archive").statements == 1
    assert hook.statistics("nowhere") == StatementStatistics()
