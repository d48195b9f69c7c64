"""What happens with nobody at the keyboard: one pass over everything that is due, and the rules for going out alone.

The pass only ever adds: new sessions from programmes, recordings to sessions, episodes to the feed, and a transcript to an
episode that has none. What is public is changed and taken down by people.
"""

from sessioncast.automate.hands import Announce
from sessioncast.automate.story import Unattended
from sessioncast.automate.value import Run, Step, Waiting

__all__ = ["Announce", "Run", "Step", "Unattended", "Waiting"]
