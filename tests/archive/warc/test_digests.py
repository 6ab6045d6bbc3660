import time

from archive.index.run_digests import RunDigests
from archive.warc.digests import Original, payload_key, url_key


def original(number: int = 0) -> Original:
    url = f"https://news.example/{number}"
    date = "2021-01-28T09:00:00.123456Z"
    return Original(url, date, f"<urn:uuid:{number:032}>", f"sha1:{number:032}", "news-1.warc.gz", number)


def test_what_was_added_is_found_by_its_key() -> None:
    index = RunDigests()
    index.add({payload_key(b"a"): original(1), url_key("https://news.example/1"): original(1)})

    assert index.find(payload_key(b"a")) == original(1)
    assert index.find(url_key("https://news.example/1")) == original(1)
    assert index.find(payload_key(b"b")) is None
    index.close()


def test_the_newest_original_of_a_key_stays() -> None:
    index = RunDigests()
    index.add({payload_key(b"a"): original(1)})
    index.add({payload_key(b"a"): original(2)})

    assert index.find(payload_key(b"a")) == original(2)
    index.close()


def test_a_page_whose_text_is_a_url_does_not_stand_for_that_url() -> None:
    assert payload_key(b"https://news.example/") != url_key("https://news.example/")


def test_among_many_payloads_one_is_found_in_no_time() -> None:
    index = RunDigests()
    index.add({payload_key(b"%d" % number): original(number) for number in range(20_000)})

    began = time.perf_counter()
    for number in range(0, 20_000, 20):
        index.find(payload_key(b"%d" % number))
    assert (time.perf_counter() - began) / 1000 < 0.001
    index.close()
