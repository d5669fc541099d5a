"""The site as files, where nothing is written; that every link works is a test of `make test-system`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ontology.layout import ROOT
from server.settings import Settings
from server.site_files import NotExportedError, export_site, rules


def test_the_rules_tell_media_types_and_redirections() -> None:
    written = rules("/")
    assert "/id/* /doc/:splat 303\n" in written["_redirects"]
    assert "/*.ttl\n  Content-Type: text/turtle; charset=utf-8\n" in written["_headers"]
    assert "RewriteRule ^id/(.+?)/?$ /doc/$1 [R=303,L]" in written[".htaccess"]
    assert 'AddType "application/akn+xml; charset=utf-8" .akn' in written[".htaccess"]


def test_a_folder_that_is_not_empty_is_refused_and_stays_as_it_is(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NotExportedError, match="not empty"):
        export_site(settings, tmp_path, lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_disk_that_takes_no_more_ends_in_a_sentence_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    folder = tmp_path / "site"
    command = [sys.executable, str(ROOT / "palermo.py"), "export", str(folder), "--snapshots", str(settings.snapshots)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}  # Python would cut what it compiles, for all others too
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=small_files, env=environment
    )
    assert ended.returncode == 1
    assert ended.stderr == "palermo: The files cannot be written: File too large. Nothing was left.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_base_with_a_path_keeps_it_in_every_rule() -> None:
    written = rules("/graph/")
    assert "location ~ ^/graph/id/(.+?)/?$ { return 303 /graph/doc/$1; }" in written["nginx.conf"]
    assert written["_redirects"].startswith("/graph/id/* /graph/doc/:splat 303\n")
