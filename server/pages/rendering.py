"""Views to pages: every view names its template, and the template gets that one view."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import ClassVar, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.pages.static_files import StaticFiles
from server.pages.views import STRONGEST, Frame

TEMPLATES = Path(__file__).parent.parent / "templates"


class View(Protocol):
    """What a template gets: one frozen value with everything it shows, and the frame around it."""

    template: ClassVar[str]

    @property
    def frame(self) -> Frame:
        """What is around the page."""


class Renderer:
    """Renders views. A name that a view does not have is an error, never an empty place."""

    def __init__(self, files: StaticFiles) -> None:
        self._files = files

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(
            STRONGEST=STRONGEST,
            has_file=self._files.exists,
            stamp=self._files.stamp,
            main_fonts=self._files.main_fonts(),
        )
        return environment

    def page(self, view: View) -> str:
        """The HTML of a view."""
        return self._environment.get_template(view.template).render(view=view, frame=view.frame)
