"""The files that the bot shared, for a browser: shown in a tab of their own where that is safe, else kept."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from sandbox.workspace.model import File

_SHOWN: Mapping[str, tuple[bytes, str]] = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "txt": (b"", "text/plain; charset=utf-8"),
    "csv": (b"", "text/plain; charset=utf-8"),
}
"""By the end of a name: how the content must begin for the browser to show it, and as what."""

_NOTHING_RUNS = "default-src 'none'; sandbox"
# A browser shows a PDF with a viewer of its own, which a sandbox would not let start; nothing else may be loaded.
_ONLY_THE_VIEWER = "default-src 'none'; object-src 'self'; img-src 'self'; style-src 'unsafe-inline'"


def served(file: File) -> Response:
    """The file; what it isn't certain to be is never shown, since it came from a bot."""
    if file.content is None:
        return Response("This file hasn't arrived yet.", status_code=404, media_type="text/plain")
    begins, kind = _SHOWN.get(file.name.rpartition(".")[2].lower(), (None, ""))
    is_shown = begins is not None and file.content.startswith(begins)
    media_type = kind if is_shown else "application/octet-stream"
    how = "inline" if is_shown else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": _ONLY_THE_VIEWER if media_type == "application/pdf" else _NOTHING_RUNS,
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=media_type, headers=headers)
