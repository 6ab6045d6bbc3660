"""Is an archive what was written? Each fault is a finding."""
