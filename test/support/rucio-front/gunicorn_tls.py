"""gunicorn's settings for TLS with optional client certificates, also proxies (RFC 3820)."""

import os
import ssl

certfile = os.environ["FRONT_CERT"]
keyfile = os.environ["FRONT_KEY"]
ca_certs = os.environ["FRONT_CA"]
cert_reqs = ssl.CERT_OPTIONAL


def ssl_context(_config, default_ssl_context_factory):
    context = default_ssl_context_factory()
    context.verify_flags |= ssl.VERIFY_ALLOW_PROXY_CERTS
    return context
