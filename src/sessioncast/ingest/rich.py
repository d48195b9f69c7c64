"""Text of calendars and schedules into notes: HTML or plain in, safe paragraphs out, without how to get into the meeting.

An invitation's address and passcode would let anybody into the room, and notes are public: they never get there.
"""

from __future__ import annotations

import re

from sessioncast.ingest.html import read_html
from sessioncast.ingest.reading import tidy, without_markup
from sessioncast.ingest.sections import join_lines

_TAG = re.compile(
    r"</?(?:html|body|p|br|div|a|b|i|u|ul|ol|li|span|strong|em|h[1-6]|table|tr|td|blockquote|pre|font|script|style|img)\b[^<>]*>", re.IGNORECASE
)  # fmt: skip
_BREAKING = re.compile(r"<(?:p|br|div|li|h[1-6]|table|pre|blockquote)\b", re.IGNORECASE)
_LINKED = re.compile(
    r"""<a\s[^<>]{0,200}?href\s*=\s*["'](https?://[^"'\s<>]{1,1000})["'][^<>]{0,200}>([^<>]{0,500})</a>""",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"https?://(?:"
    r"(?:[\w-]+\.){0,3}zoom(?:\.us|gov\.com)/(?:j|w|s|my|wc)/"
    r"|teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)/"
    r"|meet\.google\.com/[a-z]{3,4}-[a-z]{4}-[a-z]{3,4}"
    r"|(?:[\w-]+\.){1,3}webex\.com/(?:meet|join|[\w-]+/j\.php)"
    r"|meet\.jit\.si/"
    r""")[^\s<>"')\]]*""",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"\W*(?:join (?:on your|with google meet|(?:the |by |your )?(?:zoom|microsoft teams|teams|online|webex)\b).{0,60}"
    r"|(?:meeting|webinar|conference|phone conference) (?:id|number|passcode|password|link)\b.{0,80}|pass(?:code|word)\s*:.{0,80}"
    r"|.{0,80}\binviting you to a scheduled zoom meeting\b.{0,5}|microsoft teams(?: meeting| need help\?)?|one tap mobile"
    r"|dial(?:-in| by your location)\b.{0,80}|find your local number\b.{0,200}|or dial\b.{0,80}|learn more about meet\b.{0,200}"
    r"|video call link\b.{0,200}|please do not edit this section\.?|\+\d[\d ,#*()+-]{7,60}.{0,40})",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?<=[.!?…])\s+[^.!?…\n]{1,40}:\s*$")
"""What stood before an address at a line's end: ``Join:``, ``Zoom link:``."""
_RULE = re.compile(r"[-_─=~:.⸺*]{8,}")
_SLIDES = re.compile(r"slides?\b|slide ?deck|folien|diapos?\b|presentation|\.(?:pptx?|odp|key)\b", re.IGNORECASE)


def notes_of(text: str, *, html: bool = False) -> str:
    """Return paragraphs of safe text; ``html`` where the source says so, else tags tell. Links become Markdown's."""
    if not (html or _TAG.search(text)):
        return _plain(text)
    if not _BREAKING.search(text):
        text = text.replace("\n", "<br>")
    linked = _LINKED.sub(_markdown, text)
    return join_lines(list(read_html(f"<html><body>{linked}</body></html>", "").blocks)) or _plain(linked)


def _markdown(found: re.Match[str]) -> str:
    address, words = found[1], found[2].strip()
    return address if words in ("", address) or set(words + address) & set("[]()") else f"[{words}]({address})"


def _plain(text: str) -> str:
    lines = [tidy(line) for line in without_markup(text).replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def meeting_in(text: str) -> str:
    """Return the first address of an online meeting in ``text``, as Zoom, Teams, Meet, Webex and Jitsi make them; else nothing."""
    found = _MEETING.search(text)
    return found[0].rstrip(".,;") if found else ""


def without_invitation(notes: str) -> tuple[str, bool]:
    """Return ``notes`` without the lines that let people into an online meeting, and whether there were any."""
    if not _MEETING.search(notes):
        return notes, False
    kept = []
    for line in notes.split("\n"):
        rest = _MEETING.sub("", line)
        if rest != line:
            rest = _LABEL.sub("", rest)
            kept += [] if len(rest.strip(" -<>[]():").split()) < 6 else [re.sub(r"\[([^\]]*)\]\(\s*\)", r"\1", rest)]
        elif not (_JOINING.fullmatch(line) or _RULE.fullmatch(line)):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), True


def are_slides(words: str) -> bool:
    """Whether a link's title or file name says that it leads to the slides."""
    return bool(_SLIDES.search(words))
