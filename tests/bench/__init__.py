"""Measurements of speed and memory: ``python -m tests.bench``. Not tests: nothing fails, numbers are printed."""
