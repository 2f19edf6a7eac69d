"""The applications of ``contenders/http``, called in process."""
