"""Ends a session: `expire-token.py DATABASE TOKEN`. Exit code 1 when there is no such token."""

import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1], timeout=30)
cursor = connection.execute(
    "update tokens set expired_at = '2020-01-01 00:00:00.000000' where token = ?", (sys.argv[2],)
)
connection.commit()
connection.close()
sys.exit(0 if cursor.rowcount == 1 else 1)
