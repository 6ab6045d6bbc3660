"""WARC capture, reading and replay for any Scrapy project: put `archive.addon.ArchiveAddon` into ADDONS."""
