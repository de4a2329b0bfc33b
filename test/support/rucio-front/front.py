"""Rucio behind TLS: tells it the subject of the client's certificate, as Apache's mod_ssl does."""

from cryptography import x509
from rucio.web.rest.flaskapi.v1.main import application as rucio


def application(environ, start_response):
    certificate = environ["gunicorn.socket"].getpeercert(True)
    if certificate:
        subject = x509.load_der_x509_certificate(certificate).subject
        environ["SSL_CLIENT_S_DN"] = subject.rfc4514_string()
    return rucio(environ, start_response)
