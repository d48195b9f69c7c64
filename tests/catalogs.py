"""Catalogs that stand for the shows we publish: minimal, everything, unicode, serial, long. The speakers are historical."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sessioncast.catalog import Catalog, Tombstone, sort_episodes
from sessioncast.extras import (
    Alternate,
    Chapter,
    Discussion,
    Funding,
    License,
    Link,
    Location,
    RemoteFeed,
    Soundbite,
    TextFile,
    Txt,
)
from sessioncast.feed import podcast_guid
from sessioncast.model import Enclosure, FeedSettings, Owner, PublicCredit, PublicShow, PublishedEpisode, mint_guid

SHOW_ID = UUID("6f6b0f4c-6a0e-4f0e-9d5e-0d2f6f1f7a11")
BASE = "https://talks.podcast.example.org/quality"
FIRST = datetime(2024, 2, 20, 17, 0, tzinfo=UTC)

NIGHTINGALE = PublicCredit(
    person="florence-nightingale",
    name="Florence Nightingale",
    role="guest",
    group="cast",
    affiliation="Nightingale Training School, London",
    bio="Nurse and statistician.\n\nDrew the *rose* diagram & counted <everything>.",
    link="https://people.example.org/nightingale",
)
SNOW = PublicCredit(
    person="john-snow", name="John Snow", role="host", group="cast", link="http://people.example.org/snow"
)
SEMMELWEIS = PublicCredit(person="ignaz-semmelweis", name="Ignaz Semmelweis", role="guest", group="cast")


SPEAKERS = (NIGHTINGALE, SNOW, SEMMELWEIS)
OTHER_FEED = UUID("9b024349-ccf0-5f69-a609-6b82873eab3c")


def show(**changes: object) -> PublicShow:
    plain: dict[str, object] = {
        "title": "Quality Talks",
        "summary": "Talks about making care better.",
        "language": "en",
        "timezone": "America/Toronto",
        "link": "https://example.org/",
        "author": "Quality Talks",
        "categories": ("Education",),
        "artwork": "artwork/cover-0a1b2c3d.jpg",
        "public_url": BASE,
        "fingerprints": ("a" * 64,),
        "revision": 1,
    }
    return PublicShow.model_validate(plain | changes)


def episode(slug: str, place: int = 0, **changes: object) -> PublishedEpisode:
    """Return an episode ``place`` weeks after the first; its bytes, where a test needs any, are ``audio(slug)``."""
    sha256 = f"{place:08x}" + "b" * 56
    plain: dict[str, object] = {
        "slug": slug,
        "guid": mint_guid(SHOW_ID, slug),
        "title": slug.replace("-", " ").title(),
        "enclosure": Enclosure(
            key=f"media/{slug}-{sha256[:8]}.mp3",
            length=14_400_123 + place,
            media_type="audio/mpeg",
            duration=3500.4,
            sha256=sha256,
        ),
        "published": FIRST + timedelta(weeks=place),
        "fingerprints": ("c" * 64,),
        "audio_fingerprint": "d" * 64,
        "revision": 1 + place,
    }
    return PublishedEpisode.model_validate(plain | changes)


def catalog(public: PublicShow, *episodes: PublishedEpisode, **changes: object) -> Catalog:
    newest = max((e.revision for e in episodes), default=1)
    plain: dict[str, object] = {"show_id": SHOW_ID, "revision": newest, "show": public}
    return Catalog.model_validate(plain | {"episodes": sort_episodes(episodes)} | changes)


def minimal() -> Catalog:
    return catalog(show(), episode("hand-washing"))


def everything() -> Catalog:
    owner = Owner(name="Quality Office", email="podcast@example.org")
    full = episode(
        "counting-what-matters",
        1,
        title="Counting what matters: charts & <mortality> at Scutari",
        summary="How a chart changed an army's mind.",
        notes="Figures *persuade*.\n\nSee [the chart](https://example.org/chart?a=1&b=2), not [this](/private).\n\n"
        "- one\n- two\n\n<script>alert('no')</script> ]]> <!-- sessioncast revision 99 -->",
        starts=datetime.fromisoformat("2024-02-27T12:00:00-05:00"),
        ends=datetime.fromisoformat("2024-02-27T13:00:00-05:00"),
        season=2,
        number=7,
        tags=("statistics",),
        link="https://example.org/sessions/7?x=1&y=2",
        ai_content=True,
        credits=(
            NIGHTINGALE.model_copy(update={"image": "episodes/counting-what-matters/nightingale-1a2b3c4d.jpg"}),
            SNOW,
        ),
        number_label="Ch. 7",
        slides="https://example.org/slides/7.pdf",
        links=(Link(title="The report of 1858", url="https://example.org/report?a=1&b=2"),),
        license=License(name="House rules", url="https://example.org/licence"),
        location=Location(name="Scutari", geo="geo:41.0082,29.0241", osm="N27000001", country="TR", rel="subject"),
        funding=(Funding(url="https://example.org/give?for=7", text="Help the archive"),),
        soundbites=(
            Soundbite(start=73.5, seconds=40, title="The rose"),
            Soundbite(start=3490, seconds=60, title="past the end"),
        ),
        discussions=(
            Discussion(protocol="activitypub", uri="https://social.example.org/@quality/7", account="@quality"),
        ),
        artwork="episodes/counting-what-matters/cover-2b3c4d5e.jpg",
        transcripts=(
            TextFile(
                key="episodes/counting-what-matters/transcript-3c4d5e6f.vtt", media_type="text/vtt", language="en"
            ),
            TextFile(key="episodes/counting-what-matters/transcript-4d5e6f70.srt", media_type="application/x-subrip"),
        ),
        chapters_key="episodes/counting-what-matters/chapters-5e6f7081.json",
        chapters=(
            Chapter(start=0, title="Welcome"),
            Chapter(start=95.4, title="How one chart changed the mind of a whole army & its <surgeons>"),
            Chapter(start=3605, title="Questions"),
        ),
        alternates=(
            Alternate(
                key="media/counting-what-matters-6f708192.opus",
                media_type="audio/ogg",
                length=4_800_000,
                sha256="6f708192" + "e" * 56,
                bitrate=32_000,
                codecs="opus",
                title="Small",
            ),
        ),
    )
    trailer = episode("season-two", 2, kind="trailer", season=2, summary="What is to come.")
    explicit = episode("surgery-without-ether", 3, explicit=True, number=8, season=2, credits=(SEMMELWEIS,))
    imported = episode("pump-handle", guid="https://old.example.org/?p=1", guid_is_permalink=True)
    return catalog(
        show(
            title="Quality & Safety Talks",
            summary="Talks on *quality*.\n\nEvery week: <https://example.org/>.",
            language="en-ca",
            owner=owner,
            categories=("Health & Fitness > Medicine", "Education"),
            type="serial",
            copyright="Quality Office",
            support="https://example.org/contact?from=feed&to=us",
            locked=False,
            credits=(SNOW,),
            license=License(name="CC-BY-4.0"),
            funding=(Funding(url="https://example.org/give", text="Support the talks"),),
            location=Location(name="Toronto", rel="creator"),
            rhythm="Every two weeks on Tuesday",
            rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            season_names={"2": "Measuring"},
            discussions=(Discussion(protocol="disabled"),),
            recommends=(RemoteFeed(guid=OTHER_FEED, url="https://other.example.org/feed.xml", title="Other Talks"),),
            publisher=RemoteFeed(guid=UUID("917393e3-1b1e-5cef-ace4-edaa54e1f810")),
            txt=(Txt(text="abc-123", purpose="verify"),),
            hidden_from=("youtube",),
            feeds=FeedSettings(by=("season", "tag", "speaker")),
            former_urls=("https://old.example.org/talks",),
            podcast_guid=podcast_guid(f"{BASE}/feed.xml"),
        ),
        full,
        trailer,
        explicit,
        imported,
        revision=9,
        floor=6,
        tombstones=(Tombstone(guid="gone", slug="secret-talk", revision=6),),
        renamed={"counting": "counting-what-matters", "whisper": "secret-talk"},
    )


def unicode() -> Catalog:
    hebrew = episode(
        "shalom",
        1,
        title="שיחה על רפואה 🩺 — co‑production",
        notes="שלום עולם. זהו תיאור ארוך.\n\nمرحبا بالعالم. 👩🏽‍⚕️ naïve façade",
        language="he",
        credits=(PublicCredit(person="moshe", name="משה בן מימון", role="guest", group="cast", bio="רופא"),),
    )
    japanese = episode("kitasato", 2, title="細菌学の始まり", summary="北里柴三郎。『破傷風』の話。")
    return catalog(
        show(title="Señales de calidad – Ärztegespräche", summary="Ünïcödé 🎧 “quotes”", author="Σχολή", language="es"),
        hebrew,
        japanese,
    )


def serial() -> Catalog:
    """Return three seasons by academic year, told in order, with a trailer and a bonus, nothing to follow."""
    talks = [
        episode(
            f"season-{year}-talk-{number}", place, season=year, number=number, credits=(NIGHTINGALE, SNOW)[place % 2 :]
        )
        for place, (year, number) in enumerate((year, number) for year in (2021, 2022, 2023) for number in (1, 2, 3))
    ]
    trailer = episode("season-2023-trailer", 20, kind="trailer", season=2023, summary="Next year: water.")
    bonus = episode("season-2021-bonus", 21, kind="bonus", season=2021, number=2)
    public = show(type="serial", seasons="academic", season_names={"2022": "The year of water"}, complete=True)
    return catalog(public, *talks, trailer, bonus)


def long() -> Catalog:
    """Return 300 episodes, of which the feed holds at most 100 and archive pages the others."""
    talks = [
        episode(
            f"talk-{place:03d}", place, number=place + 1, credits=(SPEAKERS[place % 3],), tags=(f"Topic {place % 7}",)
        )
        for place in range(300)
    ]
    return catalog(show(feeds=FeedSettings(by=("tag", "speaker"), max_items=100)), *talks)


CATALOGS = {"minimal": minimal, "everything": everything, "unicode": unicode, "serial": serial, "long": long}
