"""One attempt to tell one channel: what is sent, with which secrets, and how it ended. Nothing is raised, nothing remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.announce import mailing, pings, posting
from sessioncast.announce.outcome import Outcome, refused
from sessioncast.announce.wording import News, said, trial, unmarked

if TYPE_CHECKING:
    from sessioncast.announce.channels import Channel
    from sessioncast.model import PublicShow
    from sessioncast.project import Project

_NOT_SET = "set it where sessioncast runs; it is a secret and stands in no file"


@dataclass(frozen=True, slots=True)
class Attempts:
    """The environment (secrets), the clock, and how long one attempt may take in seconds."""

    environ: Mapping[str, str] = field(repr=False)
    clock: Callable[[], datetime]
    seconds: float = posting.SECONDS

    def try_out(self, project: Project, channel: Channel, show: PublicShow | None) -> Outcome:
        """Send a test message to people, or tell a machine of the feed as it is; ``show`` may be missing for people."""
        if channel.is_machine:
            assert show is not None
            return self.ping(channel, show, 0)
        title = show.title if show else project.show.title
        return self.write(project, channel, f"Test: {title}", trial(title), event="test")

    def write(self, project: Project, channel: Channel, subject: str, text: str, *, event: str) -> Outcome:
        """Send people a message that is news of no talk; ``event`` says what it is."""
        if channel.kind == "webhook":
            assert channel.shape is not None
            plain = {"event": event, "show": project.show.title, "subject": subject, "text": text}
            shaped = said(channel.shape, unmarked(channel.shape, text))
            return self._post(channel, plain if channel.shape == "json" else shaped)
        return self._mail(project, channel, (subject, text + "\n"), f"{event}-{self.clock():%Y%m%d%H%M%S}")

    def ping(self, channel: Channel, show: PublicShow, revision: int) -> Outcome:
        """Tell a machine that the feed has this revision."""
        if missing := self.missing(channel):
            return missing
        return posting.send(pings.ping(channel, show, revision, self.clock(), self.environ), self.seconds)

    def missing(self, channel: Channel) -> Outcome | None:
        """Return a refusal where a secret that the channel needs is not in the environment."""
        for name in pings.needs(channel):
            if not self.environ.get(name):
                return refused(f"{name} is not set in the environment", _NOT_SET)
        return None

    def news(self, project: Project, channel: Channel, news: News) -> Outcome:
        """Tell people of one talk."""
        if channel.kind == "webhook":
            assert channel.shape is not None
            return self._post(channel, news.post(channel.shape))
        id_ = layout.sha256(f"{news.episode.guid} {channel.name}".encode())[:32]
        return self._mail(project, channel, news.mail(channel.to), id_)

    def _post(self, channel: Channel, body: object) -> Outcome:
        return self.missing(channel) or posting.send(posting.Call(self.environ[channel.where], json=body), self.seconds)

    def _mail(self, project: Project, channel: Channel, text: tuple[str, str], id_: str) -> Outcome:
        assert project.announce.mail is not None
        user, password = (self.environ.get(name, "") for name in (mailing.USER, mailing.PASSWORD))
        postman = mailing.Postman(project.announce.mail, user, password, self.seconds)
        letter = mailing.Letter(channel.where, channel.to, *text, id_)
        return postman.send(letter, self.clock(), project.show.title)
