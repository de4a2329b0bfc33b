"""Rucio behind an Apache that signs users in: takes their name from it, as under mod_wsgi."""

from rucio.web.rest.flaskapi.v1.main import application as rucio


def application(environ, start_response):
    user = environ.pop("HTTP_X_REMOTE_USER", "")
    if user:
        environ["REMOTE_USER"] = user
    return rucio(environ, start_response)
