"""The manners of HTTP: URLs, negotiation, errors and the one way in which every answer is finished."""
