"""Frozen values that walk the street from an announced session to a public episode. No I/O here.

Files people write become ``Show``, ``Settings``, ``Person`` and ``Session`` (unknown keys refused); what is
public is made of the ``Public…`` values. Every field says which RSS element or ID3 frame it becomes.
"""

from sessioncast.model.automation import AutoSettings
from sessioncast.model.imported import Imported, ImportedText
from sessioncast.model.person import Credit, Person
from sessioncast.model.public import Announced, Enclosure, PublicCredit, PublicShow, PublishedEpisode, utc_second
from sessioncast.model.session import (
    ChapterMark,
    OtherTranscript,
    Redaction,
    Session,
    TranscriptSettings,
    Trim,
    mint_guid,
)
from sessioncast.model.show import AudioSettings, Container, FeedSettings, Owner, Show, StoreSettings
from sessioncast.model.telling import AnnounceSettings, MailSettings, Webhook

__all__ = [
    "AnnounceSettings",
    "Announced",
    "AudioSettings",
    "AutoSettings",
    "ChapterMark",
    "Container",
    "Credit",
    "Enclosure",
    "FeedSettings",
    "Imported",
    "ImportedText",
    "MailSettings",
    "OtherTranscript",
    "Owner",
    "Person",
    "PublicCredit",
    "PublicShow",
    "PublishedEpisode",
    "Redaction",
    "Session",
    "Show",
    "StoreSettings",
    "TranscriptSettings",
    "Trim",
    "Webhook",
    "mint_guid",
    "utc_second",
]
