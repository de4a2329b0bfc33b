"""Makes a dataset very long: `add-content.py DATABASE SCOPE NAME COUNT`.

Its content becomes COUNT rows that name files which there are not, so that its list can be read.
"""

import sqlite3
import sys

database, scope, name, count = sys.argv[1:]
connection = sqlite3.connect(database, timeout=30)
cursor = connection.execute(
    "select * from contents where scope = ? and name = ? limit 1", (scope, name)
)
columns = [column[0] for column in cursor.description]
values = ", ".join(
    "'bulk.' || number" if column == "child_name" else column for column in columns
)
connection.execute(
    f"""with recursive numbers(number) as
        (select 1 union all select number + 1 from numbers where number < ?)
    insert into contents ({', '.join(columns)})
    select {values} from numbers, (select * from contents where scope = ? and name = ? limit 1)""",
    (int(count), scope, name),
)
connection.commit()
connection.close()
