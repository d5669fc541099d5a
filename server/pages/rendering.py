"""Renders pages to HTML with Jinja, and gives the files of the interface: style, scripts, icon, fonts.

Templates are compiled to Python code that costs less than what Jinja writes itself: most of what they say is short
words that are escaped again and again, attributes of frozen views, and macros.
"""

from __future__ import annotations

import hashlib
import re
from functools import cached_property, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from markupsafe import Markup, escape

from server.pages.page import Page
from server.pages.values import STRONGEST, reviewed_by, standing
from server.web.answers import Answer, Freshness
from server.web.errors import NotFound

TEMPLATES = Path(__file__).parent.parent / "templates"
_SHORT, _REMEMBERED = 200, 20_000


class _Words(dict[str | int, Markup]):
    """Words and whole numbers as they stand in HTML. Short ones come again on every page and are remembered."""

    def __missing__(self, value: str | int) -> Markup:
        escaped = escape(value)
        if len(escaped) < _SHORT:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[value] = escaped
        return escaped


@lru_cache(maxsize=100)
def _drawn_bars(force: int | None, considers: bool = False) -> Markup:
    """The strength of a directive as bars, hollow where it asks only to consider."""
    steps = "".join(
        f'<rect class="{"on" if force and step <= force else "off"}" x="{(step - 1) * 7}" y="{10 - 2 * step}"'
        f' width="5" height="{2 + 2 * step}"/>'
        for step in range(1, STRONGEST + 1)
    )
    return Markup(
        f'<svg class="bars{" hollow" if considers else ""}" viewBox="0 0 34 12" width="34" height="12"'
        f' aria-hidden="true" focusable="false">{steps}</svg>'
    )


class _Code(CodeGenerator):
    """Reads attributes and calls as Python does: a context holds views, whose fields they are, and nothing that is
    called wants a context."""

    def write_commons(self) -> None:
        """Writes the beginning of a block, with what is written in HTML at hand."""
        super().write_commons()
        self.writeline("words = environment.words")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:  # noqa: ARG002
        self.write("(words[value] if (kind := type(value := (")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:  # noqa: ARG002
        self.write("))) is str or kind is int else value if kind is Markup else escape(value))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:  # noqa: ARG002
        """Writes what a macro is called by; the macro itself finds values for parameters that are missing."""
        names = [name.name for name in macro_ref.node.args]
        parameters = [f"{name}=missing" for name in names] + ["*", "macro=macro"]
        if macro_ref.accesses_caller:
            names.append("caller")
            parameters.append("caller=environment.no_caller")
        self.write(f"lambda {', '.join(parameters)}: str.__new__(Markup, macro({', '.join(names)}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Writes ``a(b, c=d)``."""
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Writes ``a.b``."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _Environment(Environment):
    code_generator_class = _Code
    words = _Words()
    no_caller = StrictUndefined(name="caller")


class Renderer:
    """Renders pages to HTML."""

    def __init__(self, files: StaticFiles) -> None:
        self._files = files

    @cached_property
    def _environment(self) -> Environment:
        environment = _Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(
            STRONGEST=STRONGEST,
            standing=standing,
            reviewed_by=reviewed_by,
            drawn_bars=_drawn_bars,
            has_file=self._files.exists,
            stamp=self._files.stamp,
            main_fonts=self._files.main_fonts(),
        )
        return environment

    def html(self, page: Page) -> str:
        """The HTML of a page."""
        return self._environment.get_template(page.template).render(page.context)


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
