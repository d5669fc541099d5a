"""The review bench: one judgement at a time, on the reviewer's own machine, into the tables that people edit."""
