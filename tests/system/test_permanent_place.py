"""The redirect rules for a permanent place of the vocabulary, in the Apache server that such places run."""

from __future__ import annotations

import shutil
import urllib.request
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from rdflib.namespace import OWL, RDF

from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.layout import ROOT
from ontology.namespaces import Base
from server.settings import Settings
from tests.conftest import running
from tests.processes import free_port, started

pytestmark = pytest.mark.system
RULES = ROOT / "docs" / "deploy" / "w3id.htaccess"
MODULES = ("mpm_event", "authz_core", "dir", "rewrite", "headers")


def configuration(folder: Path, port: int, server: str) -> Path:
    """Apache on a folder ``/palermo`` with the rules, which lead to a server of the test."""
    place = folder / "site" / "palermo"
    place.mkdir(parents=True)
    (place.parent / "index.html").write_text("A place for many vocabularies.", encoding="utf-8")
    text = RULES.read_text(encoding="utf-8").replace("https://palermo.example.org/", server)
    (place / ".htaccess").write_text(text, encoding="utf-8")
    loaded = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in MODULES)
    file = folder / "apache.conf"
    file.write_text(
        f"{loaded}ServerName localhost\nListen 127.0.0.1:{port}\nServerRoot {folder}\nPidFile {folder}/pid\n"
        f"ErrorLog {folder}/log\nDocumentRoot {folder}/site\nDirectoryIndex index.html\n"
        f"<Directory {folder}/site>\nAllowOverride All\nRequire all granted\n</Directory>\n",
        encoding="utf-8",
    )
    return file


def test_clients_follow_terms_versions_formats_and_context_from_a_permanent_place(tmp_path: Path) -> None:
    apache = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    assert apache, "On Debian: apt-get install apache2-bin"
    port, place = free_port(), f"http://localhost:{free_port()}/palermo/"
    base = Base(f"http://localhost:{port}/", place)
    build(BuildSettings(base=base, snapshots=tmp_path / "snapshots"), lambda _: None)
    there = int(place.partition("localhost:")[2].partition("/")[0])
    file = configuration(tmp_path, there, base.iri)
    with (
        running(Settings(base=base.iri, snapshots=tmp_path / "snapshots")),
        started([apache, "-X", "-f", str(file)], f"http://127.0.0.1:{there}/"),
    ):
        ontology = rdflib.URIRef(f"{place}ontology")
        for start in (place, f"{place}ontology#cites", f"{place}ontology", f"{place}ontology.ttl"):
            assert (ontology, RDF.type, OWL.Ontology) in rdflib.Graph().parse(start), start
        (version,) = rdflib.Graph().parse(ontology).objects(ontology, OWL.versionIRI)
        assert (ontology, RDF.type, OWL.Ontology) in rdflib.Graph().parse(str(version))
        with urllib.request.urlopen(f"{place}ontology") as page:
            assert (page.status, page.headers.get_content_type()) == (200, "text/html")
        paragraph = f"{base.iri}id/document/som-wg-2015/paragraph/24"
        expanded = jsonld.expand(f"{base.iri}doc/document/som-wg-2015/paragraph/24.jsonld")
        (found,) = (node for node in expanded if node["@id"] == paragraph)
        assert f"{place}ontology#text" in found
