"""For each session of the folder: what this run may do with it, judged against the catalog (ARCHITECTURE.md, "Whose copy wins")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sessioncast.errors import ConflictError
from sessioncast.plan.wanted import held_back, waits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime
    from uuid import UUID

    from sessioncast.catalog import Catalog
    from sessioncast.plan.wanted import WantedEpisode, WantedShow


class Fate(Enum):
    """What happens to one session in this run."""

    ADD = "new"
    EDIT = "changed"
    DIFFERS = "differs"
    UNCHANGED = "public"
    WAITS = "waits"
    WITHDRAWN = "withdrawn"
    CONFLICT = "conflict"


class Remake(Enum):
    """What a person asked to be done to the audio of a public episode, which nothing else ever changes."""

    REPLACE = "replace-audio"
    RETAG = "retag"


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate of one session, why in words, and the error where it can't go on."""

    wanted: WantedEpisode
    fate: Fate
    why: str = ""
    error: ConflictError | None = None
    remake: Remake | None = None

    @property
    def slug(self) -> str:
        """The session's folder name."""
        return self.wanted.session.slug


_REMADE = {Remake.REPLACE: "audio", Remake.RETAG: "tags"}
_CUTS = "trim or redact changed since it went out; sessioncast publish {} --replace-audio makes that public"


def same_show(catalog: Catalog | None, show_id: UUID, where: str) -> None:
    """Raise ConflictError when the store holds another show, or one that moved away."""
    if catalog is not None and catalog.show_id != show_id:
        raise ConflictError(
            f"{where} holds another show ({catalog.show.title}): its id is not the id in feed/show.toml",
            hint="give this show a store of its own: [store] url in feed/show.toml",
        )
    if catalog is not None and catalog.moved_to is not None:
        raise ConflictError(
            f"{where}: the show moved to {catalog.moved_to}, and feed/show.toml here still names its old place",
            hint="git pull; or, where the move was interrupted, the same sessioncast move again",
        )


def at_home(catalog: Catalog | None, home: str | None, url: str) -> None:
    """Raise ConflictError for an empty store where show.toml remembers another: a second beginning loses every guid."""
    if catalog is None and home is not None and home != url:
        raise ConflictError(
            f"{url} is empty, and feed/show.toml remembers that the show is public in {home}",
            hint=f'write url = "{home}" in feed/show.toml again, then: sessioncast move {url}',
        )


def decide(
    wanted: WantedEpisode,
    catalog: Catalog | None,
    *,
    now: datetime,
    named: AbstractSet[str] = frozenset(),
    even_if_older: bool = False,
    remake: Remake | None = None,
) -> Decision:
    """Return what may happen to this session.

    A public episode changes only when ``named``, its audio only where ``remake`` says how. Its text equal to the newest published: nothing to do; equal to an
    older one: the copy is old, a conflict (unless ``even_if_older``); otherwise an edit.
    """
    session = wanted.session
    is_named = session.slug in named

    def conflict(message: str, hint: str) -> Decision:
        error = ConflictError(f"episodes/{session.slug}: {message}", hint=hint)
        return Decision(wanted, Fate.CONFLICT, message, error)

    if catalog is not None:
        public = catalog.by_guid(session.guid)
        tombstone = catalog.tombstone(session.guid)
        if public is None and tombstone is not None and not tombstone.lifted:
            if is_named:
                return conflict("was withdrawn", f"sessioncast restore {tombstone.slug}")
            return Decision(wanted, Fate.WITHDRAWN, f"taken down; sessioncast restore {tombstone.slug} lifts it")
        if public is None:
            return _new(wanted, catalog, now, conflict)
        if public.slug != session.slug:
            return conflict(
                f"this guid is public as {public.slug}: a renamed or copied folder",
                f"git pull; if you renamed it: sessioncast rename {public.slug} {session.slug}; if you copied it: give the copy a guid of its own with sessioncast new",
            )
        barred = "; ".join(held_back(session))
        if session.consent == "refused":
            return Decision(
                wanted, Fate.DIFFERS, f"consent refused; sessioncast unpublish {session.slug} takes it down"
            )
        remake = remake if is_named else None
        same = public.fingerprints[-1] == wanted.fingerprint
        if same and not remake:
            if public.cuts not in (None, wanted.cuts):
                return Decision(wanted, Fate.DIFFERS, _CUTS.format(session.slug))
            return Decision(wanted, Fate.UNCHANGED)
        if barred:
            return Decision(wanted, Fate.WAITS, f"{barred}; what is public stays as it is")
        if wanted.fingerprint in public.fingerprints and not same and not even_if_older:
            return conflict(
                "your copy is old: a newer text is public",
                f"git pull; or, to go back to the older text: sessioncast publish {session.slug} --even-if-older",
            )
        if is_named:
            what = [] if same else [*changed_fields(wanted, catalog)]
            why = ", ".join([*what, *([_REMADE[remake]] if remake else [])])
            return Decision(wanted, Fate.EDIT, why, remake=remake)
        fields = ", ".join(changed_fields(wanted, catalog))
        return Decision(
            wanted,
            Fate.DIFFERS,
            f"{fields} changed since it went out; sessioncast publish {session.slug} makes that public",
        )
    return _new(wanted, None, now, conflict)


def _new(
    wanted: WantedEpisode, catalog: Catalog | None, now: datetime, conflict: Callable[[str, str], Decision]
) -> Decision:
    session = wanted.session
    if catalog is not None:
        taken = catalog.by_slug(session.slug)
        if taken is not None:
            return conflict(
                "another talk is public under this name, with another guid",
                f'rename the folder, or put the guid back: guid = "{taken.guid}"',
            )
        buried = next((t for t in catalog.tombstones if t.slug == session.slug and t.guid != session.guid), None)
        if buried is not None or session.slug in catalog.renamed:
            return conflict("this name belonged to another talk, whose address must stay its own", "rename the folder")
    reasons = waits(session, now)
    if reasons:
        return Decision(wanted, Fate.WAITS, "; ".join(reasons))
    return Decision(wanted, Fate.ADD)


def changed_fields(wanted: WantedEpisode, catalog: Catalog) -> tuple[str, ...]:
    """Return the names of the fields in which the folder differs from what is public."""
    public = catalog.by_guid(wanted.session.guid)
    if public is None:
        return ()
    return tuple(name for name, value in wanted.public_part().items() if getattr(public, name) != value) or (
        "transcript, chapters or pictures",
    )


def show_fate(wanted: WantedShow, catalog: Catalog | None, *, named: bool, even_if_older: bool = False) -> Fate:
    """Return what may happen to the channel: ADD at the first publish, EDIT when ``named``, else DIFFERS or UNCHANGED.

    Raises ConflictError when named with settings older than the public ones.
    """
    if catalog is None:
        return Fate.ADD
    known = catalog.show.fingerprints
    if known[-1] == wanted.fingerprint:
        # Published before pages had colours and sizes of the cover: --settings makes them.
        return Fate.EDIT if named and catalog.show.colour is None else Fate.UNCHANGED
    if not named:
        return Fate.DIFFERS
    if wanted.fingerprint in known and not even_if_older:
        raise ConflictError(
            "feed/show.toml: your copy is old: newer settings are public",
            hint="git pull; or, to go back to the older ones: sessioncast publish --settings --even-if-older",
        )
    return Fate.EDIT


def number_clashes(decisions: Sequence[Decision], catalog: Catalog | None) -> tuple[Decision, ...]:
    """Return the decisions with every addition or edit whose season and number are taken turned into a conflict (IT-EPISODE).

    A refused edit keeps its public number, which may refuse another: judged until nothing changes.
    """
    judged = tuple(decisions)
    while True:
        again = _judge_numbers(judged, catalog)
        if again == judged:
            return judged
        judged = again


def _judge_numbers(decisions: Sequence[Decision], catalog: Catalog | None) -> tuple[Decision, ...]:
    moving = {d.wanted.session.guid for d in decisions if d.fate is Fate.EDIT}
    taken = {
        (e.season, e.number): e.slug
        for e in (catalog.episodes if catalog else ())
        if e.number is not None and e.kind == "full" and e.guid not in moving
    }
    judged = []
    for decision in decisions:
        session = decision.wanted.session
        if decision.fate in (Fate.ADD, Fate.EDIT) and session.number is not None and session.kind == "full":
            holder = taken.setdefault((session.season, session.number), session.slug)
            if holder != session.slug:
                judged.append(_clash(decision, session.number, holder))
                continue
        judged.append(decision)
    return tuple(judged)


def _clash(decision: Decision, number: int, holder: str) -> Decision:
    file = f"episodes/{decision.slug}/session.toml"
    error = ConflictError(
        f"{file}: number: found {number}, which is {holder}'s; expected one of its own", hint=f"change number in {file}"
    )
    return Decision(decision.wanted, Fate.CONFLICT, f"number {number} is taken by {holder}", error)
