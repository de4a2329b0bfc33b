"""Changes all sessions of a Rucio: `change-sessions.py DATABASE end|age`.

end: their hour has passed. age: they are old enough to be renewed.
"""

import sqlite3
import sys

CHANGES = {
    "end": "expired_at = '2020-01-01 00:00:00.000000'",
    "age": "updated_at = datetime(updated_at, '-10 minutes')",
}
connection = sqlite3.connect(sys.argv[1], timeout=30)
connection.execute(f"update tokens set {CHANGES[sys.argv[2]]}")
connection.commit()
connection.close()
