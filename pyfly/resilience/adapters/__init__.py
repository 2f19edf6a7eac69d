"""Stores of shared limits and locks.

| adapter | extra to install | value of ``store`` | shared by |
|---|---|---|---|
| ``memory`` | none | ``memory`` | the tasks and threads of one process |
| ``redis`` | ``redis`` | ``redis`` | every process that uses the server |
"""
