"""Renders pages to HTML with Jinja.

Templates are compiled to Python code that costs less than what Jinja writes itself: most of what they say is short
words that are escaped again and again, and attributes of frozen views.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from server.pages.page import Page
from server.pages.static_files import StaticFiles
from server.pages.values import STRONGEST, reviewed_by, standing

TEMPLATES = Path(__file__).parent.parent / "templates"
_SHORT = 200
_escaped = lru_cache(maxsize=20_000)(escape)


def _written(value: object) -> str:
    """A value as it stands in HTML. Short words come again on every page and are remembered."""
    if type(value) is str:
        return _escaped(value) if len(value) < _SHORT else escape(value)
    if type(value) is int:
        return str(value)
    return value if type(value) is Markup else escape(value)


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
    """Escapes with `_written`, and reads attributes as Python does: a context holds views, whose fields they are. What
    an expression without an else says where it does not hold is empty words, and a block is written as a whole."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:  # noqa: ARG002
        self.write("environment.written(")

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Writes a line: one that passes on each piece of another generator passes on all of them as one."""
        delegated = x.removeprefix("yield from ")
        super().writeline(x if delegated == x else f"yield ''.join({delegated})", node, extra)

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        """Writes ``a if b else c``."""
        node.expr2 = node.expr2 or nodes.Const("")
        super().visit_CondExpr(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Writes ``a.b``."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _Context(Context):
    """Calls macros without looking whether they want a context, which they do not."""

    def call(self, called: Any, *args: Any, **kwargs: Any) -> Any:
        """What a callable returns."""
        if type(called) is not Macro:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **kwargs)


class _Environment(Environment):
    code_generator_class = _Code
    context_class = _Context
    written = staticmethod(_written)


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
        return self._environment.get_template(page.template).render(page.context, frame=page.frame)
