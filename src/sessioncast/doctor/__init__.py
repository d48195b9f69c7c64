"""What is wrong with a show that nobody is looking at, each finding with its mend; and telling people once.

It looks and mends nothing: all it writes is a throw-away object that tries the store, and ``doctor.json``, which remembers who was
told of what.
"""

from sessioncast.doctor.examine import Examined, Hands, examine
from sessioncast.doctor.value import Found

__all__ = ["Examined", "Found", "Hands", "examine"]
