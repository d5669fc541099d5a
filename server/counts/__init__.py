"""The index of pages that a build made: lines of lists, and sets of who has what, counted by intersecting them."""
