"""What an episode is made of: recordings in order, what is cut from them, and what is played before and after.

``hear`` turns it into one stretch of plain sound with everything known that the gain has to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sessioncast.audio.decode import BOUNDS, Bounds, Decoded, Follow, decode
from sessioncast.audio.grid import SAMPLE_RATE
from sessioncast.audio.listen import Heard, Listener
from sessioncast.audio.mixing import Laid, Tape, write_around, write_talk
from sessioncast.audio.noise import noise_floor
from sessioncast.errors import ContentError, MediaError
from sessioncast.events import Report
from sessioncast.model import Redaction, Trim

SILENCE = -60.0
"""A recording whose highest sample stays below this many dBFS holds nothing to listen to."""


@dataclass(frozen=True, slots=True)
class Programme:
    """The ``recordings`` of one talk in order, and what is done to them before the sound is made right.

    ``trim`` and ``redact`` count on the recordings laid end to end. ``highpass`` in Hz and ``denoise`` in dB are 0 where not asked for;
    ``crossfade`` in seconds, between ``intro``, talk and ``outro``.
    """

    recordings: tuple[Path, ...]
    trim: Trim | None = None
    intro: Path | None = None
    outro: Path | None = None
    crossfade: float = 0.0
    highpass: int = 0
    denoise: int = 0
    redact: tuple[Redaction, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is one recording as it is, so that its packets may be taken over."""
        return len(self.recordings) == 1 and self == Programme(self.recordings, crossfade=self.crossfade)

    def __str__(self) -> str:
        """Return what messages call it: the first recording."""
        return str(self.recordings[0])


@dataclass(frozen=True, slots=True)
class Listened:
    """What was heard, and how the recordings' time maps to its: start, end and place in milliseconds (``timeline.py``).

    ``markers`` are chapter marks that the recordings hold: milliseconds of the recordings laid end to end, and a title.
    """

    heard: Heard
    pieces: tuple[tuple[int, int, int], ...]
    markers: tuple[tuple[int, str], ...] = ()


def hear(programme: Programme, room: Path, *, report: Report, name: str, bounds: Bounds = BOUNDS) -> Listened:
    """Decode a programme into scratch files in ``room`` and listen to it; events speak of ``name``, in seconds.

    Raises MediaError naming the recording; ContentError for a redaction where nothing is.
    """
    decoder = _Decoder(programme, report, bounds)
    simple = len(programme.recordings) == 1 and not (programme.intro or programme.outro or programme.redact)
    listened = _as_it_comes(programme, room, decoder, name) if simple else _put_together(programme, room, decoder, name)
    if listened.heard.peak < SILENCE:
        peak = listened.heard.peak
        found = f"a highest peak of {peak:.1f} dBFS" if peak > -200 else "digital silence"
        raise MediaError(
            f"{programme}: found a silent recording ({found}), expected sound above {SILENCE:.0f} dBFS",
            hint="use the recorder's other sound track, or check which microphone was recorded",
        )
    return listened


@dataclass(frozen=True, slots=True)
class _Decoder:
    programme: Programme
    report: Report
    bounds: Bounds

    def decode(
        self, source: Path, pcm: Path, name: str, *, follow: Follow | None = None, trim: Trim | None = None
    ) -> Decoded:
        own = source in self.programme.recordings
        highpass, denoise = (self.programme.highpass, self.programme.denoise) if own else (0, 0)
        noise = 0.0
        if denoise:
            whole = decode(source, pcm, report=self.report, name=f"{name} noise", bounds=self.bounds, highpass=highpass)
            noise = noise_floor(whole.pcm, whole.channels)
        return decode(
            source,
            pcm,
            report=self.report,
            name=name,
            bounds=self.bounds,
            follow=follow,
            trim=trim,
            highpass=highpass,
            denoise=denoise,
            noise=noise,
        )


def _as_it_comes(programme: Programme, room: Path, decoder: _Decoder, name: str) -> Listened:
    """Listen to a single recording while it is being decoded."""
    pcm = room / "pcm"
    with Listener(pcm, room / "hops") as listener:
        decoded = decoder.decode(programme.recordings[0], pcm, name, follow=listener.upto, trim=programme.trim)
        heard = listener.finish(decoded.samples, decoded.channels)
    start = round(programme.trim.start * 1000) if programme.trim else 0
    return Listened(heard, ((start, start + _ms(decoded.samples), 0),), decoded.markers)


def _put_together(programme: Programme, room: Path, decoder: _Decoder, name: str) -> Listened:
    tapes: list[Tape] = []
    markers: list[tuple[int, str]] = []
    for number, recording in enumerate(programme.recordings, 1):
        of = f"{name} {number}/{len(programme.recordings)}" if len(programme.recordings) > 1 else name
        decoded = decoder.decode(recording, room / f"tape-{number}", of)
        begins = _ms(sum(tape.samples for tape in tapes))
        markers += [(begins + at, title) for at, title in decoded.markers]
        tapes.append(Tape(decoded.pcm, decoded.samples, decoded.channels))
    laid = Laid(tuple(tapes), max(tape.channels for tape in tapes), _silences(programme))
    kept = kept_stretches(programme, laid.samples)
    with (room / "talk").open("wb") as out:
        talk = Tape(room / "talk", write_talk(laid, kept, out), laid.channels)
    for tape in tapes:
        tape.pcm.unlink()
    pcm, lead = _framed(programme, talk, room, decoder, name)
    heard = _listen(pcm, room / "hops")
    pieces, at = [], lead
    for start, end in kept:
        pieces.append((_ms(start), _ms(end), _ms(at)))
        at += end - start
    return Listened(heard, tuple(pieces), tuple(markers))


def _framed(programme: Programme, talk: Tape, room: Path, decoder: _Decoder, name: str) -> tuple[Tape, int]:
    """Return the talk with intro and outro around it, and how many samples pass before it sets in."""
    if programme.intro is None and programme.outro is None:
        return talk, 0
    loudness = _listen(talk, room / "talk-hops")
    around: list[tuple[Tape, float] | None] = []
    for source, called in ((programme.intro, "intro"), (programme.outro, "outro")):
        if source is None:
            around.append(None)
            continue
        decoded = decoder.decode(source, room / called, f"{name} {called}")
        tape = Tape(decoded.pcm, decoded.samples, decoded.channels)
        around.append((tape, _gain(_listen(tape, room / f"{called}-hops"), loudness)))
    channels = max(talk.channels, *(pair[0].channels for pair in around if pair))
    talk_in = talk if channels == talk.channels else _widened(talk, room)
    with (room / "pcm").open("wb") as out:
        lead, _ = write_around(talk_in, around[0], around[1], programme.crossfade, out)
        samples = out.tell() // (4 * channels)
    return Tape(room / "pcm", samples, channels), lead


def _widened(talk: Tape, room: Path) -> Tape:
    with (room / "talk-both").open("wb") as out:
        write_talk(Laid((talk,), 2), [(0, talk.samples)], out)
    talk.pcm.unlink()
    return Tape(room / "talk-both", talk.samples, 2)


def _gain(heard: Heard, talk: Heard) -> float:
    """Return the dB that make this as loud as the talk; by peak where it is too short to measure."""
    if heard.loudness is not None and talk.loudness is not None:
        return talk.loudness - heard.loudness
    return talk.peak - heard.peak if heard.peak > SILENCE else 0.0


def _listen(tape: Tape, hops: Path) -> Heard:
    with Listener(tape.pcm, hops) as listener:
        return listener.finish(tape.samples, tape.channels)


def _silences(programme: Programme) -> tuple[tuple[int, int], ...]:
    return tuple(_span(r) for r in programme.redact if not r.cut)


def kept_stretches(programme: Programme, samples: int) -> list[tuple[int, int]]:
    """Return what is kept of ``samples``: inside the trim, around what is cut out; in samples.

    Raises ContentError for a trim that leaves nothing, and for a redaction that lies behind the recording's end.
    """
    trim = programme.trim or Trim()
    end = samples if trim.end is None else min(samples, round(trim.end * SAMPLE_RATE))
    kept, at = [], round(trim.start * SAMPLE_RATE)
    for redaction in programme.redact:
        if redaction.start * SAMPLE_RATE >= samples:
            raise ContentError(
                f"{programme}: redact: found a start at {redaction.start:g} s, expected one before the recording's end at {samples / SAMPLE_RATE:.1f} s",
                hint="mend redact in session.toml: its times count in the recording",
            )
    for first, last in sorted(_span(r) for r in programme.redact if r.cut):
        if first > at:
            kept.append((at, min(first, end)))
        at = max(at, last)
    kept.append((at, end))
    kept = [(first, last) for first, last in kept if first < last]
    if not kept:
        raise ContentError(
            f"{programme}: trim and redact leave nothing of {samples / SAMPLE_RATE:.1f} s",
            hint="mend trim or redact in session.toml",
        )
    return kept


def _span(redaction: Redaction) -> tuple[int, int]:
    return round(redaction.start * SAMPLE_RATE), round(redaction.end * SAMPLE_RATE)


def _ms(samples: int) -> int:
    return round(samples * 1000 / SAMPLE_RATE)
