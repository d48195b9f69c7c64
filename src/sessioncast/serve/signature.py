"""Who is speaking: Zoom signs time stamp and raw body with the app's secret token. Pure."""

from __future__ import annotations

import hmac
import re
from typing import Final

TOLERANCE_S: Final = 300
"""How far a time stamp may be from our clock: an old one is somebody playing back what they overheard."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")


def is_signed(secret: str, stamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether body and stamp (seconds since 1970) were signed with the secret, and lately; ``now`` is our clock's reading."""
    if not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(now - int(stamp)) > TOLERANCE_S:
        return False
    expected = f"v0={_hex(secret, b'v0:' + stamp.encode() + b':' + body)}"
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass"))


def answer_to(secret: str, plain: object) -> dict[str, str] | None:
    """Return what shows Zoom that this address knows the secret; None where ``plain`` is no token of Zoom's.

    Only tokens are answered: signing any text for anybody would sign messages for them.
    """
    if not isinstance(plain, str) or not _TOKEN.fullmatch(plain):
        return None
    return {"plainToken": plain, "encryptedToken": _hex(secret, plain.encode())}


def _hex(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, "sha256").hexdigest()
