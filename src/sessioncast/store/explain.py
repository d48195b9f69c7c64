"""How to make a store ready by hand, as Markdown: the same documents ``setup`` sends, and where each service wants them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sessioncast.model import StoreSettings
from sessioncast.store import policies
from sessioncast.store.opening import Place, folders, places, public_address

_SERVICES = """\
## Amazon S3
1. Make the bucket in your region; leave "ACLs disabled" as it is.
2. Permissions → Block public access: clear the two boxes about *bucket policies*, keep the two about ACLs.
3. Permissions → Bucket policy: the public policy below. Permissions → CORS: the rules below.
4. Management → Lifecycle: the rules below.
5. IAM: a user or role with the publisher's policy below; its key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
With a name and certificate of your own, put CloudFront in front and write its address as `public_url`.

## Cloudflare R2
R2 has no bucket policies, and a public R2 bucket is public as a whole. So use two buckets:
1. One for listeners with a custom domain (Settings → Public access), its address as `public_url`.
2. One private bucket, `state = "s3://…"`, without public access.
3. `endpoint_url = "https://ACCOUNT.r2.cloudflarestorage.com"`, `region = "auto"`; CORS and lifecycle in the settings.
4. An API token with "Object Read & Write" on both buckets.

## MinIO
    mc mb HERE/BUCKET
    mc anonymous set-json policy.json HERE/BUCKET     # the public policy below
    mc ilm import HERE/BUCKET < lifecycle.json        # the lifecycle rules below
MinIO answers every origin (CORS) by itself. `endpoint_url` is the server's address.

## SeaweedFS
1. Start it with an admin identity (`weed server -s3 -s3.config=FILE`); it takes policy, CORS and lifecycle over S3:
       aws --endpoint-url URL s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
       aws --endpoint-url URL s3api put-bucket-cors --bucket BUCKET --cors-configuration file://cors.json
2. Versions before 4.0 don't keep bucket policies: there, put a web server in front that serves the public root only.

## Backblaze B2
A B2 bucket is public or private as a whole. So use two buckets: a public one (`url`) and a private one (`state`).
1. `endpoint_url = "https://s3.REGION.backblazeb2.com"`; set `checksums = "when_required"` if uploads are refused.
2. CORS and lifecycle: in the web console, or with the `b2` tool.
3. If `sessioncast publish` says that conditions are refused or ignored: publish from one machine only and set
   `single_writer = true`.

## A folder on a web server
1. Let the server publish the public folder and nothing else, over https; write its address as `public_url`.
2. Never serve names that start with a dot: files on their way in live there.
3. Byte ranges, HEAD, ETag and 304 must work; add `Access-Control-Allow-Origin: *`.
4. Media types: `.xml` of feeds `application/rss+xml`, `.mp3` `audio/mpeg`, `.vtt` `text/vtt`, `.json` `application/json`.
5. Cache: names with a hash (`-1a2b3c4d.mp3`) a year and `immutable`, everything else at most 300 seconds.
"""


def explain(settings: StoreSettings, project: Path) -> str:
    """Return the steps for every known kind of store, with this show's own documents. Asks nothing, changes nothing.

    Raises ContentError for an address that can't be.
    """
    address = public_address(settings)
    if settings.is_s3:
        public, private = places(settings)
        head = _head(public.url, private.url, address)
        return "\n".join([head, _SERVICES, *_documents(public, private)])
    shown, hidden = folders(settings, project)
    head = _head(str(shown), str(hidden), address)
    example = (Place("BUCKET", "podcast"), Place("BUCKET", "podcast-state"))
    return "\n".join(
        [head, _SERVICES, 'The documents below are for `url = "s3://BUCKET/podcast"`.\n', *_documents(*example)]
    )


def _head(public: str, private: str, address: str) -> str:
    return (
        "# Making the store ready\n\n"
        f"- public root: `{public}`, which listeners reach at {address}\n"
        f"- private root: `{private}`, which nobody but the publishers may read\n\n"
        "`sessioncast store setup` does what the store lets it; this is how to do it by hand.\n"
    )


def _documents(public: Place, private: Place) -> list[str]:
    return [
        _document("Public policy (policy.json)", policies.policy(public)),
        _document("CORS (cors.json)", {"CORSRules": [policies.cors_rule()]}),
        _document("Lifecycle (lifecycle.json)", {"Rules": [policies.lifecycle_rule(public)]}),
        _document("Publisher's policy (IAM)", policies.publisher(public, private)),
    ]


def _document(title: str, value: dict[str, Any]) -> str:
    return f"## {title}\n```json\n{json.dumps(value, indent=2)}\n```\n"
