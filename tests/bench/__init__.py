"""Measurements of speed and memory: ``python tests/bench``. Not tests: nothing fails, numbers are printed."""
