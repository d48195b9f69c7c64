"""Runs as a process of its own: copies a stranger's H.264 pictures beside our own sound, inside hard limits.

``python -P -m sessioncast.audio.video_child JOB`` with ``JOB`` as JSON: ``source``, ``sound`` (our M4A), ``target``,
``start`` and ``end`` in seconds of the source's sound (``end`` may be null), ``chapters`` as ``[start, end, title]`` in milliseconds,
and the limits of ``decode_child``. Its one line is ``{"height", "codecs"}``, ``{"refused"}`` or ``{"disk"}``. Pictures are never decoded: packets
are copied from the first keyframe that is not cut away.
"""

from __future__ import annotations

import errno
import heapq
import json
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sessioncast.audio.decode_child import FORMATS, limit

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_MESSAGES = "filter_units=remove_types=6"
"""Supplemental messages (H.264, annex D) carry encoders' names, captions and whatever else a recorder puts there."""

_Timed = tuple[float, Any]


class _Refused(Exception):
    """The pictures are left out; the text ends the sentence 'its pictures are left out: …'."""


def main(job_text: str) -> int:
    """Do the job and tell the parent how it went; 0 also when the pictures are refused."""
    job: dict[str, Any] = json.loads(job_text)
    limit(job)
    try:
        told: dict[str, object] = _copy(job)
    except _Refused as e:
        told = {"refused": str(e)}
    except OSError as e:
        full = e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
        told = {"disk": e.strerror} if full else {"refused": f"they can't be copied ({e.strerror or e})"}
    except Exception as e:  # noqa: BLE001 - a stranger's file drove the demuxer somewhere new: leave the pictures out
        told = {"refused": f"they can't be copied ({type(e).__name__})"}
    print(json.dumps(told), flush=True)  # noqa: T201 - the pipe to the parent is what stdout is here
    return 0


def _copy(job: dict[str, Any]) -> dict[str, object]:
    import av

    source: Any
    sound: Any
    out: Any
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    muxer = {"movflags": "+faststart", "fflags": "+bitexact"}
    with (
        av.open(job["source"], options=options, metadata_errors="replace") as source,
        av.open(job["sound"], format="mp4") as sound,
        av.open(job["target"], "w", format="mp4", options=muxer) as out,
    ):
        pictures = _stream(source)
        seen = out.add_stream_from_template(pictures)
        heard = out.add_stream_from_template(sound.streams.audio[0])
        for stream in (seen, heard):
            stream.metadata.clear()
        if job["chapters"]:
            out.set_chapters([_chapter(number, *chapter) for number, chapter in enumerate(job["chapters"])])
        filtered = av.BitStreamFilterContext(_NO_MESSAGES, pictures, seen)
        number = 0
        # Both in the order of their time: a player that reads as it downloads must find sound and pictures together.
        for _, packet in heapq.merge(
            _pictures(source, pictures, job, seen, filtered), _sounds(sound, heard), key=lambda timed: timed[0]
        ):
            number += packet.stream is seen
            out.mux(packet)
        if not number:
            raise _Refused("nothing of them is left after the cut")
        context = pictures.codec_context
        extra = bytes(context.extradata or b"")
        profile = [f"avc1.{extra[1:4].hex()}"] if len(extra) > 4 else []  # RFC 6381, from the avcC box
        return {"height": context.height, "codecs": ",".join([*profile, "mp4a.40.2"])}


def _stream(source: Any) -> Any:
    attached = 0x400  # AV_DISPOSITION_ATTACHED_PIC: a cover, not a film
    found = next((s for s in source.streams.video if not int(s.disposition) & attached), None)
    if found is None:
        raise _Refused("it has none")
    if found.codec_context.name != "h264" or "mp4" not in source.format.name.split(","):
        what = f"{found.codec_context.name} in {source.format.name.partition(',')[0]}"
        raise _Refused(f"found {what}, expected H.264 in MP4, which can be kept as it is")
    return found


def _pictures(source: Any, stream: Any, job: dict[str, Any], seen: Any, filtered: Any) -> Iterator[_Timed]:
    """Yield the picture packets that are not cut away, moved to the sound's time, with the time to mux each."""
    sounds = source.streams.best("audio")
    begins = float(sounds.start_time * sounds.time_base) if sounds is not None and sounds.start_time else 0.0
    base = stream.time_base
    from_ = round((job["start"] + begins) / base)
    until = None if job["end"] is None else round((job["end"] + begins) / base)
    first: int | None = None
    for packet in source.demux(stream):
        if packet.dts is None or packet.pts is None:
            continue
        if first is None and packet.is_keyframe and (packet.pts >= from_ or not job["start"]):
            first = packet.pts
        if first is None or packet.pts < first:
            continue  # pictures before the keyframe may show what was cut
        if until is not None and packet.pts >= until:
            return  # what follows in the order of decoding may need it
        for one in filtered.filter(packet):
            one.pts -= from_
            one.dts -= from_
            one.stream = seen
            yield float(one.dts * base), one


def _sounds(sound: Any, heard: Any) -> Iterator[_Timed]:
    stream = sound.streams.audio[0]
    for packet in sound.demux(stream):
        if packet.dts is not None:
            packet.stream = heard
            yield float(packet.dts * stream.time_base), packet


def _chapter(number: int, start: int, end: int, title: str) -> dict[str, object]:
    return {
        "id": number,
        "start": start,
        "end": end,
        "time_base": Fraction(1, 1000),
        "metadata": {"title": title},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
