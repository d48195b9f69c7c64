"""The documents a bucket is given, as plain values: what ``store setup`` sends and ``store explain`` prints."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from typing import Any

from sessioncast.store.opening import Place

UNFINISHED_DAYS = 7


def mark(place: Place) -> str:
    """Return a short name for this root's own rules, so that two shows in one bucket don't replace each other's."""
    return hashlib.sha256(place.prefix.encode()).hexdigest()[:8]


def readable(place: Place) -> dict[str, Any]:
    """Return the statement that lets anybody read the objects of this root: no listing, no other root."""
    return {
        "Sid": f"SessioncastPublicRead{mark(place)}",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{_arn(place)}/*",
    }


def policy(place: Place, present: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the bucket policy with our statement in it and everybody else's kept."""
    ours = readable(place)
    others = [s for s in _listed((present or {}).get("Statement", [])) if s.get("Sid") != ours["Sid"]]
    return {"Version": "2012-10-17", **(present or {}), "Statement": [*others, ours]}


def opens(statement: dict[str, Any], place: Place) -> bool:
    """Whether a statement lets strangers read objects of this root."""
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        principal = principal.get("AWS")
    if statement.get("Effect") != "Allow" or "*" not in _listed(principal):
        return False
    # What is allowed by exclusion (NotAction, NotResource) opens everything else: taken for open without a closer look.
    actions, things = _listed(statement.get("Action", [])), _listed(statement.get("Resource", []))
    reads = "NotAction" in statement or any(
        fnmatchcase(verb, str(a).lower()) for a in actions for verb in ("s3:getobject", "s3:getobjectversion")
    )
    here = "NotResource" in statement or any(fnmatchcase(f"{_arn(place)}/catalog.json", str(r)) for r in things)
    return reads and here


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two statements say the same, be a single value written alone or as a list of one, * or {AWS: *}."""

    def plain(statement: dict[str, Any]) -> dict[str, Any]:
        unwrapped = {
            k: v.get("AWS", v) if k == "Principal" and isinstance(v, dict) else v for k, v in statement.items()
        }
        return {k: sorted(map(str, _listed(v))) for k, v in unwrapped.items()}

    return plain(one) == plain(other)


def cors_rule() -> dict[str, Any]:
    """Return the rule that lets players and transcript readers on any page fetch (DL-CORS, TR-CORS)."""
    return {
        "AllowedOrigins": ["*"],
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["Range"],
        "ExposeHeaders": ["ETag", "Content-Length", "Content-Range"],
        "MaxAgeSeconds": 3600,
    }


def lifecycle_rule(place: Place) -> dict[str, Any]:
    """Return the rule that drops uploads left unfinished for a week: they cost money and are listed nowhere."""
    return {
        "ID": f"sessioncast-unfinished-{mark(place)}",
        "Status": "Enabled",
        "Filter": {"Prefix": f"{place.prefix}/" if place.prefix else ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS},
    }


def publisher(public: Place, private: Place) -> dict[str, Any]:
    """Return the identity policy a publishing machine needs and no more.

    Listing is not a nicety: without it S3 answers 403 for an object that isn't there, and missing can't be told
    from denied.
    """
    buckets = sorted({f"arn:aws:s3:::{p.bucket}" for p in (public, private)})
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
                "Resource": [f"{_arn(public)}/*", f"{_arn(private)}/*"],
            },
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": buckets},
        ],
    }


def _arn(place: Place) -> str:
    return f"arn:aws:s3:::{place.bucket}/{place.prefix}".rstrip("/")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
