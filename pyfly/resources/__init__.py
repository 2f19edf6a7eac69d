"""What ships with the framework: the defaults of every ``pyfly.*`` key.

``pyfly-defaults.yaml`` lies at the root of a source checkout and in this package of a wheel, for people to read;
``defaults`` is the same as a module, which is what the framework reads.
"""
