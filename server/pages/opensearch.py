"""The OpenSearch description, from which browsers learn to search this site (OpenSearch 1.1)."""

from __future__ import annotations

from html import escape

from server.web.exchange import Exchange


def opensearch(exchange: Exchange) -> str:
    """The description document; its address is absolute, as the format wants it."""
    address = escape(exchange.urls.canonical("search?q={searchTerms}"), quote=True)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        "  <ShortName>Palermo</ShortName>\n"
        "  <Description>Recommendations on the smuggling of migrants</Description>\n"
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        f'  <Url type="text/html" template="{address}"/>\n'
        "</OpenSearchDescription>\n"
    )
