"""Folds the write-ahead log into the database file that is named by the first argument."""

import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.execute("pragma wal_checkpoint(truncate)")
connection.execute("pragma journal_mode = delete")
connection.close()
