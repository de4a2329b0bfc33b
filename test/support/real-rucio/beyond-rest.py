"""The part of the seed that REST can not load, from the JSON file that the first argument names.

Rucio's own conveyor needs a transfer service to talk to. Here its requests change hands, and what
has failed is handled by the functions of Rucio that its finisher calls. Copies that are unavailable
for a while are not taken by versions before 38. Reads RUCIO_CONFIG.
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
from rucio.db.sqla.constants import ReplicaState, RequestState
from rucio.db.sqla.session import transactional_session


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


def set_unavailable(replica, session):
    session.query(models.RSEFileAssociation).filter_by(
        rse_id=get_rse_id(replica["rse"], session=session),
        scope=InternalScope(replica["scope"]),
        name=replica["name"],
    ).one().state = ReplicaState.TEMPORARY_UNAVAILABLE


@transactional_session
def load(seed, *, session):
    for transfer in seed["transfers"]:
        play(transfer, seed["service"], session)
    for replica in seed["unavailable"]:
        set_unavailable(replica, session)


with open(sys.argv[1], encoding="utf-8") as file:
    load(json.load(file))
