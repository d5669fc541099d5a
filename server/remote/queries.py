"""Visitors' queries when the store is an engine elsewhere: the same gate, limits, lanes and formats, another evaluator.

The engine's process is not ours to kill: at its deadline a query loses its connection, and the engine's own time limit,
set a little above ours, ends it there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import IO, Any, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from ontology.formats import BY_KEY
from ontology.namespaces import Base
from ontology.versions import Version
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import as_xml, write_triples
from server.remote.engine import Engine
from server.remote.failures import NotAnswered, ResultCut, StoreSlow
from server.remote.results import Rows, written
from server.remote.text import remote_text
from server.sparql.graphs import distinct_triples, table_reply
from server.sparql.lanes import Place
from server.sparql.limits import Limits
from server.sparql.outcomes import QueryFailed, QueryTooSlow, ResultTooLarge
from server.sparql.results import Dataset, Question, Result
from server.sparql.service import QueryService
from server.sparql.syntax import explain
from server.sparql.tally import Overflow, Tally
from server.sparql.worker import TABLES
from server.web.errors import PalermoError

_WIRE = 4  # bytes of an engine's answer to one of a result: the most verbose format to the tersest
_GRAPH = ("subject", "predicate", "object")
Answer = tuple[dict[str, Any], bytes]


class RemoteQueryService(QueryService):
    """A `QueryService` that has an engine evaluate."""

    def __init__(self, limits: Limits, report: Callable[[str, float], None], engine: Engine) -> None:
        super().__init__(limits, report)
        self._engine = engine

    async def move_to(self, dataset: Dataset) -> None:
        """Nothing is to be made ready here."""

    async def _evaluate(self, question: Question, dataset: Dataset, place: Place) -> Result:
        """The result from the engine; what takes long needs a slow place, as it does in a worker."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._fetch(question, dataset))
        ended: list[PalermoError] = []

        def slow() -> None:
            refusal = self._lanes.become_slow(place)
            if refusal is not None:
                ended.append(refusal)
                task.cancel()

        timer = None if place.slow else loop.call_later(self.limits.slow_after, slow)
        try:
            return await task
        except asyncio.CancelledError:
            task.cancel()
            if ended:
                raise ended[0] from None
            raise
        finally:
            if timer is not None:
                timer.cancel()

    async def _fetch(self, question: Question, dataset: Dataset) -> Result:
        limits, verdict = self.limits, question.verdict
        version = Version(Base(dataset.ground.base), dataset.version.partition("/")[0])
        started = time.perf_counter()
        await self._engine.stand_on(version)
        most = limits.size * _WIRE
        try:
            query = remote_text(
                verdict.text,
                version,
                dataset.graphs,
                default_graphs=question.default_graphs,
                named_graphs=question.named_graphs,
            )
            if verdict.form in ("SELECT", "ASK"):
                rows = await self._engine.rows(query, deadline=limits.deadline, most=most)
                head, body = await asyncio.to_thread(self._write_rows, rows, question)
            else:
                triples = await self._engine.triples(query, deadline=limits.deadline, most=most)
                head, body = await asyncio.to_thread(self._write_triples, triples, question, dataset)
        except NotAnswered as problem:
            raise _refusal(verdict.text, str(problem)) from None
        except StoreSlow:
            raise QueryTooSlow(limits.deadline) from None
        except ResultCut as cut:
            raise ResultTooLarge("rows", cut.rows) from None
        except OverflowError:
            raise ResultTooLarge("bytes", limits.size) from None
        except Overflow as over:
            raise ResultTooLarge(over.unit, limits.rows if over.unit == "rows" else limits.size) from None
        except ValueError as problem:
            raise QueryFailed(f"{problem}.") from None
        return Result.of(head | {"seconds": time.perf_counter() - started}, body)

    def _write_rows(self, rows: Rows, question: Question) -> Answer:
        results = parse_query_results(written(rows), format=QueryResultsFormat.JSON)
        form = question.format
        if form == "html":
            return table_reply(results, self.limits.table_rows)
        if not isinstance(results, QuerySolutions):
            return {"rows": 1}, results.serialize(format=TABLES[form]) or b""
        tally = Tally(form, self.limits.rows, self.limits.size)
        results.serialize(cast(IO[bytes], tally), format=TABLES[form])
        body, count = tally.close()
        return {"rows": count}, as_xml(body) if form == "xml" else body

    def _write_triples(self, found: list[Triple], question: Question, dataset: Dataset) -> Answer:
        triples = distinct_triples(found)
        if question.format == "html":
            parts = ((triple.subject, triple.predicate, triple.object) for triple in triples)
            rows = [dict(zip(_GRAPH, part, strict=True)) for part in parts]
            return self._write_rows(Rows(_GRAPH, cast(Any, rows), None), question)
        if len(triples) > self.limits.rows:
            raise Overflow("rows")
        ground = dataset.ground
        body = write_triples(triples, BY_KEY[question.format], dict(ground.prefixes), read_context(Base(ground.base)))
        if len(body) > self.limits.size:
            raise Overflow("bytes")
        return {"rows": len(triples)}, body


def _refusal(text: str, message: str) -> PalermoError:
    """Why the engine refused a query: our own words where the text breaks the grammar, else the engine's."""
    refusal = explain(text, message)
    return refusal if "line" in refusal.extra else QueryFailed(f"The store says: {message[:500] or 'no more than no'}")
