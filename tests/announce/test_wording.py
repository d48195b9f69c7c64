"""What chat services are sent: whatever a title holds, it calls nobody and stays text."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from catalogs import minimal
from sessioncast.announce.wording import DISCORD_MOST, WORDS, News
from sessioncast.kinds import Line

TITLES = st.text(min_size=1, max_size=255) | st.sampled_from(
    [
        "@everyone",
        "<!channel> hi",
        "a|b>",
        "**x** [y](https://example.com)",
        "& <b>",
        "`@here`",
        "~~gone~~",
        "a\\",
        "{page}",
    ]
)


def news(title: str) -> News:
    """Return the news of a talk of that name."""
    try:
        title = TypeAdapter(Line).validate_python(title)
    except ValidationError:
        assume(False)
    made = minimal()
    return News(made.show, made.episodes[0].model_copy(update={"title": title}))


@given(TITLES)
def test_slack_sees_one_link_and_no_call(title: str) -> None:
    told = news(title)
    text = str(told.post("slack")["text"])
    assert re.findall(r"<[^>]*>", text) == [f"<{told.page}|{text.partition('|')[2].partition('>')[0]}>"]
    assert not re.search(r"@\w|<!", text)


@given(TITLES)
def test_mattermost_and_discord_see_one_link_and_no_call(title: str) -> None:
    told = news(title)
    text = str(told.post("mattermost")["text"])
    assert re.findall(r"(?<!\\)(?:\\\\)*\]\(([^)]*)\)", text) == [told.page]
    assert not re.search(r"@\w", text)
    discord = told.post("discord")
    assert discord["content"] == text
    assert len(text) <= DISCORD_MOST
    assert discord["allowed_mentions"] == {"parse": []}


@given(TITLES)
def test_json_has_the_title_as_it_is(title: str) -> None:
    told = news(title)
    plain = json.loads(json.dumps(told.post("json")))
    assert plain["title"] == told.episode.title
    assert plain["page"] == told.page
    assert plain["event"] == "published"


@given(TITLES)
def test_a_subject_is_one_line(title: str) -> None:
    told = news(title)
    for speaker in ("", "Mary Seacole"):
        subject, text = told.mail(speaker)
        assert "\n" not in subject
        assert told.episode.title in text


@pytest.mark.parametrize("language", WORDS)
def test_every_language_says_where_to_ask(language: str) -> None:
    told = news("Talk")
    show = told.show.model_copy(update={"language": language, "support": "https://example.org/contact"})
    _, text = News(show, told.episode).mail("Mary Seacole")
    assert "https://example.org/contact" in text
    assert "<iframe" in text
    assert "{" not in text
