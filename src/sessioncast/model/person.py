"""Who speaks: people of ``feed/people.toml``, and what they are credited with. No I/O here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from sessioncast import vocabulary
from sessioncast.kinds import Consent, Email, Line, Slug, Text, Url, Value


class Person(Value):
    """One entry of ``feed/people.toml``; the key is used in credits and addresses."""

    name: Line = Field(description="podcast:person, at most 128 characters.", max_length=128)
    also: tuple[Line, ...] = Field(
        default=(), max_length=50, description="Other ways sources write the name: an import then knows who is meant."
    )
    affiliation: Text = Field(default="", description="Where the person works, in show notes.")
    bio: Text = Field(default="", description="Plain text or Markdown; paragraphs are kept.")
    link: Url | None = Field(default=None, description="The person's page (podcast:person href).")
    image: Annotated[Line, StringConstraints(max_length=1000)] | None = Field(
        default=None, description="A picture in feed/people, or an https address (podcast:person img, episode art)."
    )
    email: Email | None = Field(
        default=None, description="Where to write that the person's talk is out; never public anywhere."
    )


class Credit(Value):
    """``[[credits]]`` of a session: a person and what they did."""

    person: Slug = Field(description="A key of feed/people.toml.")
    role: str = Field(default="guest", description="A role of the podcast taxonomy, such as host or guest.")
    group: str = Field(default="cast", description="Its group, such as cast or writing.")
    consent: Consent | None = Field(default=None, description="Whether this person agrees to publication.")

    @model_validator(mode="after")
    def _known_role(self) -> Credit:
        if vocabulary.find_role(self.group, self.role) is None:
            raise ValueError(f"a role of the podcast taxonomy; {self.role!r} in {self.group!r} is none (NS-PERSON)")
        return self
