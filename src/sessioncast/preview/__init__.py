"""A local web server of the public root, for a podcast app on this machine or a phone on this network.

Feed and pages are rendered from the catalog with the preview's own address, so an app can subscribe whatever
``public_url`` is; everything else comes from the store as it is.
"""

from __future__ import annotations

from sessioncast.preview.app import make_app
from sessioncast.preview.server import serve

__all__ = ["make_app", "serve"]
