"""Visitors' queries when the store is an engine elsewhere: the same gate, limits, admission and formats, another
evaluator.

The engine's process is not ours to kill: at its deadline a query loses its connection, and the engine's own time limit,
set a little above ours, ends it there.
"""

from __future__ import annotations

import asyncio
import time

from pyoxigraph import QueryResultsFormat, Triple, parse_query_results

from ontology.layout import Version
from ontology.namespaces import Base, base_with
from server.linkeddata.jsonld import read_context
from server.sparql.explanations import explain
from server.sparql.outcomes import Limits, QueryFailed, QueryTooSlow, ResultTooLarge
from server.sparql.processes import Dataset
from server.sparql.serializing import Overflow, Reply, Result, write_reply
from server.sparql.service import QueryService, Question, Run, result_of
from server.store.remote import Engine, NotAnswered, ResultCut, StoreSlow
from server.store.versioned import for_version
from server.web.errors import PalermoError
from server.web.monitoring import Metrics
from server.web.threads import contained

_JSON = QueryResultsFormat.JSON
_WIRE = 4  # bytes of an engine's answer to one of a result: the most verbose format to the tersest


class RemoteQueryService(QueryService):
    """A `QueryService` that sends queries to a remote engine."""

    def __init__(self, limits: Limits, metrics: Metrics, engine: Engine) -> None:
        super().__init__(limits, metrics)
        self._engine = engine

    async def move_to(self, dataset: Dataset) -> None:
        """Does nothing: the engine needs no preparation."""

    def _run_at_once(self, run: Run) -> bool:  # noqa: ARG002
        """Returns false: a query always waits for the engine."""
        return False

    async def _evaluate(self, run: Run) -> None:
        """Sends a question to the engine; one that takes long needs a slow place, as it does in a worker."""
        question, place = run.question, run.place
        assert place is not None
        task = asyncio.get_running_loop().create_task(self._fetch(question, run.dataset))
        try:
            done, _ = await asyncio.wait((task,), timeout=None if place.slow else self.limits.slow_after)
            if not done:
                await self._admission.become_slow(place, question.checked.text, patient=False)
            self._finish(run, await task)
        finally:
            task.cancel()

    async def _fetch(self, question: Question, dataset: Dataset) -> Result:
        limits, checked = self.limits, question.checked
        version = Version(Base(dataset.base), dataset.version.partition("/")[0])
        started = time.perf_counter()
        await self._engine.require(version)
        query = for_version(checked.text, version, dataset.graphs, checked.graphs)
        ask = self._engine.rows if checked.form in ("SELECT", "ASK") else self._engine.triples
        try:
            received = await ask(query, deadline=limits.deadline, most=limits.size * _WIRE)
            head, body = await asyncio.to_thread(contained, self._write, received, question, dataset)
        except NotAnswered as problem:
            raise _refusal(checked.text, str(problem)) from None
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
        return result_of(head | {"seconds": time.perf_counter() - started}, body)

    def _write(self, received: bytes | list[Triple], question: Question, dataset: Dataset) -> Reply:
        rows, size, prefixes = self._most_rows(question), self.limits.size, dict(dataset.prefixes)
        results = parse_query_results(received, format=_JSON) if isinstance(received, bytes) else received
        context = read_context(base_with(dataset.base, prefixes))
        return write_reply(results, question.format, rows, size, prefixes, context)


def _refusal(text: str, message: str) -> PalermoError:
    """Why the engine refused a query: our own words where the text breaks the grammar, else the engine's."""
    refusal = explain(text, message)
    return refusal if "line" in refusal.extra else QueryFailed(f"The store says: {message[:500] or 'no more than no'}")
