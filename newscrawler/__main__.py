"""``python -m newscrawler`` is the command ``newscrawler``."""

from newscrawler.cli import main

main()
