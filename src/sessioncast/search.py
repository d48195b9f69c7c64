"""Search bundles: Pagefind over one season's records, put before any page names them. Pagefind's only home.

A bundle is keyed by what went in (``bundles``), and its entry is put last: where the entry is, the bundle is whole. What
can't be indexed here is left out of search and said once; a publish or a take-down never waits for it.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout, site
from sessioncast.bundles import seasons
from sessioncast.errors import ObjectMissing, SessioncastError
from sessioncast.events import Finished, Noted, Report, Started, silent
from sessioncast.site import EMPTY, Shelf
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessioncast.catalog import Catalog
    from sessioncast.store.port import Store

_SECONDS = 600
_THREADS = 8
_ENTRY = "pagefind-entry.json"
_RUNTIME = ("pagefind.js", "pagefind-worker.js")
"""Of what Pagefind writes beside its index, all that our own page uses; the rest are other people's user interfaces."""


def bundle(records: Mapping[str, bytes], language: str) -> dict[str, bytes]:
    """Return Pagefind's bundle of these records, by name within it.

    The same records give the same bytes with the same Pagefind. Raises SessioncastError where there is none for this
    machine, or where it fails.
    """
    with tempfile.TemporaryDirectory(prefix="sessioncast-search-") as name:
        site_, out = Path(name, "site"), Path(name, "out")
        for key, body in records.items():
            path = site_ / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        command = [str(_executable()), "--site", str(site_), "--output-path", str(out)]
        command += ["--force-language", language, "--keep-index-url", "--silent"]
        try:
            done = subprocess.run(command, cwd=name, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as e:
            raise SessioncastError(f"pagefind could not be run: {e}") from e
        if done.returncode or not (out / _ENTRY).is_file():
            said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            raise SessioncastError(f"pagefind failed: {said[-300:] or done.returncode}")
        languages = json.loads((out / _ENTRY).read_bytes())["languages"].values()
        used = {*_RUNTIME, _ENTRY, *(f"wasm.{found['wasm'] or 'unknown'}.pagefind" for found in languages)}
        files = (p for p in sorted(out.rglob("*")) if p.is_file())
        named = {p.relative_to(out).as_posix(): p for p in files}
        return {key: p.read_bytes() for key, p in named.items() if "/" in key or p.suffix == ".pf_meta" or key in used}


def _executable() -> Path:
    try:
        from pagefind_bin import get_executable

        return Path(get_executable())
    except (ImportError, FileNotFoundError):
        raise SessioncastError("there is no pagefind for this kind of machine") from None


def delete_below(public: Store, prefix: str) -> None:
    """Delete every object below a prefix that ends in a slash; its entry first, since without it nothing is whole."""
    public.delete(layout.search_entry(prefix))
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(public.delete, [found.key for found in public.scan(prefix)]))


def standing(public: Store, catalog: Catalog) -> tuple[str, ...]:
    """Return the bundles the catalog names that are in the store."""
    return tuple(b for b in catalog.search.values() if _stands(public, b))


def _stands(public: Store, bundle_: str) -> bool:
    try:
        public.head(layout.search_entry(bundle_))
    except ObjectMissing:
        return False
    return True


@dataclass(slots=True)
class Indexer:
    """What one renewal makes for search; a race that is lost and run again does not index again."""

    public: Store
    shelf: Shelf = EMPTY
    report: Report = silent
    _made: dict[str, dict[str, bytes]] = field(default_factory=dict)
    _put: set[str] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)

    def ready(self, catalog: Catalog, known: Iterable[str]) -> tuple[str, ...]:
        """Return the bundles pages may name: those ``known`` to stand, those that do, and those made now, still to be put."""
        there = set(known)
        return tuple(b for season, b in catalog.search.items() if b in there or self._has(catalog, season, b))

    def put(self, bundles: Iterable[str]) -> None:
        """Put those that were made, each with its entry last."""
        for name in bundles:
            if name in self._made and name not in self._put:
                self._put.add(name)
                self._put_one(name, self._made[name])

    def sweep(self, now: Catalog | None) -> None:
        """Delete what this renewal put and a take-down has meanwhile made away with: its debt may be paid already.

        A key that is neither named nor the one before is never named again (``bundles``).
        """
        alive = {*now.search.values(), *now.searched.values()} if now else set[str]()
        for name in sorted(self._put - alive):
            delete_below(self.public, name)
            self._put.discard(name)

    @property
    def has_put(self) -> bool:
        """Whether anything was put, so that somebody may have to be looked for."""
        return bool(self._put)

    def _has(self, catalog: Catalog, season: str, name: str) -> bool:
        if name in self._made or _stands(self.public, name):
            return True
        work = ("search", season)
        self.report(Started(*work, len(seasons(catalog)[season])))
        try:
            self._made[name] = bundle(site.records(catalog, season, self.shelf), catalog.show.language)
        except SessioncastError as e:
            self._tell(e)
            return False
        self.report(Finished(*work))
        return True

    def _tell(self, e: SessioncastError) -> None:
        if str(e) not in self._told:
            self._told.add(str(e))
            hint = "it can be searched once the next talk is published from Linux, macOS or Windows (x86-64 or arm64)"
            self.report(Noted("warning", f"{e}: the site goes on without search in what is new", hint))

    def _put_one(self, name: str, files: Mapping[str, bytes]) -> None:
        entry = layout.search_entry(name)
        artifacts = [Artifact(f"{name}{path}", body) for path, body in files.items()]
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(self.public.put, [a for a in artifacts if a.key != entry]))
        for last in (a for a in artifacts if a.key == entry):
            self.public.put(last)
