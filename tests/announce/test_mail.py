"""Mail through a real SMTP server on loopback: what it says, whom it reaches, and each way it fails."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from hearers import Letterbox, mail_server, nobody
from sessioncast import project as project_
from sessioncast.store.port import Roots
from shows import NOW, change_session, contents
from tellings import FIRST, SECOND, announce_toml, announcer, catalog_of, mail, publish_aloud, write_email

LATER = NOW + timedelta(hours=1)
TRY = 1.5
"""Seconds until a silent server is given up."""
PASSWORD = "hunter2-PLANTED"
LOGIN = {"SESSIONCAST_SMTP_USER": "postmaster", "SESSIONCAST_SMTP_PASSWORD": PASSWORD}


def again(show: Path, roots: Roots, port: int) -> list[str]:
    """Tell what is owed an hour later, by the server at that port, and return what failed."""
    announce_toml(show, mail(port))
    told = announcer(now=LATER).tell(roots, project_.load(show), catalog_of(roots))
    return [str(failure) for failure in told.failures]


def test_organisers_and_speakers_get_a_mail_each(show: Path, roots: Roots) -> None:
    box = Letterbox()
    write_email(show, "john-snow", "snow@example.net")
    change_session(show, SECOND, '"Talk 1510"', '"Was wir aus Wasser lernen – über Leitungen, Pumpen & mehr"')
    with mail_server(box) as port:
        announce_toml(show, mail(port, 'to = ["team@example.org", "dean@example.org"]\nspeakers = true\n'))
        result = publish_aloud(show, roots)
        assert (result.failures, result.unannounced) == ((), ())
        publish_aloud(show, roots)
    assert sorted(to for (to,), _ in box.letters) == [
        "dean@example.org",
        "dean@example.org",
        "snow@example.net",
        "team@example.org",
        "team@example.org",
    ]
    (own,) = [m for m in box.mails if "snow@" in m["To"]]
    assert own["To"] == "John Snow <snow@example.net>"
    assert own["From"] == "Lives in Medicine <podcast@example.org>"
    assert own["Subject"] == "Your talk is out: Was wir aus Wasser lernen – über Leitungen, Pumpen & mehr"
    assert own["Auto-Submitted"] == "auto-generated"
    assert own["Message-ID"].endswith("@example.org>")
    text = own.get_content()
    assert text.startswith("Dear John Snow,")
    assert f"https://podcast.example.org/episodes/{SECOND}/index.html" in text
    assert f'<iframe src="https://podcast.example.org/embed/{SECOND}/index.html"' in text
    assert "answer this mail" in text
    letters = {m["Message-ID"] for m in box.mails}
    assert len(letters) == 5
    assert all(max(map(len, body.splitlines())) <= 998 for _, body in box.letters)


@pytest.mark.parametrize(("language", "word"), [("fr", "votre exposé"), ("de-at", "Ihr Vortrag"), ("pt", "your talk")])
def test_a_speaker_is_written_to_in_the_talks_language(show: Path, roots: Roots, language: str, word: str) -> None:
    box = Letterbox()
    write_email(show, "john-snow", "snow@example.net")
    change_session(show, SECOND, "title = ", f'language = "{language}"\ntitle = ')
    with mail_server(box) as port:
        announce_toml(show, mail(port, "speakers = true\n"))
        publish_aloud(show, roots)
    assert [word in m.get_content() for m in box.mails] == [True]


def test_lines_that_begin_with_a_dot_arrive_whole(show: Path, roots: Roots) -> None:
    box = Letterbox()
    change_session(show, FIRST, '"Talk 1509"', '"..and then a talk\u2028in two lines"')
    with mail_server(box) as port:
        announce_toml(show, mail(port))
        publish_aloud(show, roots)
    assert any("..and then a talk" in m.get_content().splitlines() for m in box.mails)
    assert any("..and then a talk in two lines" in m["Subject"] for m in box.mails)


def test_a_speakers_address_is_public_nowhere(show: Path, roots: Roots) -> None:
    box = Letterbox()
    write_email(show, "john-snow", "snow-PLANTED@example.net")
    with mail_server(box) as port:
        announce_toml(show, mail(port, "speakers = true\n"))
        publish_aloud(show, roots)
    assert len(box.mails) == 1
    everything = {**contents(roots.public), **{f"private/{k}": v for k, v in contents(roots.private).items()}}
    assert [key for key, body in everything.items() if b"PLANTED" in body] == []


@pytest.mark.parametrize(
    ("at", "how"),
    [("MAIL", "451 later"), ("RCPT", "450 grey"), ("RCPT", "550 no such user"), ("DATA", "452 full"), ("DATA", "554 spam"),
     ("MAIL", "cut"), ("RCPT", "cut"), ("MAIL", "silent"), ("RCPT", "silent"), ("port", "nobody")],
)  # fmt: skip
def test_what_surely_did_not_arrive_is_sent_again(show: Path, roots: Roots, at: str, how: str) -> None:
    box = Letterbox(at, how)
    with mail_server(box) as port:
        announce_toml(show, mail(nobody() if at == "port" else port))
        result = publish_aloud(show, roots, seconds=TRY if how == "silent" else 5)
        assert result.exit_code == 0
        assert ["is owed it still" in str(f) for f in result.unannounced] == [True, True]
        box.at, before = "", len(box.mails)
        assert again(show, roots, port) == []
        assert len(box.mails) - before == 2
        assert catalog_of(roots).untold == ()


@pytest.mark.parametrize("how", ["cut", "silent"])
def test_what_may_have_arrived_is_not_sent_again(show: Path, roots: Roots, how: str) -> None:
    box = Letterbox("DATA", how)
    with mail_server(box) as port:
        announce_toml(show, mail(port))
        result = publish_aloud(show, roots, seconds=TRY if how == "silent" else 5)
        assert result.exit_code == 0
        # the other talk is not sent into the same trouble
        assert ["may have been told" in str(f) for f in result.unannounced] == [True, False]
        box.at = ""
        assert again(show, roots, port) == []
        assert len(box.mails) == 2


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this test trusts."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_password_goes_through_an_encrypted_line(
    show: Path, roots: Roots, authority: ssl.SSLContext, security: str
) -> None:
    box = Letterbox(password=PASSWORD.encode())
    with mail_server(box, authority, wrapped=security == "ssl") as port:
        announce_toml(show, mail(port, security=security, more='to = ["team@example.org"]\n'))
        assert publish_aloud(show, roots, LOGIN).unannounced == ()
        assert len(box.mails) == 2
        assert box.logins[0] == (b"postmaster", PASSWORD.encode())


def test_a_wrong_password_is_said_without_it(show: Path, roots: Roots, authority: ssl.SSLContext) -> None:
    box = Letterbox(password=b"another")
    with mail_server(box, authority) as port:
        announce_toml(show, mail(port, security="starttls"))
        result = publish_aloud(show, roots, LOGIN)
        assert ["SESSIONCAST_SMTP_PASSWORD" in str(f) for f in result.unannounced] == [True, True]
        assert not any(PASSWORD in f"{f} {f.hint}" for f in result.unannounced)
        assert box.mails == []


def test_a_line_that_is_not_encrypted_gets_no_password(show: Path, roots: Roots) -> None:
    box = Letterbox()
    with mail_server(box) as port:
        announce_toml(show, mail(port))
        publish_aloud(show, roots, LOGIN)
        assert (len(box.mails), box.logins) == (2, [])
        announce_toml(show, mail(port, security="starttls"))


def test_a_server_whose_certificate_nobody_trusts_gets_no_mail(show: Path, roots: Roots) -> None:
    box, context = Letterbox(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with mail_server(box, context) as port:
        announce_toml(show, mail(port, security="starttls"))
        result = publish_aloud(show, roots, LOGIN)
        assert ["no session with the mail server" in str(f) for f in result.unannounced] == [True, True]
        assert (box.mails, box.logins) == ([], [])


@pytest.mark.parametrize("address", ["schnée@example.net", "a..b@example.net", "snow@exa_mple.net", "a,b@example.net"])
def test_an_address_no_mail_reaches_is_said(show: Path, roots: Roots, address: str) -> None:
    box = Letterbox()
    write_email(show, "john-snow", address)
    with mail_server(box) as port:
        announce_toml(show, mail(port, "speakers = true\n"))
        result = publish_aloud(show, roots)
        assert result.exit_code == 0
        assert len(result.unannounced) + len(box.mails) == 1
