"""Loaded by every Python process of the fixture: makes sqlite fast, since no data has to survive."""

from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "connect")
def _fast_sqlite(connection, _record):
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = off")
    cursor.execute("pragma busy_timeout = 30000")
    cursor.close()
