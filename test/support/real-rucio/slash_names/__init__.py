"""A policy package: the generic policy with `/` in names, as experiments have it whose names have one.

The generic schema takes such names since Rucio 38; for older versions the fixture loads this.
"""
