"""One list of chapters an episode: from what people write, notes or recordings, into every format. Pure: no files, no clock."""

from sessioncast.chapters.placing import placed
from sessioncast.chapters.proposing import Said, propose
from sessioncast.chapters.reading import Mark, from_notes, read_marks
from sessioncast.chapters.writing import json_chapters, marks_text

__all__ = ["Mark", "Said", "from_notes", "json_chapters", "marks_text", "placed", "propose", "read_marks"]
