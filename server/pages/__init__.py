"""The site: one module a kind of page. Each asks named queries and the index, and gives one template its context."""
