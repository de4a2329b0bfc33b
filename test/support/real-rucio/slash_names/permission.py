"""The generic permissions. Rucio 35 wants the module."""

from rucio.core.permission.generic import *  # noqa: F403
