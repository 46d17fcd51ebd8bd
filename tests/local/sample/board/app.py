"""Every door of the board."""

import json
import time
from typing import Any

from chalice.app import Chalice

from tests.local.sample.access import anyone
from tests.local.sample.board import bootstrap

app = Chalice(app_name="board")
healed: set[str] = set()  # notes that a repair has made readable


@app.route("/{note_id}", methods=["GET"], authorizer=anyone)
def show(note_id: str) -> dict[str, Any]:
    posted: dict[str, Any] = bootstrap.table().get_item(Key={"pk": note_id}).get("Item", {})
    answer = bootstrap.functions().invoke(
        FunctionName=bootstrap.notes_summary(), Payload=json.dumps({"id": note_id}).encode()
    )
    request = app.current_request
    assert request is not None
    return {
        "posted": int(posted.get("times", 0)),
        "summary": json.loads(answer["Payload"].read()),
        "failed": answer.get("FunctionError"),
        "path": request.path,
    }


@app.lambda_function()
def on_events(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Queue: posts each note. One called bad cannot be posted until it is healed."""
    failures = []
    for record in event["Records"]:
        note = json.loads(record["body"])["detail"]["id"]
        if note.startswith("bad") and note not in healed:
            failures.append({"itemIdentifier": record["messageId"]})
            continue
        bootstrap.table().update_item(
            Key={"pk": note},
            UpdateExpression="ADD times :one SET posted_at = :now",
            ExpressionAttributeValues={":one": 1, ":now": str(time.time())},
        )
    return {"batchItemFailures": failures}
