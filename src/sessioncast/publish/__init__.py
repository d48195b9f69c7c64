"""The story of a publish: read, judge, make, put, verify, commit, renew, settle (ARCHITECTURE.md, "The publish argument")."""

from sessioncast.publish.result import Clock, Result, Write
from sessioncast.publish.story import Publisher

__all__ = ["Clock", "Publisher", "Result", "Write"]
