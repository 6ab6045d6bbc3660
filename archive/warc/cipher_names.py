"""Names of TLS cipher suites as IANA registers them (https://www.iana.org/assignments/tls-parameters)."""

import re

# OpenSSL's names, as those of TLS 1.2 and before are built: `ECDHE-RSA-AES128-GCM-SHA256`, `AES256-SHA`.
_OPENSSL = re.compile(
    r"(?:(?P<exchange>ECDHE-ECDSA|ECDHE-RSA|DHE-RSA|DHE-DSS)-)?"
    r"(?P<cipher>AES|CAMELLIA|ARIA)(?P<bits>128|256)"
    r"(?:-(?P<mode>GCM|CCM8?))?(?:-(?P<hash>SHA(?:256|384)?))?"
)
_CHACHA = re.compile(r"(ECDHE-ECDSA|ECDHE-RSA|DHE-RSA)-CHACHA20-POLY1305")


def iana_name(openssl_name: str) -> str:
    """The registered name of a suite that OpenSSL names; a name that follows no rule is returned unchanged.

    Those of TLS 1.3 are the same in both.
    """
    if chacha := _CHACHA.fullmatch(openssl_name):
        return f"TLS_{chacha[1].replace('-', '_')}_WITH_CHACHA20_POLY1305_SHA256"
    parts = _OPENSSL.fullmatch(openssl_name)
    if parts is None or not (parts["mode"] or parts["hash"]):
        return openssl_name
    exchange = (parts["exchange"] or "RSA").replace("-", "_")
    mode = (parts["mode"] or "CBC").replace("CCM8", "CCM_8")
    suffix = f"_{parts['hash']}" if parts["hash"] else ""
    return f"TLS_{exchange}_WITH_{parts['cipher']}_{parts['bits']}_{mode}{suffix}"
