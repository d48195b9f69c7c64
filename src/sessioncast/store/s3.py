"""A store in a bucket, through boto3: AWS, R2, MinIO, SeaweedFS, B2 and their like.

Small bodies and every conditional write go as one ``put_object``; a large file goes as a managed multipart upload,
which can't be conditional. No ACL is ever sent: many buckets refuse them. What boto3 raises is translated in
``foreign``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreDenied, StoreError
from sessioncast.model import StoreSettings
from sessioncast.store.files import CHUNK, disk_errors, read_chunks, write_whole
from sessioncast.store.foreign import border, is_broken_body, is_write_conflict
from sessioncast.store.port import ABSENT, ANYTHING, Artifact, Blob, Expected, Found, OnBytes

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

LARGE = 16 * 1024 * 1024
_ONE_REQUEST = 5 * 1024**3
_WRITE_MARK = "sessioncast-write"


def make_client(settings: StoreSettings, attempts: int) -> S3Client:
    """Return a client for the settings; credentials come from boto3's own chain.

    Each request is tried up to ``attempts`` times with growing pauses, so that a server that restarts is waited for
    and one that is gone ends in StoreUnavailable. Raises StoreError for settings that don't fit.
    """
    with border(settings.url):
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=16,
            # 'auto' with an own endpoint: path style, because few such servers have a wildcard certificate.
            s3={
                "addressing_style": "path"
                if settings.addressing == "auto" and settings.endpoint_url
                else settings.addressing
            },
            request_checksum_calculation=settings.checksums,
            response_checksum_validation=settings.checksums,
        )
        try:
            # A session of its own: the default session is shared and not safe to make clients from in threads.
            return boto3.session.Session().client(
                "s3", endpoint_url=settings.endpoint_url, region_name=settings.region, config=config
            )
        except ValueError as e:
            raise StoreError(f"{settings.url}: {e}", hint="check [store] in feed/show.toml") from e


class S3Store:
    """The objects of ``bucket`` below ``prefix``. A version is the ETag, without quotes.

    ``private`` roots get a cache policy nobody may keep. ``single_writer`` is for stores without conditional writes:
    ``expect`` is then looked up before the put, which is safe only while nobody else writes.
    """

    def __init__(
        self, bucket: str, prefix: str, client: S3Client, *, private: bool = False, single_writer: bool = False
    ) -> None:
        """Name the root; nothing is asked yet."""
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = client
        self._private = private
        self._single_writer = single_writer

    @property
    def where(self) -> str:
        """``s3://bucket/prefix``."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def head(self, key: str) -> Found:
        """Return size, version and time. Raises ObjectMissing, StoreDenied, StoreUnavailable."""
        full = self._full(key)
        with border(self._name(key)):
            answer = self._client.head_object(Bucket=self._bucket, Key=full)
        return Found(key, answer["ContentLength"], _version(answer["ETag"]), answer["LastModified"])

    def scan(self, prefix: str = "") -> Iterator[Found]:
        """Yield every object whose key starts with ``prefix``, ascending.

        Raises StoreDenied, StoreUnavailable, and ObjectMissing when the bucket is missing.
        """
        found = []
        with border(self._name(prefix)):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for item in page.get("Contents", ()):
                    key = item["Key"].removeprefix(self._prefix)
                    # What a console or another program left (folder markers, dot files) is not ours to see.
                    if layout.is_valid(key):
                        found.append(Found(key, item["Size"], _version(item["ETag"]), item["LastModified"]))
        # Collected first: a server that walks folders (SeaweedFS) sorts a/b before a-b.
        yield from sorted(found, key=lambda f: f.key)

    def read(self, key: str, into: Path | None = None) -> Blob:
        """Return the whole object. Raises ObjectMissing, StoreDenied, StoreUnavailable."""
        full = self._full(key)

        def fetch() -> Blob:
            answer = self._client.get_object(Bucket=self._bucket, Key=full)
            version = _version(answer["ETag"])
            with closing(answer["Body"]) as body:
                if into is None:
                    return Blob(body.read(), version)
                write_whole(into, body.iter_chunks(CHUNK))
                return Blob(b"", version)

        with border(self._name(key)):
            return _again(is_broken_body)(fetch)

    def put(self, artifact: Artifact, expect: Expected = ANYTHING, on_bytes: OnBytes | None = None) -> str:
        """Write the object whole or not at all and return its version.

        Raises PreconditionFailed, StoreDenied, StoreUnavailable; ObjectMissing when the bucket is missing; StoreError
        where the store can't do conditional writes, or ``expect`` is given for more than 5 GiB.
        """
        headers = {
            "Bucket": self._bucket,
            "Key": self._full(artifact.key),
            "ContentType": layout.media_type(artifact.key),
            "CacheControl": layout.PRIVATE if self._private else layout.cache_control(artifact.key),
        }
        if self._single_writer and expect is not ANYTHING:
            self._look_first(artifact.key, expect)
            expect = ANYTHING
        if isinstance(artifact.body, bytes):
            version = self._put_bytes(artifact.key, artifact.body, headers, expect)
            size = len(artifact.body)
        else:
            with disk_errors(artifact.body):
                size = artifact.size
            if size >= LARGE and expect is ANYTHING:
                return self._put_large(artifact.key, artifact.body, size, headers, on_bytes)
            if size > _ONE_REQUEST:
                raise StoreError(f"{artifact.body}: found {size} bytes, expected at most 5 GiB in a conditional write")
            version = self._put_bytes(artifact.key, b"".join(read_chunks(artifact.body)), headers, expect)
        if on_bytes is not None:
            on_bytes(size)
        return version

    def delete(self, key: str) -> None:
        """Remove the object; absent is success.

        Raises StoreDenied, StoreUnavailable, and ObjectMissing when the bucket is missing.
        """
        full = self._full(key)
        with border(self._name(key)):
            try:
                self._client.delete_object(Bucket=self._bucket, Key=full)
            except self._client.exceptions.NoSuchKey:
                return  # Google's S3 door answers 404 where the others answer 204.

    def now(self) -> datetime:
        """Return what the store's answer says of the time (RFC 9110 Date, whole seconds).

        Raises StoreDenied, StoreUnavailable; ObjectMissing when the bucket is missing, StoreError where it says nothing.
        """
        with border(self.where):
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._full(layout.CATALOG), MaxKeys=1)
        said = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        try:
            return parsedate_to_datetime(said).astimezone(UTC)
        except ValueError:
            raise StoreError(
                f"{self.where}: found the date {said!r:.60} in an answer, expected the time by the store's clock",
                hint="ask whoever runs the store, or the proxy before it, why answers have no Date header",
            ) from None

    # --- one put, three ways ---

    def _put_bytes(self, key: str, body: bytes, headers: dict[str, str], expect: Expected) -> str:
        request: dict[str, Any] = {**headers, "Body": body}
        mark = uuid4().hex
        if expect is not ANYTHING:
            request |= {"IfNoneMatch": "*"} if expect is ABSENT else {"IfMatch": f'"{expect}"'}
            request["Metadata"] = {_WRITE_MARK: mark}
        try:
            with border(self._name(key), conditional=expect is not ANYTHING):
                answer = _again(is_write_conflict)(lambda: self._client.put_object(**request))
        except PreconditionFailed:
            # An answer lost after the store had written makes boto3 send the put again, which then fails on the
            # version that first try made. The mark tells our own write from anybody's, be the bytes the same.
            if (own := self._own(key, mark)) is not None:
                return own
            raise
        return _version(answer["ETag"])

    def _own(self, key: str, mark: str) -> str | None:
        try:
            with border(self._name(key)):
                answer = self._client.head_object(Bucket=self._bucket, Key=self._full(key))
        except (ObjectMissing, StoreDenied):
            return None
        return _version(answer["ETag"]) if answer["Metadata"].get(_WRITE_MARK) == mark else None

    def _put_large(self, key: str, path: Path, size: int, headers: dict[str, str], on_bytes: OnBytes | None) -> str:
        with border(self._name(key)):
            from boto3.s3.transfer import TransferConfig

            self._client.upload_file(
                str(path),
                headers["Bucket"],
                headers["Key"],
                ExtraArgs={name: headers[name] for name in ("ContentType", "CacheControl")},
                Callback=on_bytes,
                Config=TransferConfig(
                    multipart_threshold=LARGE,
                    multipart_chunksize=LARGE,
                    max_concurrency=4,
                    preferred_transfer_client="classic",
                ),
            )
        found = self.head(key)
        if found.size != size:
            raise PreconditionFailed(f"{self._name(key)}: found {found.size} bytes after the upload, expected {size}")
        return found.version

    def _look_first(self, key: str, expect: Expected) -> None:
        try:
            found = self.head(key).version
        except ObjectMissing:
            found = None
        if found != (None if expect is ABSENT else expect):
            raise PreconditionFailed(f"{self._name(key)}: somebody else wrote first")

    # --- names ---

    def _full(self, key: str) -> str:
        if not layout.is_valid(key):
            raise StoreError(f"{self.where}: found the key {key!r:.200}, expected one that every store can keep")
        return self._prefix + key

    def _name(self, key: str) -> str:
        return f"{self.where}/{key}".rstrip("/")


def _version(etag: str) -> str:
    return etag.strip('"')


def _again(when: Any) -> Retrying:
    return Retrying(
        retry=retry_if_exception(when),
        stop=stop_after_attempt(8),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        reraise=True,
    )
