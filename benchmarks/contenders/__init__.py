"""One folder per area: `area.py` says what is compared, `checks.py` proves answers, the rest are contenders."""
