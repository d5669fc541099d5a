"""Which parts touch each other, and so must be judged with some lines of one another.

A document mostly speaks about its own nodes and points to shared ones. Where it points to another document, or speaks
about a node that is not below its own IRI, the parts concerned are judged together with just those lines. Every node
has one owner: the shared part, the document below whose IRI it is, or the first document that speaks about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.judging import Judge, Touched
from ingest.keys import report_key
from ingest.parts import Facts
from ontology.namespaces import Base


@dataclass(frozen=True, slots=True)
class _Part:
    digest: str
    spoken: tuple[str, ...]
    pointed: tuple[str, ...]


@dataclass(slots=True)
class _Wanted:
    """Lines of one other part: by subject, by object."""

    subjects: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)


class Touching:
    """Collects what parts say of others, and makes the tasks of judging them."""

    def __init__(self, base: Base, key: str, shared: Facts) -> None:
        self._documents = f"<{base.iri}id/document/"
        self._shared_key = key
        self._shared = _Part(shared.digest, (), shared.pointed)
        self._shared_nodes = frozenset(shared.spoken)
        self._parts: dict[str, _Part] = {}
        self._by_slug: dict[str, str] = {}
        self._speakers: defaultdict[str, list[str]] = defaultdict(list)
        self._pointers: defaultdict[str, list[str]] = defaultdict(list)
        self._uses: dict[str, str] = {}

    def add(self, key: str, facts: Facts) -> None:
        """Takes the part of a document in; documents come in the order of the corpus."""
        self._parts[key] = _Part(facts.digest, facts.spoken, facts.pointed)
        self._by_slug[facts.slug] = key
        for node in facts.spoken:
            self._speakers[node].append(key)
        for node in facts.pointed:
            self._pointers[node].append(key)
        for use, line in facts.uses.items():
            self._uses.setdefault(use, line)

    def tasks(self, judge: str) -> Iterator[Judge]:
        """One task a part, the shared one first."""
        visited: defaultdict[str, set[str]] = defaultdict(set)
        pointed_at: defaultdict[str, set[str]] = defaultdict(set)
        for node in self._speakers:
            if home := self._home(node):
                visited[home].add(node)
        for node in self._pointers:
            if home := self._home(node):
                pointed_at[home].add(node)
        yield self._shared_task(judge)
        for key in self._parts:
            yield self._task(key, visited[key], pointed_at[key], judge)

    def _home(self, node: str) -> str | None:
        """The part of the document below whose IRI a node is, if it is in the corpus."""
        if not node.startswith(self._documents):
            return None
        slug = node[len(self._documents) :].partition("/")[0].rstrip(">")
        return self._by_slug.get(slug)

    def _shared_task(self, judge: str) -> Judge:
        wanted: defaultdict[str, _Wanted] = defaultdict(_Wanted)
        for node, speakers in self._speakers.items():
            if node in self._shared_nodes:
                for key in speakers:
                    wanted[key].subjects.add(node)
        for node in self._shared.pointed:
            if home := self._home(node):
                wanted[home].subjects.add(node)
        touched = _touched(wanted)
        words = [self._shared.digest, *self._words(touched), *sorted(self._uses)]
        uses = tuple(line for _, line in sorted(self._uses.items()))
        return Judge(self._shared_key, report_key(judge, words), touched, uses=uses, is_shared=True)

    def _task(self, key: str, visited: set[str], pointed_at: set[str], judge: str) -> Judge:
        part = self._parts[key]
        wanted: defaultdict[str, _Wanted] = defaultdict(_Wanted)
        not_owned: set[str] = set()
        for node in part.spoken:
            home = self._home(node)
            for other in {*self._speakers[node], *((home,) if home else ())}:
                wanted[other].subjects.add(node)
            for other in self._pointers.get(node, ()):
                wanted[other].objects.add(node)
            if node in self._shared_nodes or (home or self._speakers[node][0]) != key:
                not_owned.add(node)
        for node in part.pointed:
            home = self._home(node)
            for other in {*self._speakers.get(node, ()), *((home,) if home else ())}:
                wanted[other].subjects |= {node, *self._parts[other].spoken}
        for node in visited:
            for other in self._speakers[node]:
                wanted[other].subjects.add(node)
        for node in pointed_at:
            for other in self._pointers[node]:
                wanted[other].objects.add(node)
        wanted.pop(key, None)
        touched = _touched(wanted)
        words = [part.digest, *self._words(touched), *sorted(not_owned), "also", *sorted(visited)]
        return Judge(key, report_key(judge, words), touched, frozenset(not_owned), frozenset(visited))

    def _words(self, touched: tuple[Touched, ...]) -> Iterator[str]:
        for other in touched:
            yield from (self._parts[other.part].digest, *other.subjects, "objects", *other.objects)


def _touched(wanted: dict[str, _Wanted]) -> tuple[Touched, ...]:
    return tuple(
        Touched(key, tuple(sorted(lines.subjects)), tuple(sorted(lines.objects)))
        for key, lines in sorted(wanted.items())
    )
