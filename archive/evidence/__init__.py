"""What makes an archive evidence: keys, signatures, the manifest, tombstones."""
