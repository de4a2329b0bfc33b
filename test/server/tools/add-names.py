"""Adds datasets that Rucio's generic policy would refuse: `add-names.py DATABASE SCOPE NAME NAMES`.

Each of the names (a JSON list) becomes a copy of the dataset SCOPE:NAME, with its content. Other
policies allow such names; the server itself can serve them all.
"""

import json
import sqlite3
import sys

database, scope, original, names = sys.argv[1:]
connection = sqlite3.connect(database, timeout=30)


def copy(table, name):
    cursor = connection.execute(
        f"select * from {table} where scope = ? and name = ?", (scope, original)
    )
    columns = [column[0] for column in cursor.description]
    marks = ", ".join("?" for _ in columns)
    for row in cursor.fetchall():
        values = dict(zip(columns, row)) | {"name": name}
        connection.execute(
            f"insert into {table} ({', '.join(columns)}) values ({marks})", list(values.values())
        )


for name in json.loads(names):
    copy("dids", name)
    copy("contents", name)
connection.commit()
connection.close()
