"""Measurements that others can run, and the generator of documents that they are made on."""
