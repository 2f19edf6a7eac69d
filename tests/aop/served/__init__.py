"""An application with an aspect that serves HTTP."""
