"""What people are told of a new talk: the facts of it, a mail in the show's language, and the shapes chat services take. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.site.beside import frame

if TYPE_CHECKING:
    from sessioncast.model import PublicShow, PublishedEpisode
    from sessioncast.model.telling import Shape

DISCORD_MOST = 2000
"""Characters a Discord message may have."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language's sentences."""

    subject: str
    speaker_subject: str
    body: str
    speaker_body: str
    ask_at: str
    ask_by_answer: str


WORDS = {
    "en": Words(
        subject="{show}: {title}",
        speaker_subject="Your talk is out: {title}",
        body="A new episode of {show} is out.\n\n{title}\n{people}\n{page}\n\nFeed: {feed}\n",
        speaker_body=(
            "Dear {name},\n\nyour talk is out as an episode of {show}:\n\n{title}\n{page}\n\n"
            "To put it on a page of your own, paste this there:\n\n{embed}\n\n{ask}\n\n{show}\n"
        ),
        ask_at="Should anything in it be changed or taken down, please tell us here: {support}",
        ask_by_answer="Should anything in it be changed or taken down, please answer this mail.",
    ),
    "fr": Words(
        subject="{show} : {title}",
        speaker_subject="Votre exposé est en ligne : {title}",
        body="Un nouvel épisode de {show} est en ligne.\n\n{title}\n{people}\n{page}\n\nFlux : {feed}\n",
        speaker_body=(
            "Bonjour {name},\n\nvotre exposé est en ligne : c'est un épisode de {show}.\n\n{title}\n{page}\n\n"
            "Pour le placer dans une de vos pages, collez-y ceci :\n\n{embed}\n\n{ask}\n\n{show}\n"
        ),
        ask_at="S'il faut y changer quelque chose, ou le retirer, dites-le-nous ici : {support}",
        ask_by_answer="S'il faut y changer quelque chose, ou le retirer, répondez à ce message.",
    ),
    "de": Words(
        subject="{show}: {title}",
        speaker_subject="Ihr Vortrag ist erschienen: {title}",
        body="Eine neue Folge von {show} ist erschienen.\n\n{title}\n{people}\n{page}\n\nFeed: {feed}\n",
        speaker_body=(
            "Guten Tag {name},\n\nIhr Vortrag ist als Folge von {show} erschienen:\n\n{title}\n{page}\n\n"
            "Um ihn in eine eigene Seite einzubetten, fügen Sie dort ein:\n\n{embed}\n\n{ask}\n\n{show}\n"
        ),
        ask_at="Soll etwas geändert oder zurückgenommen werden, sagen Sie es uns bitte hier: {support}",
        ask_by_answer="Soll etwas geändert oder zurückgenommen werden, antworten Sie bitte auf diese Mail.",
    ),
}


@dataclass(frozen=True, slots=True)
class News:
    """A talk that is out, as people are told of it."""

    show: PublicShow
    episode: PublishedEpisode

    @property
    def page(self) -> str:
        """The address of its page."""
        return layout.address(self.show.public_url, layout.episode_page(self.episode.slug))

    @property
    def people(self) -> tuple[str, ...]:
        """The names of its cast."""
        return tuple(dict.fromkeys(c.name for c in self.episode.credits if c.group == "cast"))

    def mail(self, speaker: str = "") -> tuple[str, str]:
        """Return subject and text of a mail: to this speaker, or to organisers."""
        words = WORDS.get((self.episode.language or self.show.language)[:2], WORDS["en"])
        ask = words.ask_at if self.show.support else words.ask_by_answer
        facts = {
            "show": self.show.title,
            "title": self.episode.title,
            "people": ", ".join(self.people),
            "page": self.page,
            "feed": layout.address(self.show.public_url, layout.FEED),
            "embed": frame(self.show, self.episode),
            "name": speaker,
            "ask": ask.format(support=self.show.support),
        }
        subject, body = (words.speaker_subject, words.speaker_body) if speaker else (words.subject, words.body)
        return subject.format(**facts), re.sub(r"\n{3,}", "\n\n", body.format(**facts))

    def post(self, shape: Shape) -> dict[str, object]:
        """Return what is posted to a webhook of this shape. Nothing in a title calls anybody or changes the text's look."""
        title, people = self.episode.title, ", ".join(self.people)
        if shape == "json":
            return {
                "event": "published",
                "show": self.show.title,
                "guid": self.episode.guid,
                "slug": self.episode.slug,
                "title": title,
                "speakers": list(self.people),
                "page": self.page,
                "embed": layout.address(self.show.public_url, layout.embed_page(self.episode.slug)),
                "audio": layout.address(self.show.public_url, self.episode.enclosure.key),
                "feed": layout.address(self.show.public_url, layout.FEED),
                "published": self.episode.published.isoformat(),
            }
        if shape == "slack":
            return said(shape, f"{_slack(self.show.title)}: <{self.page}|{_slack(title)}>{_by(_slack(people))}")
        return said(shape, f"{_markdown(self.show.title)}: [{_markdown(title)}]({self.page}){_by(_markdown(people))}")


def said(shape: Shape, text: str) -> dict[str, object]:
    """Return a text as a chat service takes it."""
    if shape == "discord":
        return {"content": text[:DISCORD_MOST], "allowed_mentions": {"parse": []}}
    return {"text": text}


def holds(shape: Shape | None, text: str) -> bool:
    """Whether a message of this shape holds a text whole; mails and plain JSON hold any."""
    return shape != "discord" or len(unmarked(shape, text)) <= DISCORD_MOST


def trial(show: str) -> str:
    """Return the text of a test message."""
    return f"A test message of {show}: news of its talks will arrive here."


def unmarked(shape: Shape, text: str) -> str:
    """Return a text in which a chat service of this shape reads nothing but text."""
    return _slack(text) if shape == "slack" else _markdown(text)


def _by(people: str) -> str:
    return f" ({people})" if people else ""


def _slack(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("|", "¦").replace("@", "@\u200b")


def _markdown(text: str) -> str:
    """Return text whose marks stay marks; a zero-width space keeps names after @ from being called."""
    return re.sub(r"([\\`*_{}\[\]()#|~<>])", r"\\\1", text).replace("@", "@\u200b")
