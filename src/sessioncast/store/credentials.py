"""What boto3's own chain of credentials says of itself, as far as it says anything; no request is sent."""

from __future__ import annotations

from datetime import UTC, datetime

from sessioncast.errors import StoreDenied
from sessioncast.model import StoreSettings
from sessioncast.store.foreign import border


def ends(settings: StoreSettings) -> datetime | None:
    """Return when the credentials end that nobody renews; None where they don't say, or renew themselves.

    Raises StoreDenied where there are none at all.
    """
    if not settings.is_s3:
        return None
    with border(settings.url):
        import boto3

        found = boto3.session.Session().get_credentials()
        if found is None:
            raise StoreDenied(
                f"{settings.url}: found no credentials, expected them in the environment, a profile or a role",
                hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            )
        # Roles, single sign-on and processes are asked anew by botocore; what the environment holds ends there.
        if found.method != "env":
            return None
        until = getattr(found, "_expiry_time", None)
    return until.astimezone(UTC) if isinstance(until, datetime) else None
