"""Errors of the network in words."""

from __future__ import annotations

import pytest
from OpenSSL.SSL import Error as TlsError
from service_identity import VerificationError
from service_identity.exceptions import DNSMismatch
from service_identity.hazmat import DNS_ID
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from newscrawler.middlewares.network_errors import error_text


def wrapped(*errors: Exception) -> Exception:
    """As Scrapy hands on what Twisted met."""
    outer = Exception("[<twisted.python.failure.Failure …>]")
    failures = [Failure(error) for error in errors]  # type: ignore[no-untyped-call]  # Twisted's
    outer.__cause__ = ResponseFailed(failures)  # type: ignore[no-untyped-call]  # Twisted's
    return outer


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TlsError([("SSL routines", "", "certificate verify failed")]), "certificate has expired"),
        (TlsError([("SSL routines", "", "wrong version number")]), "TLS: wrong version number"),
        (TlsError(), "TLS: the connection was closed"),
        (
            VerificationError(errors=[DNSMismatch(DNS_ID("paper.test"))]),
            "the TLS certificate is for another host",
        ),
        (ConnectionResetError("reset by peer"), "reset by peer"),
    ],
)
def test_an_error_of_tls_is_a_sentence(error: Exception, told: str) -> None:
    said = error_text(wrapped(error))
    assert told in said
    assert not set("[]()='") & set(said)
