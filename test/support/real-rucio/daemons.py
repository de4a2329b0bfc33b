"""One round of the daemons that turn the seed into locks and counters. Reads RUCIO_CONFIG."""

from rucio.daemons.abacus import account, collection_replica, rse
from rucio.daemons.judge import evaluator

for daemon in (evaluator, account, rse, collection_replica):
    daemon.run(once=True)
