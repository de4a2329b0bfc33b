"""The generic schema of Rucio 38 and later, as far as names go."""

from rucio.common.schema.generic import *  # noqa: F403
from rucio.common.schema.generic import NAME

# The schemas of whole documents refer to this one.
NAME["pattern"] = r"^[/A-Za-z0-9][/A-Za-z0-9\.\-_]*$"
SCOPE_NAME_REGEXP = r"/([^/]+)/(.*)"
