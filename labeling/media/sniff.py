"""What a file is, told by its first bytes. Nothing is decoded here.

The demuxer is chosen from this list and forced on libav, so playlists and other formats
that make a reader open further files or addresses never get that far.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from labeling.media.errors import MediaRefused
from labeling.media.kinds import MediaKind

UNKNOWN = "of an unknown kind"
HEAD_BYTES = 8192


@dataclass(frozen=True)
class FileForm:
    """One kind of file: ``code`` is libav's demuxer for videos, Pillow's format for images, ``zip``
    for archives of pictures."""

    kind: MediaKind
    noun: str
    code: str
    mime_type: str
    suffixes: tuple[str, ...]


MP4 = FileForm("video", "an MP4 or QuickTime video", "mov", "video/mp4", (".mp4", ".mov", ".m4v", ".3gp"))
MATROSKA = FileForm("video", "a Matroska or WebM video", "matroska", "video/x-matroska", (".mkv", ".webm"))
TRANSPORT = FileForm("video", "an MPEG transport stream", "mpegts", "video/mp2t", (".ts", ".mts", ".m2ts"))
AVI = FileForm("video", "an AVI video", "avi", "video/x-msvideo", (".avi",))
JPEG = FileForm("image", "a JPEG picture", "JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = FileForm("image", "a PNG picture", "PNG", "image/png", (".png",))
WEBP = FileForm("image", "a WebP picture", "WEBP", "image/webp", (".webp",))
TIFF = FileForm("image", "a TIFF picture", "TIFF", "image/tiff", (".tif", ".tiff"))
BMP = FileForm("image", "a BMP picture", "BMP", "image/bmp", (".bmp", ".dib"))
DICOM = FileForm("dicom", "a DICOM file", "DICOM", "application/dicom", (".dcm", ".dicom"))
WAV = FileForm("opaque", "a WAV recording", "wav", "audio/wav", (".wav", ".wave"))
MP3 = FileForm("opaque", "an MP3 recording", "mp3", "audio/mpeg", (".mp3",))
PDF = FileForm("opaque", "a PDF document", "pdf", "application/pdf", (".pdf",))
HTML = FileForm("opaque", "an HTML page", "html", "text/html", (".html", ".htm", ".xhtml"))
TEXT = FileForm("opaque", "a text", "txt", "text/plain", (".txt", ".text", ".md", ".csv", ".log"))
FORMS = (MP4, MATROSKA, TRANSPORT, AVI, JPEG, PNG, WEBP, TIFF, BMP, DICOM, WAV, MP3, PDF, HTML, TEXT)
IMAGE_SUFFIXES = frozenset(suffix for form in FORMS if form.kind == "image" for suffix in form.suffixes)

_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"GIF8", "a GIF picture"),
    (b"#EXTM3U", "a playlist"),
    (b"ffconcat", "a list of other files"),
    (b"\x00\x00\x01\xba", "an MPEG program stream"),
    (b"OggS", "an Ogg file"),
    (b"FLV", "a Flash video"),
    (b"\x30\x26\xb2\x75", "a Windows Media file"),
)
_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_STILL_BRANDS = {b"avif": "an AVIF picture", b"heic": "a HEIC picture", b"mif1": "a HEIC picture"}
_HTML_START = re.compile(
    rb"\s*(<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)


def sniff_file(path: Path, *, name: str) -> FileForm:
    """Return what the file at ``path`` is; ``name`` is what its owner calls it.

    Raises MediaRefused with code ``empty``, ``unsupported`` or ``mislabelled``.
    """
    with path.open("rb") as file:
        return sniff_head(file.read(HEAD_BYTES), name=name)


def sniff_head(head: bytes, *, name: str) -> FileForm:
    """Like ``sniff_file``, from a file's first bytes (``HEAD_BYTES`` of them, where it has so many)."""
    if not head:
        raise MediaRefused("empty", f"The file {name} is empty.")
    suffix = Path(name).suffix.lower()
    form, noun = form_of_head(head, suffix)
    named = next((known for known in FORMS if suffix in known.suffixes), None)
    if named is not None and named is not form:
        raise MediaRefused("mislabelled", f"The file {name} is not {named.noun}: it is {noun}.")
    if is_archive(head):
        sentence = (
            f"The file {name} is {noun}: upload it as an image group, an image sequence or a DICOM series."
        )
        raise MediaRefused("unsupported", sentence)
    if form is None:
        raise MediaRefused("unsupported", f"The file {name} is {noun}, which cannot be registered.")
    return form


def is_archive(head: bytes) -> bool:
    """Say whether a file that begins so is a ZIP archive."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def mime_type_of(code: str) -> str:
    """Return the type of a picture by Pillow's format; ``application/octet-stream`` for unknown ones."""
    known = (form.mime_type for form in FORMS if form.kind == "image" and form.code == code)
    return next(known, "application/octet-stream")


def form_of_head(head: bytes, suffix: str) -> tuple[FileForm | None, str]:
    """Return the form and a noun for it; the form is None for what we do not take."""
    if head[128:132] == b"DICM":
        return DICOM, DICOM.noun
    for start, noun in _STRANGERS:
        if head.startswith(start):
            return None, noun
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        return None, _STILL_BRANDS[head[8:12]]
    form = _video_form(head) or _image_form(head) or _opaque_form(head, suffix)
    return form, form.noun if form else UNKNOWN


def _video_form(head: bytes) -> FileForm | None:
    if head[4:8] in _MP4_BOXES:
        return MP4
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return MATROSKA
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return AVI
    return TRANSPORT if _is_transport(head) else None


def _is_transport(head: bytes) -> bool:
    """Sync bytes at packet distance; a cut file may start inside a packet (ISO/IEC 13818-1, 2.4.3.2)."""
    for size in (188, 192, 204):
        for start in range(min(size, len(head))):
            syncs = head[start::size]
            if len(syncs) >= 4 and syncs.count(b"\x47") >= 0.9 * len(syncs):
                return True
    return False


def _image_form(head: bytes) -> FileForm | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return BMP
    starts = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
    tiffs = ((b"II*\x00", TIFF), (b"MM\x00*", TIFF), (b"II+\x00", TIFF), (b"MM\x00+", TIFF))
    return next((form for start, form in starts + tiffs if head.startswith(start)), None)


def _opaque_form(head: bytes, suffix: str) -> FileForm | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"ID3") or (head[0] == 0xFF and head[1:2] >= b"\xe0" and suffix in MP3.suffixes):
        return MP3
    if head.startswith(b"%PDF-"):
        return PDF
    if _HTML_START.match(head):
        return HTML
    return _text_form(head, suffix)


def _text_form(head: bytes, suffix: str) -> FileForm | None:
    """Text is what reads as UTF-8 without control characters; the last letter may be cut."""
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3 or len(head) < HEAD_BYTES:
            return None
    return HTML if suffix in HTML.suffixes else TEXT
