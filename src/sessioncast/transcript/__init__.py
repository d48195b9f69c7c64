"""What was said: caption files of any recorder in, and one list of sentences out in every format. Pure: no files, no clock."""

from sessioncast.transcript.cue import Cue, Sentence
from sessioncast.transcript.placing import placed
from sessioncast.transcript.privacy import Remark, review, shielded
from sessioncast.transcript.reading import read
from sessioncast.transcript.sentences import sentences
from sessioncast.transcript.speakers import name_speakers
from sessioncast.transcript.writing import paragraphs, published

__all__ = [
    "Cue",
    "Remark",
    "Sentence",
    "name_speakers",
    "paragraphs",
    "placed",
    "published",
    "read",
    "review",
    "sentences",
    "shielded",
]
