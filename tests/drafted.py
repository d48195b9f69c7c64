"""Drafts as plain data, to compare with what a sample's expected.json says."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sessioncast.ingest.draft import Draft


def as_json(draft: Draft) -> Any:
    """Return what a draft says, times in ISO form."""
    times = {name: value.isoformat() if (value := getattr(draft, name)) else None for name in ("starts", "ends")}
    return said(json.loads(json.dumps(asdict(draft) | times)))


def said(plain: Any) -> Any:
    """Leave out what is not said."""
    if isinstance(plain, dict):
        kept = {key: said(value) for key, value in plain.items() if (key, value) != ("role", "guest")}
        return {key: value for key, value in kept.items() if value not in (None, "", [], {}, False)}
    return [said(value) for value in plain] if isinstance(plain, list) else plain
