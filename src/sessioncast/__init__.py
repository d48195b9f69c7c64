"""sessioncast: a recorded session becomes a podcast episode that plays everywhere."""

__version__ = "0.3.1"
