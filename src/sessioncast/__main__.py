"""``python -m sessioncast``."""

from sessioncast.cli import main

main()
