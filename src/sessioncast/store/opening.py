"""From ``[store]`` to the two roots, and to the address listeners use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from sessioncast import layout
from sessioncast.errors import ContentError, Problem
from sessioncast.model import StoreSettings
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Roots

LOCAL_ADDRESS = "http://127.0.0.1:8000"
ATTEMPTS = 6
_BUCKET = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9]")
_FILE = "feed/show.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """A root in a bucket; ``prefix`` has no slash at either end and may be empty."""

    bucket: str
    prefix: str

    @property
    def url(self) -> str:
        """``s3://bucket/prefix``."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def holds(self, other: Place) -> bool:
        """Whether ``other`` is this root or lies inside it."""
        return self.bucket == other.bucket and f"{other.prefix}/".startswith(f"{self.prefix}/" if self.prefix else "")


def open_roots(settings: StoreSettings, project: Path, attempts: int = ATTEMPTS) -> Roots:
    """Return the public and the private root; nothing is read, made or asked yet.

    ``attempts`` bounds how often a request to S3 is tried: six wait about 15 s for a server that restarts. Raises ContentError for an address that can't be or roots
    that hold each other, StoreError for settings boto3 refuses.
    """
    if settings.is_s3:
        from sessioncast.store.s3 import S3Store, make_client

        public, private = places(settings)
        client = make_client(settings, attempts)
        lone = settings.single_writer
        return Roots(
            S3Store(public.bucket, public.prefix, client, single_writer=lone),
            S3Store(private.bucket, private.prefix, client, private=True, single_writer=lone),
        )
    shown, hidden = folders(settings, project)
    return Roots(LocalStore(shown), LocalStore(hidden))


def public_address(settings: StoreSettings) -> str:
    """Return the address of the public root without a trailing slash: ``public_url``, or what the store itself gives.

    Raises ContentError for an S3 address that can't be.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    if not settings.is_s3:
        return LOCAL_ADDRESS
    place = _place(settings.url, "store.url")
    tail = quote(f"/{place.prefix}".rstrip("/"), safe="/-._~")
    if settings.endpoint_url:
        parts = urlsplit(settings.endpoint_url.rstrip("/"))
        if settings.addressing == "virtual":
            return f"{parts.scheme}://{place.bucket}.{parts.netloc}{parts.path}{tail}"
        return f"{parts.scheme}://{parts.netloc}{parts.path}/{place.bucket}{tail}"
    host = f"s3.{settings.region}.amazonaws.com" if settings.region else "s3.amazonaws.com"
    # The certificate *.s3.amazonaws.com doesn't reach over a dot in the bucket's name.
    if settings.addressing == "path" or "." in place.bucket:
        return f"https://{host}/{place.bucket}{tail}"
    return f"https://{place.bucket}.{host}{tail}"


def places(settings: StoreSettings) -> tuple[Place, Place]:
    """Return the public and the private root in S3. Raises ContentError where listeners could reach the private one."""
    public = _place(settings.url, "store.url")
    if settings.state is None and not public.prefix:
        raise _wrong(
            "store.url",
            settings.url,
            "a prefix (s3://bucket/prefix), or a separate `state`: only the public root may be readable",
            f'write url = "{public.url}/podcast" in {_FILE}',
        )
    private = (
        Place(public.bucket, f"{public.prefix}-state")
        if settings.state is None
        else _place(settings.state, "store.state")
    )
    if public.holds(private) or private.holds(public):
        raise _apart(settings, private.url)
    return public, private


def folders(settings: StoreSettings, project: Path) -> tuple[Path, Path]:
    """Return the public and the private folder. Raises ContentError where one holds the other."""
    if settings.state is not None and settings.state.startswith("s3://"):
        raise _wrong("store.state", settings.state, "a folder, because the public root is one")
    public = project / settings.url
    private = project / (settings.state or ".sessioncast/state")
    shown, hidden = public.resolve(), private.resolve()
    if shown.is_relative_to(hidden) or hidden.is_relative_to(shown):
        raise _apart(settings, str(private))
    return public, private


def _place(url: str, key: str) -> Place:
    if not url.startswith("s3://"):
        raise _wrong(key, url, "s3://bucket/prefix, because the public root is in a bucket")
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    if not _BUCKET.fullmatch(bucket):
        raise _wrong(key, url, "s3:// and a bucket's name of 3 to 63 letters, digits, dots and hyphens")
    # A policy knows * and ? as wildcards: such a prefix could open more than itself. is_valid refuses them too.
    if prefix and not layout.is_valid(prefix):
        raise _wrong(key, url, "a prefix of plain names joined by single slashes")
    return Place(bucket, prefix)


def _apart(settings: StoreSettings, private: str) -> ContentError:
    return _wrong(
        "store.state",
        private,
        f"a place neither inside nor around the public root {settings.url}",
        f"name another `state` in {_FILE}",
    )


def _wrong(key: str, found: str, expected: str, mend: str = "") -> ContentError:
    return ContentError("", problems=[Problem(_FILE, key, repr(found), expected, mend)])
