"""One part of a corpus: a document, or what no document brings. It is described first, then validated, by itself.

Its quads, and its shares in dumps and tables, are files in the folder of the build; what the whole build must know of
it is small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from ingest.accuracy import Scores, measure_sentences
from ingest.catalogue_graph import Statistics, statistics
from ingest.corpus import BuildSettings
from ingest.describe import Describer, described
from ingest.dumps import BuildQueries, share, write_share
from ingest.neighbours import Context, Reach, line, reach
from ingest.page_index import IndexShare, index_share
from queries.catalogue import read_catalogue
from shapes.validate import PartReport, Validator, own_nodes


@dataclass(frozen=True, slots=True)
class Part:
    """What a document brings, or the shared part (``slug`` is empty), as far as the whole build must know of it.

    ``at`` names its files; the shared part is at 0. ``title`` is its title, ``example`` the path of a recommendation of
    it, or of the document where it has none. ``nodes`` are those of the shared part, in N-Quads.
    """

    at: int
    slug: str
    title: str
    example: str
    summary: str
    source: str
    accuracy: Scores
    unresolved: tuple[str, ...]
    reach: Reach
    nodes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """A part after its validation: the report, and its shares in what is published."""

    report: PartReport
    figures: Counter[str]
    statistics: Statistics
    index: IndexShare


class Workbench:
    """What one process needs to describe and validate documents; ``folder`` is where their shares go."""

    def __init__(self, settings: BuildSettings, folder: Path) -> None:
        self._folder = folder
        self._base = settings.base
        self._describer = Describer(settings)
        self._nodes = frozenset(map(str, self._describer.nodes))
        self._catalogue = read_catalogue()
        self._validator: Validator | None = None
        self._shared_figures: Counter[str] | None = None

    @property
    def validator(self) -> Validator:
        """Reads the rules when they are first needed."""
        if self._validator is None:
            self._validator = Validator(self._describer.shared, self._base)
        return self._validator

    def describe(self, at: int, source: Path | None) -> Part:
        """Describes a document, or the shared part, and writes its quads: those about its own nodes apart."""
        if source is None:
            quads, own, slug, title, example, summary, checksum = self._describer.shared, "<nothing", *[""] * 5
            accuracy, unresolved = measure_sentences(self._describer.lexicon), tuple[str, ...]()
        else:
            description = self._describer.describe(source)
            document, quads = description.document, description.quads
            own, slug = f"<{self._base.iri}{document.path}/", document.slug
            summary = f"{len(document.paragraphs)} paragraphs in {len(document.sections)} sections"
            title, asking = document.metadata.title, (one for one in document.paragraphs if one.is_recommendation)
            example = next((document.paragraph_path(one.key) for one in asking), document.path)
            checksum, accuracy, unresolved = document.metadata.sha256, description.accuracy, description.unresolved
        lines = sorted(map(line, quads))
        first, end = bisect_left(lines, own), bisect_left(lines, own + "\U0010ffff")
        for ending, content in (("own", lines[first:end]), ("rest", lines[:first] + lines[end:])):
            share(self._folder, at, ending).write_text("".join(content), encoding="utf-8")
        return Part(
            at,
            slug,
            title,
            example,
            summary,
            checksum,
            accuracy,
            unresolved,
            reach(lines, own, () if source is None else self._nodes, self._base),
            self._nodes if source is None else frozenset(),
        )

    def check(self, at: int, context: Context) -> Checked:
        """Validates a part with what others say, and writes its shares in dumps and tables."""
        own, rest = (share(self._folder, at, ending).read_bytes() for ending in ("own", "rest"))
        counted = statistics(own.splitlines())
        quads, others = _read(own + rest), _read(context.nquads())
        is_shared = at == 0
        store = Store()
        store.bulk_extend(self._describer.shared)
        if not is_shared:
            store.bulk_extend([*quads, *_read("".join(context.repeated).encode())])
        queries = BuildQueries(store, self._describer.names, self._catalogue)
        nodes = described(quads)
        write_share(self._folder, at, quads, queries, nodes)
        index, figures = index_share(queries, nodes), _figures(queries)
        if is_shared:
            self._shared_figures = Counter(figures)
            owned = self.validator.nodes
        else:
            if self._shared_figures is None:  # Another process has the shared part.
                alone = Store()
                alone.bulk_extend(self._describer.shared)
                self._shared_figures = _figures(BuildQueries(alone, self._describer.names, self._catalogue))
            figures.subtract(self._shared_figures)
            owned = context.owned(own_nodes(quads) - self.validator.nodes, own_nodes(others))
        report = self.validator.report(quads, others, owned, store)
        return Checked(report, figures, counted, index)


def _read(lines: bytes) -> list[Quad]:
    """The quads of lines that the build has written itself, which are not checked again."""
    return list(parse(lines, RdfFormat.N_QUADS, rename_blank_nodes=False, lenient=True))


def _figures(queries: BuildQueries) -> Counter[str]:
    return Counter({name: int(value.value) for name, value in queries.rows("figures")[0].items()})
