"""Files that ship with the framework: ``pyfly-defaults.yaml``, the defaults of every ``pyfly.*`` key.

In a source checkout the file lies at the root of the repository; a wheel carries it in this package.
"""
