"""The site: one module a kind of page. Each asks named queries, fills one frozen view and renders one template."""
