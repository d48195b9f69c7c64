"""Make a store ready for listeners: bucket, read-only-public policy, CORS, lifecycle; or the folders.

Every step looks first, so running it again changes nothing; what a store can't do is said, with the way by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sessioncast.errors import ObjectMissing, StoreDenied, StoreError, StoreUnavailable
from sessioncast.events import Finished, Noted, Report, Started
from sessioncast.model import StoreSettings
from sessioncast.store import policies
from sessioncast.store.files import disk_errors
from sessioncast.store.foreign import border, code_of, is_foreign
from sessioncast.store.opening import ATTEMPTS, Place, folders, places
from sessioncast.store.s3 import make_client

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

Outcome = Literal["done", "already", "by hand"]
_BY_HAND = "do it by hand: sessioncast store explain"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and how it ended; ``text`` says why it must be done by hand, else what stands now."""

    name: str
    outcome: Outcome
    text: str


def setup(settings: StoreSettings, project: Path, report: Report, attempts: int = ATTEMPTS) -> tuple[Step, ...]:
    """Do every step that can be done and return all of them; each is reported as it ends.

    Raises ContentError for an address that can't be, StoreDenied and StoreUnavailable where not even the bucket can be
    looked at or made. A later step that is refused ends as ``by hand``.
    """
    steps = _bucket_steps(settings, attempts) if settings.is_s3 else _folder_steps(settings, project)
    ended = []
    for name, act in steps:
        report(Started("setup", name))
        step = act()
        ended.append(step)
        report(Finished("setup", name, f"{step.outcome}: {step.text}"))
        if step.outcome == "by hand":
            report(Noted("warning", f"{name}: {step.text}", hint=_BY_HAND))
    return tuple(ended)


# --- a folder ---


def _folder_steps(settings: StoreSettings, project: Path) -> list[tuple[str, Callable[[], Step]]]:
    public, private = folders(settings, project)

    def serve() -> Step:
        text = (
            f"let a web server serve {public} and nothing else, with byte ranges, the media types of the keys, no files "
            f"or folders that start with a dot, and Access-Control-Allow-Origin: *; or try it now: sessioncast preview"
        )
        return Step("web server", "by hand", text)

    return [
        ("public folder", lambda: _folder("public folder", public)),
        ("private folder", lambda: _folder("private folder", private)),
        ("web server", serve),
    ]


def _folder(name: str, path: Path) -> Step:
    with disk_errors(path):
        there = path.is_dir()
        path.mkdir(parents=True, exist_ok=True)
    return Step(name, "already" if there else "done", str(path))


# --- a bucket ---


def _bucket_steps(settings: StoreSettings, attempts: int) -> list[tuple[str, Callable[[], Step]]]:
    public, private = places(settings)
    client = make_client(settings, attempts)
    aws = settings.endpoint_url is None
    buckets = dict.fromkeys((public.bucket, private.bucket))
    steps = [(f"bucket {b}", partial(_bucket, client, b, aws=aws)) for b in buckets]
    documents = {
        "public policy": partial(_policy, client, public, private),
        "CORS": partial(_cors, client, public),
        "unfinished uploads": partial(_lifecycle, client, public),
    }
    if aws:
        # First: while it blocks, AWS refuses any policy that lets strangers read.
        documents = {"public access block": partial(_unblock, client, public), **documents}
    return [*steps, *((name, partial(_gently, name, act)) for name, act in documents.items())]


def _gently(name: str, act: Callable[[], Step]) -> Step:
    try:
        return act()
    except StoreUnavailable:
        raise
    except StoreDenied as e:
        return Step(name, "by hand", f"the credentials may not do that ({e.message})")
    except StoreError as e:
        return Step(name, "by hand", f"this store doesn't support it ({e.message})")


def _bucket(client: S3Client, bucket: str, *, aws: bool) -> Step:
    name = f"bucket {bucket}"
    try:
        with border(f"s3://{bucket}"):
            client.head_bucket(Bucket=bucket)
    except ObjectMissing:
        region = client.meta.region_name
        placed: dict[str, Any] = {}
        if aws and region not in ("us-east-1", "aws-global"):
            placed = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        try:
            with border(f"s3://{bucket}"):
                client.create_bucket(Bucket=bucket, **placed)
        except StoreUnavailable as e:
            # Somebody else made it between the look and the making.
            if e.__cause__ is not None and code_of(e.__cause__)[0] == "BucketAlreadyOwnedByYou":
                return Step(name, "already", "it was made just now")
            if e.__cause__ is not None and code_of(e.__cause__)[0] == "BucketAlreadyExists":
                raise StoreDenied(
                    f"s3://{bucket}: the name belongs to somebody else", hint="name another: [store] url"
                ) from e
            raise
        return Step(name, "done", "made")
    return Step(name, "already", "there")


def _unblock(client: S3Client, public: Place) -> Step:
    name = "public access block"
    blocks = _present(lambda: client.get_public_access_block(Bucket=public.bucket), public)
    found = (blocks or {}).get("PublicAccessBlockConfiguration", {})
    if not found.get("BlockPublicPolicy") and not found.get("RestrictPublicBuckets"):
        return Step(name, "already", "lets a policy make the public root readable")
    try:
        with border(public.url):
            client.put_public_access_block(
                Bucket=public.bucket,
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": False,
                    "RestrictPublicBuckets": False,
                },
            )
    except StoreDenied as e:
        raise StoreDenied(
            f"{public.url}: the bucket blocks public policies, and the credentials may not lift that; "
            "an administrator of the AWS account can, or CloudFront can serve the bucket"
        ) from e
    return Step(name, "done", "public policies are allowed, public ACLs stay blocked")


def _policy(client: S3Client, public: Place, private: Place) -> Step:
    name = "public policy"
    answer = _present(lambda: client.get_bucket_policy(Bucket=public.bucket), public)
    present: dict[str, Any] | None = json.loads(answer["Policy"]) if answer else None
    wanted = policies.policy(public, present)
    if public.bucket == private.bucket:
        wide = [s for s in wanted["Statement"] if policies.opens(s, private)]
        if wide:
            raise StoreError(
                f"{private.url}: found the statement {wide[0].get('Sid', '(no Sid)')!r} that lets anybody read the private root, "
                f"expected only {public.url} to be readable"
            )
    ours = policies.readable(public)
    statements = (present or {}).get("Statement", [])
    if any(policies.same(s, ours) for s in (statements if isinstance(statements, list) else [statements])):
        return Step(name, "already", f"anybody may read {public.url}, and nothing else of ours")
    with border(public.url):
        client.put_bucket_policy(Bucket=public.bucket, Policy=json.dumps(wanted, sort_keys=True))
    return Step(name, "done", f"anybody may read {public.url}, and nothing else of ours")


def _cors(client: S3Client, public: Place) -> Step:
    name, text = "CORS", "pages anywhere may fetch feed, audio, transcripts and chapters"
    answer = _present(lambda: client.get_bucket_cors(Bucket=public.bucket), public)
    rules: list[Any] = list((answer or {}).get("CORSRules", []))
    if any("*" in r.get("AllowedOrigins", ()) and {"GET", "HEAD"} <= set(r.get("AllowedMethods", ())) for r in rules):
        return Step(name, "already", text)
    with border(public.url):
        client.put_bucket_cors(
            Bucket=public.bucket,
            CORSConfiguration={"CORSRules": [*rules, policies.cors_rule()]},  # type: ignore[list-item]
        )
    return Step(name, "done", text)


def _lifecycle(client: S3Client, public: Place) -> Step:
    name, text = "unfinished uploads", f"dropped after {policies.UNFINISHED_DAYS} days"
    wanted = policies.lifecycle_rule(public)
    answer = _present(lambda: client.get_bucket_lifecycle_configuration(Bucket=public.bucket), public)
    rules: list[Any] = list((answer or {}).get("Rules", []))
    if any(wanted.items() <= r.items() for r in rules):
        return Step(name, "already", text)
    others = [r for r in rules if r.get("ID") != wanted["ID"]]
    with border(public.url):
        client.put_bucket_lifecycle_configuration(
            Bucket=public.bucket,
            LifecycleConfiguration={"Rules": [*others, wanted]},  # type: ignore[list-item]
        )
    return Step(name, "done", text)


def _present(ask: Callable[[], Any], public: Place) -> dict[str, Any] | None:
    """Return the answer, None where the bucket has no such document yet (a 404 with a code of its own)."""
    with border(public.url):
        try:
            return dict(ask())
        except Exception as e:
            if is_foreign(e) and code_of(e)[1] == 404 and code_of(e)[0] != "NoSuchBucket":
                return None
            raise
