"""Who is told once something is public: ``[announce]`` of ``feed/show.toml``. No I/O here, and no secrets: those stand in the environment."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from sessioncast.kinds import Email, Url, Value


def _env_name(text: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,99}", text):
        raise ValueError(
            "the name of an environment variable, such as TEAM_CHAT; the address in it is a secret and stands in no file"
        )
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.:-]{0,252}", text):
        raise ValueError("the name of a mail server, such as mail.example.org")
    return text


EnvName = Annotated[str, AfterValidator(_env_name)]
Host = Annotated[str, AfterValidator(_host)]
Shape = Literal["slack", "mattermost", "discord", "json", "ping"]

RECENT = 30


class Webhook(Value):
    """``[[announce.webhooks]]``: an address that is posted to. It is a secret, so that its name in the environment stands here."""

    shape: Shape = Field(
        description="slack, mattermost, discord or json: told of every new talk; ping: posted to at every change of the feed."
    )
    env: EnvName = Field(description="The name of the environment variable that holds the address.")


class MailSettings(Value):
    """``[announce.mail]``: the mail server, and who is written to. User and password stand in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    host: Host = Field(description="The mail server.")
    port: int = Field(default=587, ge=1, le=65535, description="Its port: 587 with starttls, 465 with ssl.")
    security: Literal["starttls", "ssl", "none"] = Field(
        default="starttls", description="How the connection is encrypted; none never sends a password."
    )
    from_: Email = Field(alias="from", description="The sender; answers go there.")
    to: tuple[Email, ...] = Field(default=(), max_length=20, description="Organisers, told of every new talk.")
    speakers: bool = Field(
        default=False,
        description="Whether speakers with an `email` in feed/people.toml are told that their talk is out.",
    )


class AnnounceSettings(Value):
    """``[announce]`` of ``feed/show.toml``: whom to tell, once what is public was seen to be whole."""

    hubs: tuple[Url, ...] = Field(
        default=(),
        max_length=10,
        description="WebSub hubs, told at every change and named in the feed (atom:link hub).",
    )
    podping: bool = Field(
        default=False, description="Whether Podping is told at every change; its token is SESSIONCAST_PODPING_TOKEN."
    )
    podping_url: Url = Field(default="https://podping.cloud/", description="Podping's gateway.")
    podcastindex: bool = Field(default=False, description="Whether the Podcast Index is told at every change.")
    podcastindex_url: Url = Field(
        default="https://api.podcastindex.org/api/1.0/hub/pubnotify", description="Where it is told."
    )
    days: int = Field(
        default=RECENT,
        ge=0,
        le=3650,
        description="People are told of talks that ended at most so many days before they went out.",
    )
    webhooks: tuple[Webhook, ...] = Field(default=(), max_length=20, description="Addresses that are posted to.")
    mail: MailSettings | None = Field(default=None, description="E-mail to organisers and speakers.")

    @model_validator(mode="after")
    def _each_once(self) -> AnnounceSettings:
        names = [hook.env for hook in self.webhooks]
        if len(set(names)) < len(names):
            raise ValueError("an env of its own for each of the webhooks")
        if len(set(self.hubs)) < len(self.hubs):
            raise ValueError("each of the hubs once")
        return self

    @property
    def tells_people(self) -> bool:
        """Whether a new talk is told to anybody, rather than only to machines."""
        by_mail = self.mail is not None and bool(self.mail.to or self.mail.speakers)
        return by_mail or any(hook.shape != "ping" for hook in self.webhooks)
