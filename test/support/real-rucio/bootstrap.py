"""Creates Rucio's tables, its only VO and the account root. Reads RUCIO_CONFIG."""

from rucio.db.sqla.util import build_database, create_base_vo, create_root_account

build_database()
create_base_vo()
create_root_account()
