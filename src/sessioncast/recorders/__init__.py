"""Clouds that keep recordings, behind one small port; the clients are imported by whoever opens one."""
