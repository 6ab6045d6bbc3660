"""WARC records and files: reading and writing them, byte for byte."""
