"""Rucio up to 40 behind TLS, with the parts of its SAML sign-in that it expects from its web server.

Rucio's helper in rucio-webui builds a request for python3-saml only where the environment has a key
that mod_wsgi is to set, and Rucio looks for the answer of the identity provider in the query, while
the browser posts it as a form. Everything else is Rucio's own code.
"""

from rucio.web.rest.flaskapi.v1.main import application as rucio


def application(environ, start_response):
    environ["mod_wsgi.url_scheme"] = environ["modwsgi.url_scheme"] = "https"
    if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/auth/saml":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["QUERY_STRING"] = environ["wsgi.input"].read(length).decode("ascii")
    return rucio(environ, start_response)
