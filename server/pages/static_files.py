"""The files of the interface: style, scripts, icon, fonts. A name with a checksum in it, or asked for with the file's
checksum as ``?v=``, may be kept for ever."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from server.web.answers import Answer, Freshness
from server.web.errors import NotFound

STATIC = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_NAME = re.compile(r"(?:vendor/)?[A-Za-z0-9][A-Za-z0-9.-]*")
_HASHED = re.compile(r"\.[0-9a-f]{10}\.")
_MAIN_FONTS = "vendor/source-s*-latin-normal.*.woff2"


class StaticFiles:
    """Reads the files once a process; ``stamp`` is what a page adds to an address so that it may be kept."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, str]] = {}

    def answer(self, name: str, version: str) -> Answer:
        """The file with a name. Raises `NotFound` for anything that is not one."""
        content, stamp = self._file(name)
        final = version == stamp or _HASHED.search(name) is not None
        freshness = Freshness.IMMUTABLE if final else Freshness.SNAPSHOT
        return Answer(content, TYPES[Path(name).suffix], tag=f"{name}/{stamp}", freshness=freshness)

    def exists(self, name: str) -> bool:
        """Whether there is such a file; those below ``vendor/`` are there once the front end was built."""
        return name in self._files or (STATIC / name).is_file()

    def main_fonts(self) -> tuple[str, ...]:
        """The upright fonts of words and headings, which every page needs at once."""
        return tuple(sorted(path.relative_to(STATIC).as_posix() for path in STATIC.glob(_MAIN_FONTS)))

    def stamp(self, name: str) -> str:
        """The first ten hexadecimal digits of the file's SHA-256 checksum."""
        return self._file(name)[1]

    def _file(self, name: str) -> tuple[bytes, str]:
        if name not in self._files:
            path = STATIC / name
            if not _NAME.fullmatch(name) or path.suffix not in TYPES or not path.is_file():
                raise NotFound(f"There is no file {name}.")
            content = path.read_bytes()
            self._files[name] = (content, hashlib.sha256(content).hexdigest()[:10])
        return self._files[name]
