"""Objects in S3: read by ranges, written with a checksum and read back."""
