"""Plays the transfer service for the transfers in the JSON file that is named by the first argument.

Rucio's own conveyor needs a transfer service to talk to. Here its requests change hands, and what
has failed is handled by the functions of Rucio that its finisher calls. Reads RUCIO_CONFIG.
"""

import json
import sys
from datetime import datetime
from uuid import uuid4

from rucio.common.types import InternalScope
from rucio.core.lock import failed_transfer
from rucio.core.request import archive_request
from rucio.core.rse import get_rse_id
from rucio.db.sqla import models
from rucio.db.sqla.constants import DatabaseOperationType, ReplicaState, RequestState
from rucio.db.sqla.session import db_session


def play(transfer, service, session):
    file = {
        "scope": InternalScope(transfer["scope"]),
        "name": transfer["name"],
    }
    destination = get_rse_id(transfer["destination"], session=session)
    request = session.query(models.Request).filter_by(dest_rse_id=destination, **file).one()
    request.source_rse_id = get_rse_id(transfer["source"], session=session)
    request.state = RequestState[transfer["state"]]
    request.external_host = service
    request.external_id = uuid4().hex
    request.transfertool = "fts3"
    request.submitted_at = datetime.utcnow()
    request.err_msg = transfer["error"]
    session.flush()
    if transfer["state"] == "FAILED":
        replica = session.query(models.RSEFileAssociation).filter_by(rse_id=destination, **file)
        replica.one().state = ReplicaState.UNAVAILABLE
        archive_request(request.id, session=session)
        failed_transfer(rse_id=destination, error_message=transfer["error"], session=session, **file)
    session.flush()


with open(sys.argv[1], encoding="utf-8") as file:
    seed = json.load(file)
with db_session(DatabaseOperationType.WRITE) as session:
    for transfer in seed["transfers"]:
        play(transfer, seed["service"], session)
