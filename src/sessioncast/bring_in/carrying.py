"""What an old feed names, fetched and looked at before it is kept: pictures, transcripts, chapters, and audio if asked for.

Everything is bounded, and nothing that fails stops the rest: it becomes a loss, and stays where it is.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessioncast.audio.read_back import read_picture
from sessioncast.bring_in.hearing import Audio, hear
from sessioncast.errors import ContentError, MediaError, SessioncastError
from sessioncast.fetch import fetched
from sessioncast.fetch.addresses import is_public
from sessioncast.fetch.bounded import Answer, Fetcher
from sessioncast.model import StoreSettings
from sessioncast.oldfeed import Loss
from sessioncast.transcript import read as read_transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sessioncast.events import Report
    from sessioncast.oldfeed import OldItem, OldShow
    from sessioncast.oldfeed.value import OldText

PICTURE_MOST = 10_000_000
TEXT_MOST = 5_000_000
SMALLEST = 1400
_PICTURES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_TEXTS = {"text/vtt": "vtt", "application/x-subrip": "srt", "application/json": "json"}
"""Transcripts that can be read and published in every format, the best first; others stay where they are."""
_REMEMBERED = 32


@dataclass(slots=True)
class Carrier:
    """Fetches in batches and keeps the answers; ``losses`` gets what could not be had.

    Its addresses are a stranger's: unless ``private``, none on this machine's own network is asked.
    """

    report: Report
    losses: list[Loss]
    offline: bool = False
    private: bool = False
    _answers: dict[str, Answer] = field(default_factory=dict)
    _heads: dict[str, Answer] = field(default_factory=dict)

    def fetch_beside(self, items: Iterable[OldItem], show: OldShow) -> None:
        """Fetch the pictures, transcripts and chapters of these items."""
        wanted: dict[str, int] = {}
        for item in items:
            if item.artwork and item.artwork != show.artwork:
                wanted[item.artwork] = PICTURE_MOST
            wanted |= {text.url: TEXT_MOST for text in _best(item)}
            if item.chapters:
                wanted[item.chapters] = TEXT_MOST
        self._fetch(wanted)

    def ask_after(self, items: Iterable[OldItem]) -> None:
        """Ask the servers how long and of what type audio is of which the feed doesn't say it."""
        asked = [i.audio.url for i in items if not (i.audio.length and i.audio.media_type)]
        if asked and not self.offline:
            self._heads = asyncio.run(_all(dict.fromkeys(asked, 0), "HEAD", private=self.private))

    def length_and_type(self, item: OldItem) -> tuple[int, str]:
        """Return what the feed says of the enclosure, or else the server."""
        audio, head = item.audio, self._heads.get(item.audio.url, Answer(item.audio.url, trouble="not asked"))
        answered = head.status == 200 and not head.trouble
        length = audio.length or (head.length or 0 if answered else 0)
        said = head.essence if answered and head.essence.startswith(("audio/", "video/")) else ""
        if not length:
            why = "nobody was asked" if head.trouble == "not asked" else head.trouble or f"status {head.status}"
            self.lose(item.title, "enclosure length", audio.url, f"unknown, so the feed says 0 ({why})")
        return length, audio.media_type or said or "audio/mpeg"

    def picture(self, url: str, title: str) -> tuple[str, bytes]:
        """Return a picture's extension and bytes, as they are; empty where it can't be used (a loss)."""
        self._fetch({url: PICTURE_MOST})
        answer = self._answer(url, title, "itunes:image")
        if answer is None:
            return "", b""
        try:
            found = read_picture(answer.body, url)
        except MediaError as e:
            self.lose(title, "itunes:image", url, f"is not kept: {e.message.rpartition('found ')[2]}")
            return "", b""
        side = f"{found.width}×{found.height} px"
        if found.format not in _PICTURES or found.width != found.height or found.width < SMALLEST:
            self.lose(
                title,
                "itunes:image",
                url,
                f"is not kept: {found.format} of {side}, expected a square JPEG or PNG of {SMALLEST} px",
            )
            return "", b""
        return _PICTURES[found.format], answer.body

    def transcripts(self, item: OldItem) -> tuple[dict[str, tuple[str, bytes]], tuple[OldText, ...]]:
        """Return transcripts by language (empty: the item's own) as (file name, bytes), and those that stay where they are."""
        here: dict[str, tuple[str, bytes]] = {}
        for text in _best(item):
            language = text.language
            if language in here:
                continue
            answer = self._answer(text.url, item.title, "podcast:transcript", "stays where it is")
            name = f"transcript{f'-{language}' if here else ''}.{_TEXTS[text.media_type]}"
            if answer is None:
                continue
            try:
                read_transcript(answer.body, name)
                here[language] = (name, answer.body)
            except ContentError as e:
                why = e.message.partition("\n")[0].partition(": ")[2]
                self.lose(item.title, "podcast:transcript", text.url, f"stays where it is: {why}")
        left = [text for text in item.transcripts if text.language not in here]
        for text in left:
            if not text.url.startswith("https://"):
                self.lose(item.title, "podcast:transcript", text.url, "is not kept: no https address")
            elif text.media_type not in _TEXTS:
                self.lose(
                    item.title, "podcast:transcript", text.url, f"stays where it is: {text.media_type} has no times"
                )
        return here, tuple(text for text in left if text.url.startswith("https://"))

    def chapters(self, item: OldItem) -> tuple[list[dict[str, object]], str]:
        """Return an item's chapters as session.toml holds them; or the address of those that stay where they are."""
        if not item.chapters:
            linked = (({"link": m.link} if m.link else {}, m) for m in item.marks)
            return [{"start": m.start / 1000, "title": m.title, **link} for link, m in linked], ""
        stays = item.chapters if item.chapters.startswith("https://") else ""
        otherwise = "stays where it is" if stays else "is not kept"
        answer = self._answer(item.chapters, item.title, "podcast:chapters", otherwise)
        found = None if answer is None else self._marks(answer.body, item, otherwise)
        return ([], stays) if found is None else (found, "")

    def audio(self, item: OldItem, room: Path) -> Audio | None:
        """Fetch an enclosure and look at it; None where it can't be had or is no sound (a loss): it stays where it is."""
        url = item.audio.url
        if self.offline:
            self.lose(item.title, "enclosure", url, "stays where it is: nothing is fetched offline")
            return None
        path: Path | None = None
        try:
            path = fetched(url, room, StoreSettings(), self.report, resume=True, private=self.private)
            found = hear(path, item.audio)
        except SessioncastError as e:
            if path is not None:
                path.unlink()
            why = e.message.removeprefix(f"{path or url}: ").partition(", expected")[0]
            self.lose(item.title, "enclosure", url, f"stays where it is: {why}")
            return None
        for element, said, is_ in found.differs(item.audio):
            self.lose(item.title, element, said, f"kept as {is_}: the file's own")
        return found

    def lose(self, title: str, element: str, said: str, why: str) -> None:
        """Write down what could not be kept."""
        self.losses.append(Loss(title, element, said, why))

    def _marks(self, body: bytes, item: OldItem, otherwise: str) -> list[dict[str, object]] | None:
        try:
            plain: Any = json.loads(body)
            listed = list(plain["chapters"])
        except (ValueError, KeyError, TypeError, RecursionError):
            self.lose(item.title, "podcast:chapters", item.chapters, f"{otherwise}: no JSON chapters")
            return None
        found: list[dict[str, object]] = []
        for one in listed[:1000]:
            start, title = (one.get("startTime"), one.get("title")) if isinstance(one, dict) else (None, None)
            if not isinstance(start, int | float) or not isinstance(title, str) or not title.strip() or start < 0:
                self.lose(item.title, "chapter", str(one), "is not kept: no time or no title")
                continue
            link = one.get("url")
            linked = {"link": link} if isinstance(link, str) and link.startswith("https://") else {}
            found.append({"start": float(start), "title": " ".join(title.split())[:255], **linked})
            for name in ("img", "toc", "location"):
                if one.get(name) not in (None, True):
                    self.lose(item.title, f"chapter {name}", str(one[name]), "is not kept")
        return found

    def _fetch(self, wanted: Mapping[str, int]) -> None:
        new = {url: most for url, most in wanted.items() if url not in self._answers and url.startswith("http")}
        if not new or self.offline:
            return
        old = [url for url in self._answers if url not in wanted]
        for url in old[: max(0, len(self._answers) + len(new) - _REMEMBERED)]:
            del self._answers[url]
        self._answers |= asyncio.run(_all(new, "GET", private=self.private))

    def _answer(self, url: str, title: str, element: str, otherwise: str = "is not kept") -> Answer | None:
        answer = self._answers.get(url)
        if answer is not None and answer.status == 200 and not answer.trouble:
            return answer
        why = "nothing is fetched offline" if self.offline else "no address that can be fetched"
        why = why if answer is None else answer.trouble or f"status {answer.status}"
        self.lose(title, element, url, f"{otherwise}: {why}")
        return None


def _best(item: OldItem) -> list[OldText]:
    """Return the transcripts that can be read: the item's own language first, the best format of each first."""
    order = list(_TEXTS)
    known = (t for t in item.transcripts if t.media_type in _TEXTS)
    return sorted(known, key=lambda t: (bool(t.language), order.index(t.media_type)))


async def _all(wanted: Mapping[str, int], method: str, *, private: bool) -> dict[str, Answer]:
    async with Fetcher(allowed=None if private else is_public) as fetcher:
        answers = await asyncio.gather(
            *(fetcher.fetch(url, method, most=most, prefix=method == "HEAD") for url, most in wanted.items())
        )
    return dict(zip(wanted, answers, strict=True))
