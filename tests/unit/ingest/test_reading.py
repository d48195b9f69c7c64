from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from sessioncast.errors import ContentError
from sessioncast.ingest.reading import read_source

LINES = ["Ignaz Semmelweis", "A naïve question – “why two clinics?”"]


def texts(source: bytes) -> list[str]:
    return [block.text for block in read_source(source, "page").blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman"])
def test_encodings(encoding: str) -> None:
    assert texts("\r\n\r\n".join(LINES).encode(encoding)) == LINES


def test_an_encoding_named_by_html_counts() -> None:
    page = "<html><head><meta charset=windows-1251></head><body><p>Николай Пирогов</p></body></html>"
    assert texts(page.encode("cp1251")) == ["Николай Пирогов"]


def test_cyrillic_without_a_name_is_recognised() -> None:
    line = "Николай Пирогов о полевой хирургии и о гипсовой повязке, которую он применил в Севастополе"
    assert texts(line.encode("cp1251")) == [line]


def test_spaces_invisible_and_control_characters_are_tidied() -> None:
    assert texts("a\u00a0\u202f b\u200b\u0007c\u00ad\ufeff\te\u0301\n".encode()) == ["a bc é"]


def test_lines_know_their_number_and_whether_they_stand_apart() -> None:
    blocks = read_source(b"one\ntwo\n\nthree", "page").blocks
    assert [(b.line, b.gap) for b in blocks] == [(1, True), (2, False), (4, True)]


def test_html_lines_breaks_headings_and_frame() -> None:
    page = (
        "<!-- saved --><!DOCTYPE html><html><head><title>T</title></head><body><nav>menu</nav>\n<h2>Head</h2>"
        "one<br>two<br><br>three<ul><li>item</ul><script>x</script><p hidden>no</p><footer>foot</footer></body></html>"
    )
    found = read_source(page.encode(), "page.html")
    assert [(b.text, b.gap, b.level, b.aside) for b in found.blocks] == [
        ("menu", True, 0, True),
        ("Head", True, 2, False),
        ("one", True, 0, False),
        ("two", False, 0, False),
        ("three", True, 0, False),
        ("- item", True, 0, False),
        ("foot", True, 0, True),
    ]
    assert found.title == "T"


def test_a_page_inside_one_form_is_read() -> None:
    assert texts(b"<html><body><form id='aspnetForm'><p>Inside</p></form></body></html>") == ["Inside"]


def test_deep_nesting_is_read_or_refused() -> None:
    assert texts(b"<div>" * 200 + b"deep" + b"</div>" * 200) == ["deep"]
    with pytest.raises(ContentError, match="found no text"):
        texts(b"<div>" * 5000 + b"deep" + b"</div>" * 5000)


def test_hostile_markup_ends() -> None:
    assert texts(b"talk " + b"<script>" * 300_000) == ["talk"]
    assert "<" not in texts(b"talk " + b"<" * 2000 + b"b>" * 2000)[0]


def test_a_book_is_no_page() -> None:
    with pytest.raises(ContentError, match="found 6000 lines"):
        texts(b"line\n" * 6000)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b" \n\t\n", "an empty file"),
        (b"\x00" * 40, "nothing but zero bytes"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04...", "a ZIP archive or an office document"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "a picture (JPEG)"),
        (b"\x00\x00\x00\x20ftypM4A ", "a recording (MP4)"),
        (b"ID3\x03\x00", "a recording (MP3)"),
        (b"{\\rtf1 hello}", "a rich text document"),
        (b"BEGIN:VCALENDAR\r\n", "a calendar"),
        (b"text with a \x00 byte", "binary data"),
        (bytes(range(1, 32)) * 20, "binary data"),
        (zlib.compress(b"text" * 1000) * 5, "binary data"),
        (b"x" * 10_000_000, "10.0 MB"),
        (b"<html><body></body></html>", "no text"),
    ],
    ids=range(16),
)
def test_what_is_no_page_is_one_error(data: bytes, found: str, tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    file.write_bytes(data)
    for source in (data, file):
        with pytest.raises(ContentError) as caught:
            read_source(source, "talk.txt")
        assert len(caught.value.problems) == 1
        assert str(caught.value).startswith(f"talk.txt: found {found}, expected ")
        assert caught.value.hint


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"^gone.txt: found no such file, expected a session's page"):
        read_source(tmp_path / "gone.txt")
    with pytest.raises(ContentError, match="found a folder"):
        read_source(tmp_path)
