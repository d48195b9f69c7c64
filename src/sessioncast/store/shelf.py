"""A place in a bucket that others write into, such as a recorder's: read only, keys as they are, pieces of objects too.

Unlike a root of the show it may hold any key. It is opened with the show's own endpoint and boto3's credentials.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sessioncast.errors import ContentError
from sessioncast.model import StoreSettings
from sessioncast.store.files import CHUNK, write_whole
from sessioncast.store.foreign import border
from sessioncast.store.port import Found
from sessioncast.store.s3 import make_client

ATTEMPTS = 6


class Shelf:
    """What lies at ``s3://bucket/prefix``. All verbs raise ObjectMissing, StoreDenied and StoreUnavailable."""

    def __init__(self, address: str, settings: StoreSettings) -> None:
        """Name the place; nothing is asked yet. Raises ContentError for an address without a bucket."""
        self._bucket, _, prefix = address[len("s3://") :].partition("/")
        if not address.lower().startswith("s3://") or not self._bucket:
            raise ContentError(f"{address}: found no bucket, expected an address such as s3://bucket/prefix")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = make_client(settings, ATTEMPTS)

    @property
    def where(self) -> str:
        """``s3://bucket/prefix``."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def address(self, key: str) -> str:
        """Return an object's whole address."""
        return f"{self.where}/{key}"

    def scan(self) -> Iterator[Found]:
        """Yield every object, page by page; markers that consoles leave for folders are none."""
        with border(self.where):
            for page in self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            ):
                for item in page.get("Contents", ()):
                    key = item["Key"].removeprefix(self._prefix)
                    if key and not key.endswith("/"):
                        yield Found(key, item["Size"], item["ETag"].strip('"'), item["LastModified"])

    def piece(self, key: str, start: int, size: int) -> bytes:
        """Return at most ``size`` bytes of an object from ``start`` on, which lies inside it."""
        with border(self.address(key)):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + key, Range=f"bytes={start}-{start + size - 1}"
            )
            with closing(answer["Body"]) as body:
                return body.read(size)  # a store that knows no ranges sends the whole

    def read(self, key: str, into: Path) -> None:
        """Write a whole object into a file, whole or not at all."""
        with border(self.address(key)):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            with closing(answer["Body"]) as body:
                write_whole(into, body.iter_chunks(CHUNK))
