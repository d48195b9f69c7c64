"""Show notes: Markdown that people wrote, as the safe HTML and plain text that apps, directories and pages take.

Whatever the Markdown says, nothing leaves this room that runs, embeds, or points anywhere but to an absolute
http, https or mailto address (IT-DESC-SAFE). Pure: the same text gives the same bytes.
"""

from __future__ import annotations

from sessioncast.notes.dates import day, session_time
from sessioncast.notes.encoded import encoded_html
from sessioncast.notes.markdown import bare_text, description_html, legal, plain, to_html

__all__ = ["bare_text", "day", "description_html", "encoded_html", "legal", "plain", "session_time", "to_html"]
