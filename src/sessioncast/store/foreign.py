"""Whatever boto3 and its layers raise becomes an error of ours, here and nowhere else.

boto3 fails in three shapes: an answer with a code (ClientError and its generated kin), no usable answer
(BotoCoreError), and a managed transfer that wraps either. Classes are told by name along their ancestry, so that
nothing slow is imported to say what went wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from sessioncast.errors import (
    ObjectMissing,
    PreconditionFailed,
    SessioncastError,
    StoreDenied,
    StoreError,
    StoreUnavailable,
)

SETUP = "make it: sessioncast store setup"
CHECKSUMS = 'if the store refuses new checksums, set checksums = "when_required" under [store] in feed/show.toml'
SINGLE_WRITER = (
    "use a store with conditional writes, or set single_writer = true under [store] if only one machine ever publishes"
)
_CREDENTIALS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
_CLOCK = "set this machine's clock, for instance: timedatectl set-ntp true"
_AGAIN = "run the same command again"
_REGION = "set region under [store] in feed/show.toml"
_FULL = "make room there, then run the same command again"

_LIBRARIES = frozenset({"boto3", "botocore", "s3transfer", "urllib3"})

# What an answer's code means: (kind, sentence, hint).
_CODES: dict[str, tuple[type[StoreError], str, str]] = {
    "NoSuchBucket": (ObjectMissing, "there is no such bucket", SETUP),
    "NoSuchKey": (ObjectMissing, "there is no such object", ""),
    "NoSuchUpload": (StoreUnavailable, "the store forgot the upload on its way", _AGAIN),
    "PreconditionFailed": (PreconditionFailed, "somebody else wrote first", ""),
    "ConditionalRequestConflict": (StoreUnavailable, "other writers kept the object busy", _AGAIN),
    "OperationAborted": (StoreUnavailable, "the store is busy with another change", _AGAIN),
    "RequestTimeTooSkewed": (StoreDenied, "this machine's clock and the store's differ too much", _CLOCK),
    "RequestExpired": (StoreDenied, "this machine's clock and the store's differ too much", _CLOCK),
    "InvalidAccessKeyId": (StoreDenied, "the store doesn't know this access key", _CREDENTIALS),
    "SignatureDoesNotMatch": (StoreDenied, "the secret key doesn't fit the access key", _CREDENTIALS),
    "ExpiredToken": (StoreDenied, "the session token has expired", "sign in again, for instance: aws sso login"),
    "InvalidToken": (StoreDenied, "the session token isn't valid", "sign in again, for instance: aws sso login"),
    "AccessDenied": (StoreDenied, "the credentials may not do that", "see what they need: sessioncast store explain"),
    "NotImplemented": (StoreError, "the store can't do that", CHECKSUMS),
    "XNotImplemented": (StoreError, "the store can't do that", CHECKSUMS),
    "PermanentRedirect": (StoreError, "the bucket lies in another region", _REGION),
    "AuthorizationHeaderMalformed": (StoreError, "the bucket lies in another region", _REGION),
    "IllegalLocationConstraintException": (StoreError, "the bucket lies in another region", _REGION),
    "InvalidBucketName": (StoreError, "the store takes no such bucket name", "name another: [store] url"),
    "EntityTooLarge": (StoreError, "the object is too large for this store", ""),
    "KeyTooLongError": (StoreError, "the key is too long for this store", ""),
    "QuotaExceeded": (StoreUnavailable, "the store or its quota is full", _FULL),
    "InsufficientStorage": (StoreUnavailable, "the store or its quota is full", _FULL),
    "XMinioStorageFull": (StoreUnavailable, "the store or its quota is full", _FULL),
    "BadDigest": (StoreUnavailable, "the bytes arrived damaged", _AGAIN),
    "InvalidDigest": (StoreUnavailable, "the bytes arrived damaged", CHECKSUMS),
    "XAmzContentSHA256Mismatch": (StoreUnavailable, "the bytes arrived damaged", CHECKSUMS),
}
# What a bare status means, where the code says nothing (a HEAD has no body).
_STATUSES: dict[int, tuple[type[StoreError], str, str]] = {
    301: _CODES["PermanentRedirect"],
    307: _CODES["PermanentRedirect"],
    304: _CODES["PreconditionFailed"],
    401: _CODES["AccessDenied"],
    403: _CODES["AccessDenied"],
    404: _CODES["NoSuchKey"],
    408: (StoreUnavailable, "the store got tired of waiting", _AGAIN),
    409: _CODES["OperationAborted"],
    412: _CODES["PreconditionFailed"],
    429: (StoreUnavailable, "the store asks to slow down", _AGAIN),
    501: _CODES["NotImplemented"],
    507: _CODES["InsufficientStorage"],
}
# What a class means when no answer came, by the first ancestor named here.
_CLASSES: dict[str, tuple[type[StoreError], str, str]] = {
    **dict.fromkeys(
        ("NoCredentialsError", "PartialCredentialsError"), (StoreDenied, "found no credentials", _CREDENTIALS)
    ),
    **dict.fromkeys(
        (
            "CredentialRetrievalError",
            "TokenRetrievalError",
            "NoAuthTokenError",
            "UnknownTokenProviderError",
            "UnknownCredentialError",
            "ProfileNotFound",
            "RefreshWithMFAUnsupportedError",
            "MetadataRetrievalError",
            "InvalidConfigError",
            "SSOError",
            "LoginError",
        ),
        (StoreDenied, "found no usable credentials", _CREDENTIALS),
    ),
    "SSLError": (StoreUnavailable, "no safe connection: the certificate or the protocol doesn't fit", ""),
    "ProxyConnectionError": (StoreUnavailable, "the proxy named by HTTPS_PROXY gives no answer", ""),
    "ConnectTimeoutError": (StoreUnavailable, "no answer", _AGAIN),
    "ConnectionError": (StoreUnavailable, "can't be reached", "see whether it runs and endpoint_url is right"),
    "ReadTimeoutError": (StoreUnavailable, "the store stopped answering", _AGAIN),
    "HTTPClientError": (StoreUnavailable, "the connection broke", _AGAIN),
    "HTTPError": (StoreUnavailable, "the connection broke", _AGAIN),
    "IncompleteReadError": (StoreUnavailable, "the answer was cut short", _AGAIN),
    "ChecksumError": (StoreUnavailable, "the bytes arrived damaged", _AGAIN),
    "FlexibleChecksumError": (StoreUnavailable, "the bytes arrived damaged", CHECKSUMS),
    "ResponseParserError": (StoreUnavailable, "the answer makes no sense", "see whether endpoint_url is an S3 service"),
    "PaginationError": (StoreUnavailable, "the listing runs in a circle", ""),
    "CapacityNotAvailableError": (StoreUnavailable, "too many requests failed", _AGAIN),
    "RetriesExceededError": (StoreUnavailable, "the transfer kept breaking", _AGAIN),
    "S3TransferFailedError": (StoreUnavailable, "the transfer failed", _AGAIN),
    "S3UploadFailedError": (StoreUnavailable, "the upload failed", _AGAIN),
    "S3DownloadFailedError": (StoreUnavailable, "the download failed", _AGAIN),
    "CancelledError": (StoreUnavailable, "the transfer was stopped", _AGAIN),
    "OSError": (StoreUnavailable, "the connection broke", _AGAIN),
}
_MISUSE: tuple[type[StoreError], str, str] = (StoreError, "the settings of the store don't fit", "check [store]")
_BROKEN = frozenset({"HTTPClientError", "HTTPError", "IncompleteReadError", "ChecksumError", "FlexibleChecksumError"})


def is_foreign(e: BaseException) -> bool:
    """Whether the exception comes out of boto3 or the layers below it."""
    return isinstance(e, OSError) or any(
        c.__module__.partition(".")[0] in _LIBRARIES or c.__name__ == "CancelledError" for c in type(e).__mro__
    )


def code_of(e: BaseException) -> tuple[str, int]:
    """Return the answer's code and HTTP status, ``("", 0)`` where no answer came."""
    response: Any = getattr(_answered(e), "response", None)
    if not isinstance(response, dict):
        return "", 0
    metadata = response.get("ResponseMetadata", {})
    return str(response.get("Error", {}).get("Code", "")), int(metadata.get("HTTPStatusCode", 0))


def is_write_conflict(e: BaseException) -> bool:
    """Whether another write was under way and the same request may be sent again (409)."""
    code, status = code_of(e)
    return status == 409 and code in ("ConditionalRequestConflict", "OperationAborted", "409", "Conflict", "")


def is_broken_body(e: BaseException) -> bool:
    """Whether the answer began well and its body broke: botocore doesn't ask again by itself."""
    return any(c.__name__ in _BROKEN for c in type(e).__mro__)


def translated(e: BaseException, subject: str, *, conditional: bool = False) -> StoreError:
    """Return a foreign exception as one of ours about ``subject``; ``conditional``: it was a put with ``expect``."""
    code, status = code_of(e)
    if code or status:
        return _refusal(e, subject, code, status, conditional=conditional)
    names = [c.__name__ for c in type(e).__mro__]
    kind, sentence, hint = next((_CLASSES[n] for n in names if n in _CLASSES), _MISUSE)
    # What the library says is kept where the table can't know the field at fault.
    said = f" ({' '.join(str(e).split()):.300})" if kind is StoreError else ""
    return kind(f"{subject}: {sentence}{said}", hint=hint)


@contextmanager
def border(subject: str, *, conditional: bool = False) -> Iterator[None]:
    """Let nothing foreign out: what boto3 raises inside leaves as an error of ours about ``subject``."""
    try:
        yield
    except SessioncastError:
        raise
    except Exception as e:
        if not is_foreign(e):
            raise
        raise translated(e, subject, conditional=conditional) from e


def _answered(e: BaseException) -> BaseException:
    """Return the answer a managed transfer wrapped in words."""
    seen: BaseException | None = e
    for _ in range(5):
        if seen is None or hasattr(seen, "response"):
            break
        seen = seen.__cause__ or seen.__context__
    return e if seen is None else seen


def _refusal(e: BaseException, subject: str, code: str, status: int, *, conditional: bool) -> StoreError:
    if conditional and (code in ("NotImplemented", "XNotImplemented") or status == 501):
        return StoreError(f"{subject}: the store refuses conditional writes (501)", hint=SINGLE_WRITER)
    if conditional and (status in (304, 412) or code == "NoSuchKey"):
        # S3 answers 404 to If-Match where nothing stands; older MinIO answers 304 to If-None-Match where something does.
        kind, sentence, hint = _CODES["PreconditionFailed"]
    elif code not in _CODES and status == 403 and (apart := _clocks_apart(e)):
        kind, sentence, hint = StoreDenied, f"this machine's clock and the store's differ by {apart}", _CLOCK
    elif code in _CODES:
        kind, sentence, hint = _CODES[code]
    elif status in _STATUSES:
        kind, sentence, hint = _STATUSES[status]
    elif status >= 500 or status < 400:
        kind, sentence, hint = StoreUnavailable, f"the store failed ({code or status})", _AGAIN
    else:
        said = str(getattr(_answered(e), "response", {}).get("Error", {}).get("Message", ""))
        kind, sentence, hint = StoreError, f"the store refused: {code} {said:.300}".rstrip(), CHECKSUMS
    return kind(f"{subject}: {sentence}", hint=hint)


def _clocks_apart(e: BaseException) -> str:
    """Return how far the clocks differ where it is enough to be refused: a HEAD's 403 doesn't say why."""
    response: Any = getattr(_answered(e), "response", {})
    date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        apart = abs(datetime.now(UTC) - parsedate_to_datetime(date))
    except (TypeError, ValueError):
        return ""
    return f"{apart // timedelta(minutes=1)} minutes" if apart >= timedelta(minutes=15) else ""
