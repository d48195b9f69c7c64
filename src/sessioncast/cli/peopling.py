"""``sessioncast people``."""

from __future__ import annotations

import click

from sessioncast.cli.drawing import record, say, table
from sessioncast.cli.opening import read_show
from sessioncast.cli.options import Options, shared_options


@click.command("people")
@click.option(
    "--same",
    type=(str, str),
    metavar="KEY OTHER",
    help="Say that OTHER is KEY: one entry, with the other name under also.",
)
@shared_options
@click.pass_obj
def people_command(options: Options, same: tuple[str, str] | None) -> int:
    """List everybody of feed/people.toml, where each appears, and who may be one person written in two ways.

    Nobody is made one unseen: --same does it when you say so, in people.toml and in every session that credits the other.

    \b
    Example:
      sessioncast people --same florence-nightingale f-nightingale
    """
    from sessioncast.bring_in import appearances, make_one, same_people

    project, _ = read_show(options)
    if same is not None:
        for path in make_one(project.folder, *same):
            if options.json:
                record({"wrote": str(path)})
            say(f"wrote {path}", options)
        return 0
    where = appearances(project)
    pairs = same_people(project)
    if options.json:
        for key, person in project.people.items():
            record({"person": key, "name": person.name, "also": list(person.also), "sessions": list(where[key])})
        for pair in pairs:
            record({"proposal": [pair.key, pair.other], "why": pair.why, "next": pair.hint})
        return 0
    rows = [
        (key, ", ".join((p.name, *p.also)), p.affiliation, ", ".join(where[key])) for key, p in project.people.items()
    ]
    if rows and not options.quiet:
        table(("key", "name", "affiliation", "appears in"), rows)
    else:
        say("nobody yet: an import or sessioncast new adds who speaks", options)
    for pair in pairs:
        say(f"\n{project.people[pair.other].name} may be {project.people[pair.key].name} ({pair.why})", options)
        say(f"  if so: {pair.hint}", options)
    return 0
