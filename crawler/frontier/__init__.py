"""URLs waiting to be fetched: kept in the store, shared by all its workers, lost by no kill."""
