"""The formats of everything that is published or answered: one table for the build, the documents and the endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    ``key`` is the short name by which the endpoint and the command know it, ``name`` the one for people; ``suffix`` has
    its dot; ``media_type`` has no parameters and ``parameters`` are those it is sent with; ``w3c`` is the end of the
    IRI that W3C gave the format (https://www.w3.org/ns/formats/); ``also`` are other media types that ask for it;
    ``profile`` is the IRI that tells it from another format of the same media type (RFC 6906); ``content_type`` is the
    whole `Content-Type`.
    """

    key: str
    name: str
    suffix: str
    media_type: str
    parameters: str = ""
    w3c: str = ""
    also: tuple[str, ...] = ()
    profile: str = ""
    content_type: str = field(init=False)

    def __post_init__(self) -> None:
        profile = f'; profile="{self.profile}"' if self.profile else ""
        object.__setattr__(self, "content_type", self.media_type + self.parameters + profile)

    def called(self, media_type: str) -> Format:
        """The same format under another media type that asked for it."""
        charset = _UTF8 if media_type.startswith("text/") or media_type.endswith("xml") else ""
        return replace(self, media_type=media_type, parameters=charset)


_UTF8 = "; charset=utf-8"
_TABLE = "; charset=utf-8; header=present"

HTML = Format("html", "HTML", ".html", "text/html", _UTF8, also=("application/xhtml+xml",))
TEXT = Format("text", "plain text", ".txt", "text/plain", _UTF8)
TURTLE = Format(
    *("turtle", "Turtle", ".ttl", "text/turtle", _UTF8, "Turtle"),
    also=("application/x-turtle", "text/n3", "text/rdf+n3"),
)
JSON_LD = Format("jsonld", "JSON-LD", ".jsonld", "application/ld+json", "", "JSON-LD", ("application/json",))
N_TRIPLES = Format("ntriples", "N-Triples", ".nt", "application/n-triples", "", "N-Triples", ("text/plain",))
RDF_XML = Format("rdfxml", "RDF/XML", ".rdf", "application/rdf+xml", _UTF8, "RDF_XML", ("application/xml", "text/xml"))
N_QUADS = Format("nquads", "N-Quads", ".nq", "application/n-quads", "", "N-Quads")
TRIG = Format("trig", "TriG", ".trig", "application/trig", "", "TriG")
JSON_LD_GRAPHS = Format(
    *("jsonld-graphs", "JSON-LD with named graphs", ".graphs.jsonld", JSON_LD.media_type),
    profile="http://www.w3.org/ns/sparql-service-description#Dataset",
)
"""JSON-LD with each statement in its named graph (an RDF dataset), requested by this profile."""
ANNOTATIONS = Format(
    *("annotations", "Web Annotations", ".anno.jsonld", JSON_LD.media_type), profile="http://www.w3.org/ns/anno.jsonld"
)
"""JSON-LD with the terms and in the shape of the Web Annotation Data Model (§3.1 of the Protocol names the profile)."""
JSON = Format(
    *("json", "JSON", ".srj", "application/sparql-results+json", "", "SPARQL_Results_JSON"),
    also=("application/json", "text/json"),
)
XML = Format(
    *("xml", "XML", ".srx", "application/sparql-results+xml", _UTF8, "SPARQL_Results_XML"),
    also=("application/xml", "text/xml"),
)
CSV = Format("csv", "CSV", ".csv", "text/csv", _TABLE, "SPARQL_Results_CSV")
TSV = Format("tsv", "TSV", ".tsv", "text/tab-separated-values", _TABLE, "SPARQL_Results_TSV")
AKOMA_NTOSO = Format("akn", "Akoma Ntoso", ".akn", "application/akn+xml", _UTF8)
CSVW = Format("csvw", "metadata of a table", ".csv-metadata.json", "application/csvm+json")
ATOM = Format("atom", "Atom", ".atom", "application/atom+xml", _UTF8)
PARQUET = Format("parquet", "Parquet", ".parquet", "application/vnd.apache.parquet")
SQLITE = Format("sqlite", "SQLite", ".db", "application/vnd.sqlite3")
ZIP = Format("zip", "ZIP", ".zip", "application/zip")
XLSX = Format("xlsx", "Excel", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
DOCX = Format("docx", "Word", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
DOCM = Format("docm", "Word", ".docm", "application/vnd.ms-word.document.macroEnabled.12")
DOTX = Format("dotx", "Word", ".dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template")
DOTM = Format("dotm", "Word", ".dotm", "application/vnd.ms-word.template.macroEnabled.12")
ODT = Format("odt", "OpenDocument", ".odt", "application/vnd.oasis.opendocument.text")
PDF = Format("pdf", "PDF", ".pdf", "application/pdf")
RIS = Format("ris", "RIS", ".ris", "application/x-research-info-systems", _UTF8)
BIBTEX = Format("bib", "BibTeX", ".bib", "application/x-bibtex", _UTF8)
CSL_JSON = Format("csl.json", "CSL-JSON", ".csl.json", "application/vnd.citationstyles.csl+json")
QUERY = Format("rq", "The query", ".rq", "application/sparql-query")

GRAPHS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
"""The formats of a graph, in the server's order of preference."""
DATASETS = (TRIG, N_QUADS, JSON_LD_GRAPHS)
"""The formats that say in which named graph each statement stands."""
DATA = (*GRAPHS, *DATASETS)
"""The formats of the data of a document."""
DOCUMENTS = (HTML, *DATA)
"""The formats of a document that `Accept` chooses among."""
TABLES = (JSON, XML, CSV, TSV)
"""The formats of a query's rows."""
WORDS = (DOCX, DOCM, DOTX, DOTM)
"""The formats of Word: documents and templates, without and with macros."""
SOURCES = (*WORDS, ODT, PDF)
"""The formats of documents as they came, beside text and HTML."""
SHEETS = {known.key: known for known in (CSV, XLSX, DOCX)}
"""The formats of a table of a page, by the suffix of its address without the dot."""
LISTS = SHEETS | {known.key: known for known in (RIS, BIBTEX, CSL_JSON)}
"""The formats of a list of recommendations for offices and reference managers, by the same."""
BY_SUFFIX = {
    known.suffix: known for known in (*DOCUMENTS, ANNOTATIONS, TEXT, AKOMA_NTOSO, ATOM, *TABLES, PARQUET, SQLITE, ZIP)
}
BY_KEY = {known.key: known for known in BY_SUFFIX.values()}
OF_DOCUMENTS = (*DOCUMENTS, ANNOTATIONS, TEXT, AKOMA_NTOSO, ATOM)
"""All formats that a suffix of a document's address may name."""


def split_suffix(path: str) -> tuple[str, Format | None]:
    """A path without the suffix of a document's format, and the format; the path itself when it has none."""
    head, dot, tail = path.rpartition(".")
    chosen = BY_SUFFIX.get(dot + tail) if dot else None
    if chosen not in OF_DOCUMENTS:
        return path, None
    if chosen is JSON_LD:
        for longer in (JSON_LD_GRAPHS, ANNOTATIONS):
            if path.endswith(longer.suffix):
                return path.removesuffix(longer.suffix), longer
    return head, chosen


def format_of_file(name: str) -> Format | None:
    """The format of a file for download, by the end of its name."""
    return CSVW if name.endswith(CSVW.suffix) else BY_SUFFIX.get("." + name.rpartition(".")[2])


def format_named(name: str) -> Format | None:
    """The format of a document that ``?format=`` names: a suffix without its dot, or a media type."""
    wanted = name.lower()
    for known in OF_DOCUMENTS:
        if wanted in (known.suffix[1:], known.media_type) or (known is JSON_LD and wanted in known.also):
            return known
    return None


def with_profile(chosen: Format, profiles: str) -> Format:
    """The format of the same media type whose profile is among those that a request names, separated by spaces."""
    for known in (JSON_LD_GRAPHS, ANNOTATIONS):
        if known.media_type == chosen.media_type and known.profile in profiles.split():
            return known
    return chosen
