"""Entries of registries of sources, and which sources were read."""

from crawler.sources.source import Source

TARN = """
[[source]]
id = "tarn-courier"
name = "Le Courrier de Tarn"
homepage = "https://www.tarn-courier.example/"
country = "ML"
languages = ["fr"]
timezone = "Africa/Bamako"
kind = "newspaper"
feeds = ["https://www.tarn-courier.example/feed/"]
"""
VELMAR = (
    TARN.replace("tarn-courier", "velmar-vesti")
    .replace("Le Courrier de Tarn", "Вести Велмара")
    .replace('["fr"]', '["ru", "uk"]')
    .replace("Africa/Bamako", "Europe/Kyiv")
)


def ids(sources: list[Source]) -> list[str]:
    return [source.id for source in sources]
