"""What is public, fetched as an app and a crawler fetch it: objects before anything names them, the whole show afterwards."""

from __future__ import annotations

from sessioncast.verify.listening import FolderListener, Listener, WebListener

__all__ = ["FolderListener", "Listener", "WebListener"]
