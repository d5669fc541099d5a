"""The figures of the house are counted as their names say."""

from __future__ import annotations

from server.settings import Settings
from tests.figures import circles, figures, import_graph


def test_a_circle_is_found_wherever_it_is_entered() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b", "e"}, "e": set(), "f": {"a", "e"}}
    assert circles(graph) == [{"b", "c", "d"}]


def test_imports_are_seen_also_inside_functions() -> None:
    assert {"ingest.command", "server.command", "ontology.namespaces"} <= import_graph()["palermo"]


def test_each_figure_is_printed_with_a_value(settings: Settings) -> None:
    printed = dict(figures(settings))
    for name in ("a 303 from /id/…", "a recommendation's page", "a SPARQL look-up"):
        assert 3 <= int(printed[f"own modules that {name} enters"]) <= 60
