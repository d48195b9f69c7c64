"""One public file as an app asks for it: HEAD, two bytes, an impossible range, and enough of it to know what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessioncast.audio.read_back import FRAMES_BYTES, read_picture, read_sound, tag_size
from sessioncast.errors import MediaError
from sessioncast.fetch.bounded import Answer
from sessioncast.rules import Finding, finding

if TYPE_CHECKING:
    from sessioncast.fetch.bounded import Fetcher
    from sessioncast.filefacts import Picture, Sound

PICTURE_MOST = 10_000_000
_TAGS_MOST = 2_000_000
_SAME = ({"audio/x-m4a", "audio/m4a", "audio/mp4"}, {"video/x-m4v", "video/m4v"})


@dataclass(frozen=True, slots=True)
class Heard:
    """What was wrong with a file, whether asking again may help, and what it is where it could be read."""

    findings: tuple[Finding, ...] = ()
    may_pass: bool = False
    sound: Sound | None = None


def same_type(found: str, expected: str) -> bool:
    """Tell whether two media types, parameters aside, mean the same."""
    pair = {text.partition(";")[0].strip().lower() for text in (found, expected)}
    return len(pair) == 1 or any(pair <= names for names in _SAME)


def unreachable(answer: Answer, key: str = "", item: str = "") -> Finding:
    """Return the finding of a file that can't be had at all."""
    return finding("DL-PUBLIC", answer.url, key, answer.trouble or f"status {answer.status}", "200", item=item)


async def hear(
    fetcher: Fetcher, url: str, size: int | None, type_: str, *, item: str = "", is_sound: bool = True
) -> Heard:
    """Ask for a file of ``size`` bytes and ``type_`` as an app does (DL-HEAD, DL-RANGE, DL-MEDIA-TYPE, IT-ENC-LEN)."""
    found: list[Finding] = []

    def note(rule: str, key: str, what: str, wanted: str) -> None:
        found.append(finding(rule, url, key, what, wanted, item=item))

    part = await fetcher.fetch(url, headers={"Range": "bytes=0-1"}, most=2, prefix=True)
    if part.trouble or part.status not in (200, 206):
        return Heard((unreachable(part, "GET", item),), part.may_pass)
    total = _total(part)
    head = await fetcher.fetch(url, "HEAD", most=0, prefix=True)
    if head.trouble or head.status != 200:
        note("DL-HEAD", "HEAD", head.trouble or f"status {head.status}", "200, as GET gives")
    elif total is not None and head.length != total:
        note("DL-HEAD", "HEAD", f"{head.length} bytes", f"{total} bytes, as GET gives")
    if part.status != 206 or total is None or part.length != 2:
        note("DL-RANGE", "bytes=0-1", f"status {part.status}, {part.length} bytes", "206 and two bytes of the whole")
        total = part.length if part.status == 200 else total
    else:
        beyond = await fetcher.fetch(url, headers={"Range": f"bytes={total + 1000}-"}, most=0, prefix=True)
        if beyond.status != 416:
            note("DL-RANGE", "an impossible range", beyond.trouble or f"status {beyond.status}", "416")
    if size and total is not None and total != size:
        note("IT-ENC-LEN", "length", f"{total} bytes", f"{size} bytes")
    if not same_type(part.essence, type_):
        note("DL-MEDIA-TYPE", "Content-Type", part.headers.get("content-type", "none"), type_)
    heard = await _listen(fetcher, url, total or size or 0) if is_sound else None
    if isinstance(heard, Answer):
        return Heard((*found, unreachable(heard, "first frame", item)), may_pass=True)
    if isinstance(heard, str):
        rule = "DL-MEDIA-TYPE" if heard == "a web page" else "AU-FORMAT-APPLE"
        note(rule, "first frame", heard, "sound that plays")
        return Heard(tuple(found), part.may_pass or head.may_pass)
    return Heard(tuple(found), part.may_pass or head.may_pass, heard)


async def _listen(fetcher: Fetcher, url: str, size: int) -> Sound | str | Answer:
    """Return what the first frames tell, or in words what stands there instead, or the answer that did not come."""
    first = await fetcher.fetch(url, headers={"Range": "bytes=0-511"}, most=512, prefix=True)
    if first.trouble:
        return first
    if first.body.lstrip()[:1] == b"<":
        return "a web page"
    wanted = min(tag_size(first.body) + FRAMES_BYTES, _TAGS_MOST)
    start = await fetcher.fetch(url, headers={"Range": f"bytes=0-{wanted - 1}"}, most=wanted, prefix=True)
    if start.trouble:
        return start
    try:
        return read_sound(start.body, size, url)
    except MediaError as e:
        return e.message.rpartition("found ")[2].partition(",")[0]


async def look(fetcher: Fetcher, url: str, *, item: str = "") -> tuple[list[Finding], Picture | None, bytes]:
    """Fetch a picture whole and ask for its head (ART-HEAD); the bytes tell whether it changed (ART-NEW-URL)."""
    whole = await fetcher.fetch(url, most=PICTURE_MOST)
    if whole.trouble or whole.status != 200:
        return [unreachable(whole, "GET", item)], None, b""
    found = []
    head = await fetcher.fetch(url, "HEAD", most=0, prefix=True)
    if head.trouble or head.status != 200 or not head.essence.startswith("image/"):
        said = head.trouble or f"status {head.status}, type {head.essence or 'none'}"
        found.append(finding("ART-HEAD", url, "HEAD", said, "200 and the type of a picture", item=item))
    try:
        return found, read_picture(whole.body, url), whole.body
    except MediaError:
        return (
            [*found, finding("APPLE-ART-FORMAT", url, "GET", "no picture", "JPEG or PNG", item=item)],
            None,
            whole.body,
        )


def _total(answer: Answer) -> int | None:
    said = answer.headers.get("content-range", "")
    unit, _, total = said.partition("/")
    return int(total) if unit == "bytes 0-1" and total.isdigit() else None
