"""The names of the beans that belong to a named data source; the data source itself has its own name."""


def manager_name(datasource: str) -> str:
    """Return the name of the transaction manager of *datasource*."""
    return f"{datasource}_transaction_manager"


def client_name(datasource: str) -> str:
    """Return the name of the ``SqlClient`` of *datasource*."""
    return f"{datasource}_sql_client"
