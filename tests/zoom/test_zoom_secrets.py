"""No secret of Zoom's leaves the client: marked ones are planted everywhere, and everything said and written is searched."""

from __future__ import annotations

import logging
import pickle
import traceback
from pathlib import Path

import pytest

from sessioncast.errors import SourceError
from sessioncast.events import Event
from sessioncast.recorders.zoom import Zoom
from sessioncast.recorders.zoom_access import Credentials, Token
from zoom_door import ACCOUNT, CLIENT, PLANTED, SECRET, STARTS, TOKENS, Answer, Asked, Door, entry, meeting, plain

BODY = b"\0\0\0\x20ftypM4A " + bytes(988)


def echo(asked: Asked) -> Answer:
    """Say back everything that was told."""
    return plain({"code": 1, "message": f"{asked.query} {asked.headers}"}, 400)


def everything(client: Zoom, folder: Path) -> str:
    """Use a client for all it can do and return all that was said, shown or written."""
    said: list[object] = [repr(client), str(vars(client)), str(vars(client._asker))]
    events: list[Event] = []
    try:
        for recording in client.recordings(STARTS.replace(day=1), STARTS):
            said.append(recording)
            for file in recording.files:
                client.download(file, folder / file.name, events.append)
    except SourceError as e:
        said += [e, e.hint, pickle.dumps(e), "".join(traceback.format_exception(e))]
    written = [p.name.encode() + p.read_bytes() for p in folder.rglob("*") if p.is_file()]
    return f"{said} {events} {written}"


@pytest.mark.parametrize("broken", ["", "/oauth/token", "/v2/users/me/recordings", "/rec/download/abc"])
def test_planted_secrets_are_in_nothing(
    door: Door, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], broken: str
) -> None:
    caplog.set_level(logging.DEBUG)
    door.lists(meeting(entry(download_url=f"{door.base}/rec/download/abc")))
    door.holds(BODY)
    if broken:
        door.says[broken] = echo
    client = door.client()
    found = everything(client, tmp_path) + caplog.text + "".join(capfd.readouterr())
    assert any(ACCOUNT in str(a) for a in door.asked), "the door was told"
    for secret in (*PLANTED, "planted-"):
        assert secret not in found


def test_values_that_hold_secrets_show_none() -> None:
    credentials = Credentials(ACCOUNT, CLIENT, SECRET)
    token = Token(lambda: (TOKENS[0], 3600), lambda: 0.0)
    assert token.value() == TOKENS[0]
    assert "planted" not in f"{credentials!r} {credentials} {token!r} {token}"
    assert token.out_of(f"{SECRET} and {TOKENS[0]} and {ACCOUNT}", credentials) == "… and … and …"
