"""What the show folder would make public, and the fingerprint of the text it is made from.

A fingerprint leaves out what stands at its default, so that a field added by a later version changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sessioncast import layout, vocabulary
from sessioncast.chapters.reading import without_marks
from sessioncast.model import FeedSettings, PublicCredit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sessioncast.model import Credit, Person, Session, Show

NO_PICTURES: Mapping[str, str] = MappingProxyType({})


def digest(plain: object) -> str:
    """Return the SHA-256 of a JSON-like value, the same on every machine and version."""
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class WantedEpisode:
    """One session as it would be public, without its audio."""

    session: Session
    credits: tuple[PublicCredit, ...]
    explicit: bool
    fingerprint: str

    @property
    def cuts(self) -> str:
        """The fingerprint of what is taken out of the recording: it changes with the audio alone."""
        redact = [r.model_dump(mode="json") for r in self.session.redact]
        trim = self.session.trim
        return digest(
            {"trim": trim if isinstance(trim, str | None) else trim.model_dump(mode="json"), "redact": redact}
        )

    def public_part(self) -> dict[str, Any]:
        """Return the fields an item takes over from the session, by their names in ``PublishedEpisode``."""
        s = self.session
        return {
            "title": s.title,
            "summary": s.summary,
            "notes": without_marks(s.notes),
            "starts": s.starts,
            "ends": s.ends,
            "season": s.season,
            "number": s.number,
            "kind": s.kind,
            "language": s.language,
            "tags": s.tags,
            "link": s.link,
            "explicit": self.explicit,
            "ai_content": s.ai_content,
            "credits": self.credits,
            **({"slides": s.slides} if s.slides and "://" in s.slides else {}),
            **{name: getattr(s, name) for name in _ITEM},
        }


@dataclass(frozen=True, slots=True)
class WantedShow:
    """The channel as it would be public, without its artwork's key."""

    show: Show
    public_url: str
    fingerprint: str
    feeds: FeedSettings
    credits: tuple[PublicCredit, ...] = ()
    directories: Mapping[str, str] = field(default_factory=dict)

    def public_part(self) -> dict[str, Any]:
        """Return the fields the channel takes over from ``show.toml``, by their names in ``PublicShow``."""
        return {
            **{name: getattr(self.show, name) for name in _CHANNEL},
            "public_url": self.public_url,
            "feeds": self.feeds,
            "credits": self.credits,
            "directories": dict(self.directories),
        }


_CHANNEL = (
    "title",
    "summary",
    "language",
    "timezone",
    "link",
    "author",
    "owner",
    "categories",
    "explicit",
    "type",
    "copyright",
    "support",
    "locked",
    "medium",
    "license",
    "funding",
    "location",
    "rhythm",
    "rrule",
    "complete",
    "seasons",
    "season_names",
    "discussions",
    "recommends",
    "publisher",
    "txt",
    "hidden",
    "hidden_from",
)
_ITEM = (
    "number_label",
    "links",
    "license",
    "location",
    "funding",
    "soundbites",
    "discussions",
    "hidden",
)
_PRIVATE = {
    "slug",
    "guid",
    "source",
    "draft",
    "missing",
    "hold",
    "consent",
    "publish_at",
    "recording",
    "pin",
    "room",
    "meeting",
    "trim",
    "redact",
    "credits",
}


def wanted_episode(
    session: Session, people: Mapping[str, Person], show: Show, pictures: Mapping[str, str] = NO_PICTURES
) -> WantedEpisode:
    """Return the session with its people resolved; every credit must name a known person (the show folder checks).

    ``pictures`` are the SHA-256 of the picture files of the show folder, by their path in it.
    """
    credits_ = public_credits(session.credits, people)
    text = session.model_dump(mode="json", exclude=_PRIVATE | {"artwork"}, exclude_defaults=True)
    text["credits"] = [_printed(credit, pictures) for credit in credits_]
    if session.artwork:
        text["artwork"] = pictures.get(layout.episode_picture(session.slug, session.artwork), session.artwork)
    texts = {
        name: pictures[path]
        for name in (*session.text_files, *session.attached_files)
        if (path := layout.episode_picture(session.slug, name)) in pictures
    }
    if texts:
        text["texts"] = texts
    explicit = show.explicit if session.explicit is None else session.explicit
    if explicit:
        text["explicit"] = True
    return WantedEpisode(
        session=session,
        credits=credits_,
        explicit=explicit,
        fingerprint=digest(text),
    )


def public_credits(credited: Iterable[Credit], people: Mapping[str, Person]) -> tuple[PublicCredit, ...]:
    """Return the credits with their people; a picture file is named by its path in the show folder until it is put."""
    made = []
    for credit in credited:
        person = people[credit.person]
        group, role = vocabulary.find_role(credit.group, credit.role) or (credit.group, credit.role)
        image = person.image
        made.append(
            PublicCredit(
                person=credit.person,
                name=person.name,
                role=role.lower(),
                group=group.lower(),
                affiliation=person.affiliation,
                bio=person.bio,
                link=person.link,
                image=image if image is None or image.startswith("https://") else layout.person_picture(image),
            )
        )
    return tuple(made)


def wanted_show(
    show: Show,
    public_url: str,
    cover_sha256: str,
    feeds: FeedSettings | None = None,
    people: Mapping[str, Person] | None = None,
    pictures: Mapping[str, str] = NO_PICTURES,
    directories: Mapping[str, str] = MappingProxyType({}),
    overrides_sha256: str = "",
) -> WantedShow:
    """Return the channel; its fingerprint covers ``show.toml``'s public part, the address, the cover's bytes and the templates'."""
    text = show.model_dump(mode="json", include=set(_CHANNEL), exclude_defaults=True)
    feeds, credits_ = feeds or FeedSettings(), public_credits(show.credits, people or {})
    if credits_:
        text["credits"] = [_printed(credit, pictures) for credit in credits_]
    if feeds != FeedSettings():
        text["feeds"] = feeds.model_dump(mode="json", exclude_defaults=True)
    if directories:
        text["directories"] = dict(directories)
    if overrides_sha256:
        text["overrides"] = overrides_sha256
    print_ = digest({**text, "public_url": public_url, "cover": cover_sha256})
    return WantedShow(show, public_url, print_, feeds, credits_, directories)


def _printed(credit: PublicCredit, pictures: Mapping[str, str]) -> dict[str, Any]:
    """Return a credit as a fingerprint takes it: a picture counts by its own bytes, not by what is made of them."""
    plain = credit.model_dump(mode="json", exclude_defaults=True)
    if credit.image:
        plain["image"] = pictures.get(credit.image, credit.image)
    return plain


def held_back(session: Session) -> tuple[str, ...]:
    """Return in words what people have said against publishing the session as it stands."""
    reasons = []
    if session.missing:
        reasons.append("draft: " + "; ".join(session.missing))
    elif session.draft:
        reasons.append("draft: set draft = false when it is ready")
    if session.hold:
        reasons.append("held: remove hold = true to let it out")
    if session.consent in ("pending", "refused"):
        reasons.append(f"consent {session.consent}")
    return tuple(reasons)


def waits(session: Session, now: datetime) -> tuple[str, ...]:
    """Return in words why a session may not go out at ``now``; empty where it may."""
    reasons = [*held_back(session)]
    if session.publish_at and session.publish_at > now:
        reasons.append(f"waits for publish_at {session.publish_at.isoformat()}")
    if session.ends and session.ends > now:
        reasons.append(f"ends {session.ends.isoformat()}")
    if not session.recording:
        reasons.append('no recording yet: name it in session.toml as recording = "…"')
    return tuple(reasons)
