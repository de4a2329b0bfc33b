"""Parses argument lists with the Python server's own parser, and starts nothing.

Standard input: a JSON list of {"args": [...], "env": {...}}. Standard output: a JSON list of what
the server would have been started with, or of {"refused": message}.
"""

import contextlib
import io
import json
import os
import sys

from rucio_mcp import cli

started = []
cli.serve = lambda **settings: started.append(settings)


def parse(args, env):
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["rucio-mcp", *args]
    errors = io.StringIO()
    started.clear()
    try:
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(errors):
            cli.main()
    except SystemExit:
        return {"refused": errors.getvalue()}
    return started[0]


print(json.dumps([parse(**case) for case in json.load(sys.stdin)], default=str))
