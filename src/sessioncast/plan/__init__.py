"""Wanted × present → what to write, in order. Pure: ``--dry-run`` prints what ``publish`` executes."""
