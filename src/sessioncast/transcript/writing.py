"""Cues in each format's own letters, and the profiles in which they are published (TR-VTT, TR-SRT, TR-JSON, TR-HTML)."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from sessioncast.transcript.cue import Cue, Sentence
from sessioncast.transcript.profile import SRT, VTT, captions

_MACHINE = "Made by a machine; nobody has read it over."
_RTL = ("ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb")


def vtt(cues: Iterable[Cue]) -> bytes:
    """Return WebVTT, a voice in each cue that has a speaker; times and text as they are."""
    blocks = [f"{_clock(c.start, '.')} --> {_clock(c.end, '.')}\n{_voiced(c)}" for c in cues]
    return ("\n\n".join(["WEBVTT", *blocks]) + "\n").encode()


def _voiced(cue: Cue) -> str:
    text = html.escape(cue.text, quote=False).replace("\n\n", "\n")
    if not cue.speaker:
        return text
    name = html.escape(cue.speaker.replace("\n", " "), quote=False)
    return f"<v {name}>{text}</v>"


def srt(cues: Iterable[Cue]) -> bytes:
    """Return SubRip, numbered from 1, a speaker's name before what they say; times and text as they are."""
    blocks = [
        f"{number}\n{_clock(c.start, ',')} --> {_clock(c.end, ',')}\n{f'{c.speaker}: ' if c.speaker else ''}{c.text}"
        for number, c in enumerate(cues, 1)
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def json_(cues: Iterable[Cue]) -> bytes:
    """Return a JSON transcript 1.0.0: seconds to the millisecond, a segment a cue."""
    segments = [
        {
            **({"speaker": cue.speaker} if cue.speaker else {}),
            "startTime": cue.start / 1000,
            "endTime": cue.end / 1000,
            "body": cue.text,
        }
        for cue in cues
    ]
    plain = {"version": "1.0.0", "segments": segments}
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def published(said: Sequence[Sentence], language: str, title: str, *, machine: bool = False) -> dict[str, bytes]:
    """Return every published format by its file's extension: vtt, srt, json, html, txt; a machine's are marked so."""
    captioned = vtt(captions(said, VTT))
    return {
        "vtt": captioned.replace(b"WEBVTT\n", f"WEBVTT\n\nNOTE {_MACHINE}\n".encode(), 1) if machine else captioned,
        "srt": srt(captions(said, SRT)),
        "json": json_(Cue(s.start, max(s.end, s.start + 1), s.text, s.speaker) for s in said),
        "html": _html(said, language, title, machine=machine),
        "txt": (f"{_MACHINE}\n\n".encode() if machine else b"") + _plain(said),
    }


def _html(said: Sequence[Sentence], language: str, title: str, *, machine: bool) -> bytes:
    direction = ' dir="rtl"' if language.partition("-")[0] in _RTL else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{html.escape(language)}"{direction}>',
        f'<meta charset="utf-8"><title>{html.escape(title)}</title>',
    ]
    if machine:
        lines.append(f'<aside lang="en">{_MACHINE}</aside>')
    for speaker, start, text in paragraphs(said):
        lines += [
            *([f"<cite>{html.escape(speaker)}:</cite>"] if speaker else ["<cite></cite>"]),
            f"<time>{_short(start)}</time>",
            f'<p dir="auto">{html.escape(text)}</p>',
        ]
    return ("\n".join(lines) + "\n").encode()


def _plain(said: Sequence[Sentence]) -> bytes:
    parts = [
        f"{f'{speaker} ' if speaker else ''}({_short(start)})\n{text}" for speaker, start, text in paragraphs(said)
    ]
    return ("\n\n".join(parts) + "\n").encode()


def paragraphs(said: Sequence[Sentence]) -> list[tuple[str, int, str]]:
    """Return speaker, start in milliseconds and text of each stretch that one person says, in paragraphs of a few sentences."""
    found = []
    for speaker, run in groupby(said, key=lambda s: s.speaker):
        part: list[Sentence] = []
        for sentence in run:
            if part and (len(part) >= 6 or sentence.start - part[-1].end > 4_000):
                found.append((speaker, part[0].start, " ".join(s.text for s in part)))
                part = []
            part.append(sentence)
        found.append((speaker, part[0].start, " ".join(s.text for s in part)))
    return found


def _clock(milliseconds: int, point: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{point}{thousandths:03d}"


def _short(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}" if minutes >= 60 else f"{minutes}:{seconds:02d}"
