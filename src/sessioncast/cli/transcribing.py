"""``sessioncast transcribe``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import read_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.recogniser import Recogniser


@click.command("transcribe")
@click.argument("slug")
@click.option("--model", default="small", show_default=True, help="A model of faster-whisper by name, or its folder.")
@click.option("--language", default="", help="What is spoken, such as en; left out, the session's language.")
@click.option("--download", is_flag=True, help="Get the model from the Hugging Face hub where it is not here.")
@click.option("--overwrite", is_flag=True, help="Write over a transcript that is there.")
@shared_options
@click.pass_obj
def transcribe_command(
    options: Options, slug: str, *, model: str, language: str, download: bool, overwrite: bool
) -> None:
    """Write a transcript of the recording of SLUG on this machine; nothing is sent anywhere.

    \b
    Examples:
      sessioncast transcribe 2024-02-20-paul-batalden --download
      sessioncast transcribe 2024-02-20-paul-batalden --model ~/models/whisper-small

    Read it over before you publish: sessioncast transcript SLUG. Killed half-way, the same command goes on.
    """
    from sessioncast.recogniser import recogniser
    from sessioncast.transcribing import transcribe

    project, _ = read_show(options)
    session = project.session(slug)
    if session is None:
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")

    def load(spoken: str, hints: str) -> Recogniser:
        return recogniser(model, language=spoken or None, hints=hints, download=download)

    with drawn(options) as report:
        written = transcribe(project, session, model, load, language=language, overwrite=overwrite, report=report)
    if options.json:
        record({"session": slug, "wrote": str(written)})
    say(f"wrote {written}: a machine heard it, so read it over\nnext: sessioncast transcript {slug} --review", options)
