"""Where everything lies in the store: keys, addresses, media types and cache policy, for S3 and for preview alike.

Immutable objects carry the first eight hex digits of their SHA-256 in the key; everything else may change and is
cached for at most five minutes (DL-CACHE).
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit

FEED = "feed.xml"
FEEDS = "feeds.opml"
HOME = "index.html"
NOT_FOUND = "404.html"
SPEAKERS = "speakers/index.html"
TOPICS = "topics/index.html"
ARCHIVE = "archive/index.html"
UPCOMING = "upcoming/index.html"
ABOUT = "about/index.html"
SEARCH = "search/index.html"
CALENDAR = "calendar.ics"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
PAGE_FOLDERS = frozenset({"episodes", "speakers", "topics", "archive", "upcoming", "embed", "about", "search"})

CATALOG = "catalog.json"
SITE = "site.json"
PROBE = "probe.json"
QUEUE = "queue/"
CLAIMS = "claims/"
REPORTS = "reports/"
VERIFIED = "verified.json"
ANNOUNCED = "announced/"
PULSE = "pulse.json"
DOCTOR = "doctor.json"
KEPT_CATALOGS = 20

IMMUTABLE = "public, max-age=31536000, immutable"
MUTABLE = "public, max-age=300"
PRIVATE = "private, no-store"

_TYPES = {
    "html": "text/html; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "json": "application/json",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "ics": "text/calendar; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "m4a": "audio/x-m4a",
    "opus": "audio/ogg",
    "mp4": "video/mp4",
    "wasm": "application/wasm",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "epub": "application/epub+zip",
    "zip": "application/zip",
}
_URL_SAFE = "!#$%&'()*+,-./:;=?@[]_~"
_HASHED = re.compile(r"-[0-9a-f]{8}(?:\.[a-z0-9]+|/.+)$")


def sha256(body: bytes) -> str:
    """Return the SHA-256 of bytes in memory, as keys are made of it."""
    return hashlib.sha256(body).hexdigest()


def hash8(sha256: str) -> str:
    """Return the part of a SHA-256 that stands in a key."""
    return sha256[:8]


def media(slug: str, sha256: str, extension: str = "mp3") -> str:
    """``media/<slug>-<hash8>.mp3``."""
    return f"media/{slug}-{hash8(sha256)}.{extension}"


def name_of_media(key: str) -> str:
    """Return the name in a media key: the slug it was published under, and more for a talk that came back."""
    return key.rpartition("/")[2].rpartition("-")[0]


def artwork(name: str, sha256: str, extension: str = "jpg") -> str:
    """``artwork/<name>-<hash8>.jpg``."""
    return f"artwork/{name}-{hash8(sha256)}.{extension}"


def asset(name: str, sha256: str, extension: str) -> str:
    """``assets/<name>-<hash8>.<extension>``."""
    return f"assets/{name}-{hash8(sha256)}.{extension}"


def episode_file(slug: str, name: str, sha256: str, extension: str) -> str:
    """``episodes/<slug>/<name>-<hash8>.<extension>``: transcript, chapters, cover, waveform, slides."""
    return f"episodes/{slug}/{name}-{hash8(sha256)}.{extension}"


def episode_page(slug: str) -> str:
    """``episodes/<slug>/index.html``; links name index.html because plain S3 addresses have no index documents."""
    return f"episodes/{slug}/index.html"


def speaker_page(person: str) -> str:
    """``speakers/<person>/index.html``."""
    return f"speakers/{person}/index.html"


def topic_page(tag: str) -> str:
    """``topics/<tag>/index.html``."""
    return f"topics/{tag}/index.html"


def archive_page(season: str) -> str:
    """``archive/<season>/index.html``."""
    return f"archive/{season}/index.html"


def embed_page(slug: str) -> str:
    """``embed/<slug>/index.html``: the player alone, for other people's pages."""
    return f"embed/{slug}/index.html"


def oembed(slug: str) -> str:
    """``embed/<slug>/oembed.json``: what tells other sites how to embed the episode."""
    return f"embed/{slug}/oembed.json"


def invitation(slug: str) -> str:
    """``upcoming/<slug>.ics``: one announced session for a calendar."""
    return f"upcoming/{slug}.ics"


def search_bundle(season: str, sha256: str) -> str:
    """``search/<season>-<hash8>/``: what the browser searches one season with; the hash is of what went in."""
    return f"search/{season}-{hash8(sha256)}/"


def search_entry(bundle: str) -> str:
    """Return the object that is put last: where it is, the bundle is whole."""
    return f"{bundle}pagefind-entry.json"


def side_feed(name: str) -> str:
    """``feeds/<name>.xml``."""
    return f"feeds/{name}.xml"


def archive_feed(number: int) -> str:
    """``feeds/archive-<number>.xml``: episodes that left the main feed, the oldest in number 1 (RFC 5005)."""
    return side_feed(f"archive-{number}")


def is_side_feed(key: str) -> bool:
    """Tell whether this is one of the feeds beside the main one, or their list."""
    return key == FEEDS or (key.startswith("feeds/") and key.endswith(".xml"))


def person_picture(name: str) -> str:
    """Return where a person's picture file lies in the show folder: ``feed/people/<name>``."""
    return f"feed/people/{name}"


def episode_picture(slug: str, name: str) -> str:
    """Return where an episode's own picture file lies in the show folder: ``episodes/<slug>/<name>``."""
    return f"episodes/{slug}/{name}"


def kept_catalog(revision: int) -> str:
    """``catalog/<revision>.json`` in the private root."""
    return f"catalog/{revision:08d}.json"


def queued(id: str) -> str:  # noqa: A002 - the value's own name
    """``queue/<id>.json`` in the private root: work that waits to be done."""
    return f"{QUEUE}{id}.json"


def claim(what: str) -> str:
    """``claims/<what>.json`` in the private root: who is at work on it."""
    return f"{CLAIMS}{what}.json"


def report(run: str) -> str:
    """``reports/<run>.json`` in the private root: what an unattended pass did."""
    return f"{REPORTS}{run}.json"


def announced(guid: str, channel: str) -> str:
    """``announced/<hash of the guid>/<channel>.json`` in the private root: that people were told, or may have been."""
    return f"{ANNOUNCED}{sha256(guid.encode())[:16]}/{channel}.json"


def is_immutable(key: str) -> bool:
    """Whether bytes under this key never change."""
    return bool(_HASHED.search(key))


def hash_of(key: str) -> str:
    """Return the eight hex digits of the content's hash in an immutable key; empty where there are none."""
    found = re.search(r"-([0-9a-f]{8})\.[a-z0-9]+$", key)
    return found[1] if found else ""


def media_type(key: str) -> str:
    """Return the Content-Type served for this key (DL-MEDIA-TYPE, DL-FEED-TYPE, TR-TYPES, CP-MIME)."""
    name = key.rsplit("/", 1)[-1]
    extension = name.rsplit(".", 1)[-1].lower()
    if extension == "xml" and (key == FEED or key.startswith("feeds/")):
        return "application/rss+xml; charset=utf-8"
    if extension == "json" and name.startswith("chapters-"):
        return "application/json+chapters; charset=utf-8"
    return _TYPES.get(extension, "application/octet-stream")


def cache_control(key: str) -> str:
    """Return the Cache-Control served for this key of the public root."""
    return IMMUTABLE if is_immutable(key) else MUTABLE


def is_elsewhere(key: str) -> bool:
    """Tell whether what stands in a key's place is the address of a file on somebody else's server."""
    return key.startswith(("https://", "http://"))


def address(public_url: str, key: str) -> str:
    """Return the absolute address of a public key, or of what lies elsewhere, percent-encoded to ASCII (URL-ASCII)."""
    if is_elsewhere(key):
        return ascii_address(key)
    return f"{public_url.rstrip('/')}/{quote(key, safe='/-._~')}"


def ascii_address(url: str) -> str:
    """Return a web address somebody wrote in ASCII: host in punycode, the rest percent-encoded (URL-ASCII)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        plain = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        plain = quote(host)
    # The host as it was written, not as urlsplit lowers it, where nothing has to change.
    netloc = parts.netloc if host.isascii() else parts.netloc.lower().replace(host, plain)
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme}://{netloc}{quote(rest, safe=_URL_SAFE)}"


def is_valid(key: str) -> bool:
    """Whether a key can be kept the same by a folder and by every object store: no empty, dot or hidden segments, no control characters, ≤ 900 bytes."""
    segments = key.split("/")
    return (
        0 < len(key.encode("utf-8", "surrogatepass")) <= 900
        and all(s and not s.startswith(".") and not s.endswith((" ", ".")) for s in segments)
        and not any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) < 0xE000 or c in '\\:*?"<>|' for c in key)
    )
