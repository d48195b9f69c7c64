"""Nothing foreign escapes: every exception of boto3 and its layers, and every answer of a store, is one of ours."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from concurrent.futures import CancelledError
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import boto3.exceptions
import botocore.exceptions
import botocore.parsers
import pytest
import s3transfer.exceptions
import urllib3.exceptions

from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreDenied, StoreError, StoreUnavailable
from sessioncast.store.foreign import border, translated

MODULES: list[Any] = [
    botocore.exceptions,
    botocore.parsers,
    boto3.exceptions,
    s3transfer.exceptions,
    urllib3.exceptions,
]


def foreign_classes() -> Iterator[type[Exception]]:
    for module in MODULES:
        for _, found in sorted(vars(module).items()):
            if (
                inspect.isclass(found)
                and issubclass(found, Exception)
                and not issubclass(found, Warning)
                and found.__module__ == module.__name__
            ):
                yield found


def raised(kind: type[Exception]) -> Exception:
    """Return an instance, whatever its constructor asks for."""
    return kind.__new__(kind)


@pytest.mark.parametrize("kind", list(foreign_classes()), ids=lambda k: f"{k.__module__}.{k.__name__}")
def test_every_foreign_class_stops_at_the_border(kind: type[Exception]) -> None:
    with pytest.raises(StoreError) as e, border("s3://snow/show"):
        raise raised(kind)
    assert e.value.message.startswith("s3://snow/show: ")
    assert e.value.__cause__ is not None


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), CancelledError()])
def test_sockets_and_threads_stop_at_the_border(error: Exception) -> None:
    with pytest.raises(StoreUnavailable), border("s3://snow/show"):
        raise error


def test_a_bug_of_ours_stays_a_bug() -> None:
    with pytest.raises(TypeError), border("s3://snow/show"):
        raise TypeError("ours")


def test_our_own_errors_pass_as_they_are() -> None:
    ours = StoreDenied("s3://snow/show/feed.xml: no")
    with pytest.raises(StoreDenied) as e, border("s3://snow/show"):
        raise ours
    assert e.value is ours


def refusal(code: str, status: int, *, date: datetime | None = None) -> botocore.exceptions.ClientError:
    headers = {"date": format_datetime(date or datetime.now(UTC), usegmt=True)}
    answer = {
        "Error": {"Code": code, "Message": "said by the store"},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers},
    }
    return botocore.exceptions.ClientError(answer, "PutObject")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "status", "kind", "words"),
    [
        ("NoSuchKey", 404, ObjectMissing, "no such object"),
        ("404", 404, ObjectMissing, "no such object"),
        ("NoSuchBucket", 404, ObjectMissing, "no such bucket"),
        ("403", 403, StoreDenied, "may not"),
        ("AccessDenied", 403, StoreDenied, "may not"),
        ("Unauthorized", 401, StoreDenied, "may not"),
        ("InvalidAccessKeyId", 403, StoreDenied, "access key"),
        ("SignatureDoesNotMatch", 403, StoreDenied, "secret key"),
        ("ExpiredToken", 400, StoreDenied, "expired"),
        ("RequestTimeTooSkewed", 403, StoreDenied, "clock"),
        ("PreconditionFailed", 412, PreconditionFailed, "first"),
        ("412", 412, PreconditionFailed, "first"),
        ("ConditionalRequestConflict", 409, StoreUnavailable, "busy"),
        ("NotImplemented", 501, StoreError, "can't do that"),
        ("SlowDown", 503, StoreUnavailable, "SlowDown"),
        ("InternalError", 500, StoreUnavailable, "InternalError"),
        ("InsufficientStorage", 507, StoreUnavailable, "full"),
        ("XMinioStorageFull", 507, StoreUnavailable, "full"),
        ("PermanentRedirect", 301, StoreError, "another region"),
        ("NoSuchUpload", 404, StoreUnavailable, "forgot the upload"),
        ("InvalidArgument", 400, StoreError, "said by the store"),
        ("TeaPot", 418, StoreError, "TeaPot"),
        ("", 0, StoreError, ""),
    ],
)
def test_what_an_answer_means(code: str, status: int, kind: type[StoreError], words: str) -> None:
    error = translated(refusal(code, status), "s3://snow/show/feed.xml")
    assert type(error) is kind
    assert words in error.message
    assert error.message.startswith("s3://snow/show/feed.xml: ")


@pytest.mark.parametrize(
    ("code", "status"), [("PreconditionFailed", 412), ("NoSuchKey", 404), ("304", 304), ("NotModified", 304)]
)
def test_a_condition_that_failed_however_it_is_said(code: str, status: int) -> None:
    assert type(translated(refusal(code, status), "feed.xml", conditional=True)) is PreconditionFailed


def test_a_missing_bucket_is_no_lost_race() -> None:
    error = translated(refusal("NoSuchBucket", 404), "feed.xml", conditional=True)
    assert type(error) is ObjectMissing
    assert "sessioncast store setup" in error.hint


def test_a_refused_condition_names_the_way_out() -> None:
    error = translated(refusal("NotImplemented", 501), "feed.xml", conditional=True)
    assert type(error) is StoreError
    assert "conditional" in error.message
    assert "single_writer" in error.hint


def test_a_wrong_clock_is_told_from_a_wrong_key_even_on_a_bare_head() -> None:
    late = datetime.now(UTC) + timedelta(hours=3)
    error = translated(refusal("403", 403, date=late), "feed.xml")
    assert type(error) is StoreDenied
    assert "clock" in error.message
    assert "key" not in error.message
    assert "clock" in error.hint


def wrapped(error: Exception) -> Exception:
    """Return the error as boto3's managed transfer raises it: in words, the answer only in the context."""
    try:
        try:
            raise error
        except botocore.exceptions.ClientError as e:
            raise boto3.exceptions.S3UploadFailedError("Failed to upload") from e
    except boto3.exceptions.S3UploadFailedError as e:
        return e


def test_what_a_managed_upload_wraps_is_unwrapped() -> None:
    assert type(translated(wrapped(refusal("AccessDenied", 403)), "media/snow.mp3")) is StoreDenied


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("NoCredentialsError", StoreDenied),
        ("PartialCredentialsError", StoreDenied),
        ("ProfileNotFound", StoreDenied),
        ("SSOTokenLoadError", StoreDenied),
        ("EndpointConnectionError", StoreUnavailable),
        ("ConnectTimeoutError", StoreUnavailable),
        ("ReadTimeoutError", StoreUnavailable),
        ("ConnectionClosedError", StoreUnavailable),
        ("ResponseStreamingError", StoreUnavailable),
        ("IncompleteReadError", StoreUnavailable),
        ("FlexibleChecksumError", StoreUnavailable),
        ("SSLError", StoreUnavailable),
        ("PaginationError", StoreUnavailable),
        ("NoRegionError", StoreError),
        ("ParamValidationError", StoreError),
        ("InvalidDNSNameError", StoreError),
    ],
)
def test_no_answer_at_all(name: str, kind: type[StoreError]) -> None:
    assert type(translated(raised(getattr(botocore.exceptions, name)), "s3://snow/show")) is kind
