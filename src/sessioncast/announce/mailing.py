"""One mail to one person over SMTP, judged by what is known of its arrival; no exception leaves, no password is said."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from sessioncast import __version__
from sessioncast.announce.outcome import DONE, Outcome, refused, unclear, without

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.model import MailSettings

USER = "SESSIONCAST_SMTP_USER"
PASSWORD = "SESSIONCAST_SMTP_PASSWORD"  # noqa: S105 - the variable's name
SECONDS = 20.0

_CHECK = "sessioncast announce --test mail says whether the mail server takes mail"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as plain text. ``id`` makes the Message-ID: the same letter has the same one."""

    to: str
    name: str
    subject: str
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Postman:
    """A mail server and how to reach it; credentials may be empty."""

    settings: MailSettings
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    seconds: float = SECONDS

    def send(self, letter: Letter, now: datetime, sender: str) -> Outcome:
        """Send one letter from ``sender`` (a name) and return how it ended.

        Whatever the server refuses in words, and whatever breaks before the text is on its way, surely did not arrive. A connection that breaks
        after that says nothing: the server may have taken it.
        """
        try:
            body, recipient = self._written(letter, now, sender), _ascii(letter.to)
        except (ValueError, MessageError, IndexError):
            return refused("found an address that no mail can be written to", "change `email` in feed/people.toml")
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError as e:
            # its words may repeat what it was told
            return refused(f"the mail server takes neither {USER} nor {PASSWORD} (code {e.smtp_code})", _CHECK)
        except smtplib.SMTPResponseException as e:
            return refused(f"the mail server answered {e.smtp_code}", _CHECK)
        except (OSError, smtplib.SMTPException, ValueError) as e:
            return refused(f"no session with the mail server ({type(e).__name__})", _CHECK)
        try:
            return self._handed_over(server, recipient, body)
        finally:
            server.close()

    def _written(self, letter: Letter, now: datetime, sender: str) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(_line(sender), addr_spec=_ascii(self.settings.from_))
        message["To"] = Address(_line(letter.name), addr_spec=_ascii(letter.to))
        message["Subject"] = _line(letter.subject)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{letter.id}@{self.settings.from_.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["User-Agent"] = f"sessioncast/{__version__}"
        message.set_content(letter.text)
        return re.sub(rb"(?m)^\.", b"..", message.as_bytes())

    def _connected(self) -> smtplib.SMTP:
        """Return a session that mail can be handed over in. Never a password over a line that others can read."""
        context = ssl.create_default_context()
        host, port = self.settings.host, self.settings.port
        if self.settings.security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=self.seconds, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self.seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if self.settings.security == "starttls":
                server.starttls(context=context)
                server.ehlo()
            if self.user and self.settings.security != "none":
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _handed_over(self, server: smtplib.SMTP, recipient: str, body: bytes) -> Outcome:
        try:
            code, said = server.mail(_ascii(self.settings.from_))
            if code == 250:
                code, said = server.rcpt(recipient)
            if code in (250, 251):
                code, said = server.docmd("DATA")
            if code != 354:
                return self._refused(code, said)
        except (OSError, smtplib.SMTPException) as e:
            return refused(f"the mail server broke off before the text ({type(e).__name__})", _CHECK)
        try:
            server.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as e:
            return unclear(f"the mail server broke off after the text ({type(e).__name__})")
        with suppress(OSError, smtplib.SMTPException):
            server.docmd("QUIT")
        return DONE if code == 250 else self._refused(code, said)

    def _refused(self, code: int, said: bytes) -> Outcome:
        words = without(said.decode("utf-8", "replace"), (self.user, self.password))
        return refused(f"the mail server answered {code} {words}".strip(), _CHECK)


def _line(text: str) -> str:
    """Return text as a header takes it: on one line, by any reading of what ends a line."""
    return " ".join(text.split())


def _ascii(address: str) -> str:
    """Return the address with its host in punycode; ValueError where its first part is not ASCII."""
    local, _, host = address.rpartition("@")
    if not local.isascii():
        raise ValueError(address)
    return f"{local}@{host if host.isascii() else host.encode('idna').decode('ascii')}"
