import re
import shutil
import subprocess

import pytest

from archive.warc.cipher_names import iana_name


@pytest.mark.parametrize(
    ("openssl", "registered"),
    [
        ("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("DHE-RSA-AES256-CCM8", "TLS_DHE_RSA_WITH_AES_256_CCM_8"),
        ("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
        ("SOME-NEW-SUITE", "SOME-NEW-SUITE"),
    ],
)
def test_suites_have_their_registered_names(openssl: str, registered: str) -> None:
    assert iana_name(openssl) == registered


def test_openssl_agrees_on_every_suite_that_a_public_site_can_choose() -> None:
    if shutil.which("openssl") is None:
        pytest.skip("the program openssl is not installed")
    listed = subprocess.run(
        ["openssl", "ciphers", "-stdname", "ALL"], capture_output=True, text=True, check=True
    ).stdout
    suites = [line.split()[0:3:2] for line in listed.splitlines()]
    # Without certificate (anonymous, pre-shared keys, passwords) no web site is fetched.
    public = [suite for suite in suites if not re.search("PSK|anon|SRP|ECDHE-ARIA", " ".join(suite))]

    assert len(public) > 30
    assert [iana_name(name) for _, name in public] == [registered for registered, _ in public]
