"""The parts of a corpus: each document, and what no document brings. Each is described first, then validated, by
itself, with what the others say of its nodes.

A document mostly speaks about its own nodes and points to shared ones. Where it points to another document, or speaks
about a node that is not below its own IRI, the documents concerned are validated together with just those lines. Every
node has one owner: the shared part, the document below whose IRI it is, or the first document that speaks about it. The
quads of a part, and its shares in dumps and tables, are files in the folder of the build; what the whole build must
know of it is small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from ingest.accuracy import Scores, measure_sentences
from ingest.catalogue_graph import Statistics, statistics
from ingest.corpus import BuildSettings
from ingest.describe import Describer, described
from ingest.dumps import BuildQueries, share, write_share
from ingest.page_index import IndexShare, index_share
from ontology.namespaces import Base
from ontology.terms import Node
from queries.catalogue import read_catalogue
from shapes.validate import PartReport, Validator, own_nodes


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the quads of a document reach beyond its own nodes, as lines of N-Quads by node (in N-Quads).

    ``about`` has what it says about nodes that are not below its IRI, ``pointing`` all nodes that it points to and that
    are neither its own nor shared, with those lines that are no uses (see `reach`).
    """

    about: Mapping[str, tuple[str, ...]]
    pointing: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """What a part is validated with: lines of others, and nodes about which the files of others have more.

    ``not_owned`` are nodes that it speaks about and another owns, ``also_owned`` nodes of its own that only others
    speak about, ``repeated`` lines of its own whose triples an earlier part has.
    """

    lines: frozenset[str]
    elsewhere: tuple[tuple[Path, frozenset[str]], ...] = ()
    not_owned: frozenset[str] = frozenset()
    also_owned: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()

    def owned(self, described: Collection[Node], others: Collection[Node]) -> frozenset[Node]:
        """The nodes that a part owns among those that it and ``others`` describe."""
        mine = {node for node in described if str(node) not in self.not_owned}
        return frozenset(mine | {node for node in others if str(node) in self.also_owned})

    def nquads(self) -> bytes:
        """All lines, those of the files read."""
        lines = set(self.lines)
        for path, nodes in self.elsewhere:
            starts = tuple(f"{node} " for node in nodes)
            with path.open(encoding="utf-8") as file:
                lines.update(line for line in file if line.startswith(starts))
        return "".join(sorted(lines)).encode()


def without_repeats(reaches: Sequence[Reach]) -> list[tuple[Reach, frozenset[str]]]:
    """Each reach without the lines whose triple an earlier one has in another graph, and those lines.

    Two documents say the same of a meeting, or of a thing that nobody described. In one graph only, it counts once for
    who asks all graphs together, whose union the engine does not free of duplicates.
    """
    parts = Counter(node for each in reaches for node in each.about)
    known: set[str] = set()
    kept = []
    for each in reaches:
        lines = [one for node, said in each.about.items() if parts[node] > 1 for one in said]
        repeated = frozenset(one for one in lines if _triple(one) in known)
        known.update(map(_triple, lines))
        about = {node: tuple(one for one in said if one not in repeated) for node, said in each.about.items()}
        kept.append((replace(each, about={node: said for node, said in about.items() if said}), repeated))
    return kept


def _triple(line: str) -> str:
    """A line of N-Quads without its graph."""
    return line.rpartition(" <")[0]


def nquads(quads: Iterable[Quad]) -> list[str]:
    """Quads as lines of N-Quads."""
    written = serialize(quads, format=RdfFormat.N_QUADS)
    assert written is not None
    return list(StringIO(written.decode(), newline="\n"))


def reach(lines: Iterable[str], own: str, shared: Collection[str], base: Base) -> tuple[Reach, Collection[str]]:
    """How far lines of N-Quads reach, and their uses; ``own`` is how the document's own nodes begin, ``shared`` has
    those of the shared part, in N-Quads.

    A use is one line for each property with which the document points to a shared node, or its own nodes to one below
    no document, which others may use as well: what is validated is that something uses it, not what and how often.
    """
    ours = f"<{base.iri}"
    below = f"{ours}id/document/"
    about: defaultdict[str, list[str]] = defaultdict(list)
    pointing: defaultdict[str, list[str]] = defaultdict(list)
    uses: dict[str, str] = {}
    for one in lines:
        subject, predicate, rest = one.split(" ", 2)
        if not one.startswith(own):
            about[subject].append(one)
        if rest.startswith('"'):
            continue  # a literal is no node
        value = rest.partition(" ")[0]
        if value in shared:
            uses.setdefault(f"{predicate} {value}", one)
        elif value.startswith(ours) and not value.startswith(own):
            said = pointing[value]
            if one.startswith(own) and not value.startswith(below):
                uses.setdefault(f"{predicate} {value}", one)
            else:
                said.append(one)
    return Reach(_tuples(about), _tuples(pointing)), uses.values()


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {node: tuple(lines) for node, lines in lists.items()}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document of the corpus: its name, its reach, the files with the lines about its own nodes and with its uses,
    and the lines of its own that the reach is without."""

    slug: str
    reach: Reach
    own: Path
    uses: Path
    repeated: frozenset[str] = frozenset()


class Neighbours:
    """All documents of a corpus in their order, and the nodes of the shared part (in N-Quads).

    ``pointed`` are the nodes of documents that the shared part points to.
    """

    def __init__(
        self, documents: Sequence[Neighbour], shared: Collection[str], pointed: Iterable[str], base: Base
    ) -> None:
        self._documents = documents
        self._shared = shared
        self._pointed = pointed
        self._below = f"<{base.iri}id/document/"
        self._at = {document.slug: at for at, document in enumerate(documents)}
        self._speakers: defaultdict[str, list[int]] = defaultdict(list)
        self._crossing: defaultdict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
        self._touched: defaultdict[int, set[str]] = defaultdict(set)
        self._uses: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for at, document in enumerate(documents):
            with document.uses.open(encoding="utf-8") as file:
                for one in file:
                    _, predicate, rest = one.split(" ", 2)
                    self._uses[rest.partition(" ")[0]][predicate] = one
            for node in document.reach.about:
                self._speakers[node].append(at)
            for node, lines in (*document.reach.about.items(), *document.reach.pointing.items()):
                self._crossing[node][at] = self._crossing[node].get(at, ()) + lines
                if (home := self._home(node, at)) is not None:
                    self._touched[home].add(node)

    def _home(self, node: str, without: int | None = None) -> int | None:
        """The document below whose IRI a node is, if it is in the corpus and is another than the one left out."""
        if not node.startswith(self._below):
            return None
        at = self._at.get(node[len(self._below) :].partition("/")[0].rstrip(">"))
        return None if at == without else at

    def of_shared(self) -> Context:
        """What the shared part is validated with: what documents say about its nodes, and one use of each of them."""
        lines = self._of_others(self._shared & self._speakers.keys()) | self._uses_of(self._shared)
        return Context(frozenset(lines), self._files(self._pointed))

    def of_document(self, at: int) -> Context:
        """What the document at a place in the corpus is validated with."""
        own, touched = self._documents[at].reach, self._touched[at]
        lines = self._of_others({*own.about, *own.pointing, *touched}, at) | self._uses_of(own.about)
        for node in own.pointing:
            lines.update(*map(self._everything, self._speakers.get(node, ())))
            if (home := self._home(node, at)) is not None:
                lines |= self._everything(home)
        owners = {node: self._home(node) for node in own.about}
        owners |= {node: self._speakers[node][0] for node, home in owners.items() if home is None}
        return Context(
            frozenset(lines),
            self._files((*own.about, *own.pointing), at),
            frozenset(node for node, owner in owners.items() if node in self._shared or owner != at),
            frozenset(touched & self._speakers.keys()),
            self._documents[at].repeated,
        )

    def _of_others(self, nodes: Iterable[str], without: int | None = None) -> set[str]:
        """The lines of all documents but one that speak about these nodes or point to them."""
        crossing = (self._crossing.get(node, {}).items() for node in nodes)
        return {line for each in crossing for at, lines in each if at != without for line in lines}

    def _uses_of(self, nodes: Iterable[str]) -> set[str]:
        """One line of some document for each property with which any points to one of these nodes."""
        return {one for node in nodes for one in self._uses.get(node, {}).values()}

    def _everything(self, at: int) -> set[str]:
        """Returns the quads of a document about nodes that it does not own: a few, of meetings and agents."""
        return {line for lines in self._documents[at].reach.about.values() for line in lines}

    def _files(self, nodes: Iterable[str], without: int | None = None) -> tuple[tuple[Path, frozenset[str]], ...]:
        """The files that have more about nodes of documents, but for those of one document, and these nodes."""
        elsewhere: defaultdict[int, set[str]] = defaultdict(set)
        for node in nodes:
            if (home := self._home(node, without)) is not None:
                elsewhere[home].add(node)
        return tuple((self._documents[at].own, frozenset(nodes)) for at, nodes in sorted(elsewhere.items()))


@dataclass(frozen=True, slots=True)
class Part:
    """What a document brings, or the shared part (``slug`` is empty), as far as the whole build must know of it.

    ``at`` names its files; the shared part is at 0. ``title`` is its title, ``example`` the path of a recommendation of
    it, or of the document where it has none. ``nodes`` are those of the shared part, in N-Quads; ``places`` are the
    rows of tables by what they judge.
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
    places: Mapping[str, str] = field(default_factory=dict)

    def located(self, report: PartReport) -> PartReport:
        """The report with the rows of tables that its results are about, in place of lines of the source text."""
        results = (replace(each, place=self.places.get(_iri(each.focus), each.place)) for each in report.results)
        return replace(report, results=tuple(results))


def _iri(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else ""


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
            places: Mapping[str, str] = {}
        else:
            description = self._describer.describe(source)
            document, quads, places = description.document, description.quads, description.places
            own, slug = f"<{self._base.iri}{document.path}/", document.slug
            summary = f"{len(document.paragraphs)} paragraphs in {len(document.sections)} sections"
            title, asking = document.metadata.title, (one for one in document.paragraphs if one.is_recommendation)
            example = next((document.paragraph_path(one.key) for one in asking), document.path)
            checksum, accuracy, unresolved = document.metadata.sha256, description.accuracy, description.unresolved
        lines = sorted(nquads(quads))
        first, end = bisect_left(lines, own), bisect_left(lines, own + "\U0010ffff")
        reached, uses = reach(lines, own, () if source is None else self._nodes, self._base)
        for ending, content in (("own", lines[first:end]), ("rest", lines[:first] + lines[end:]), ("uses", uses)):
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
            reached,
            self._nodes if source is None else frozenset(),
            places,
        )

    def check(self, at: int, context: Context) -> Checked:
        """Validates a part with what others say, and writes its shares in dumps and tables."""
        own, rest = (share(self._folder, at, ending).read_bytes() for ending in ("own", "rest"))
        counted = statistics(own.splitlines())
        outside, others = _read(rest), _read(context.nquads())
        quads = _read(own) + outside
        is_shared = at == 0
        store = Store()
        store.bulk_extend(self._describer.shared)
        if not is_shared:
            store.bulk_extend([*quads, *_read("".join(context.repeated).encode())])
        nodes = described(quads)
        things = None if is_shared else tuple(node for node in described(outside) if isinstance(node, NamedNode))
        queries = BuildQueries(store, self._describer.names, self._catalogue, things)
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
            mine = nodes.union(store.named_graphs()) - self.validator.nodes
            owned = context.owned(mine, own_nodes(others))
        report = self.validator.report(quads, others, owned, store)
        return Checked(report, figures, counted, index)


def _read(lines: bytes) -> list[Quad]:
    """The quads of lines that the build has written itself, which are not checked again."""
    return list(parse(lines, RdfFormat.N_QUADS, rename_blank_nodes=False, lenient=True))


def _figures(queries: BuildQueries) -> Counter[str]:
    return Counter({name: int(value.value) for name, value in queries.rows("figures")[0].items()})
