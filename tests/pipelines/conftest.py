from tests.crawler.store.conftest import store

__all__ = ["store"]
