"""Every door of the notes."""

import json
import time
from typing import Any

from chalice.app import Chalice, CORSConfig, Response

from tests.local.sample.access import anyone, machines
from tests.local.sample.notes import bootstrap

app = Chalice(app_name="notes")
CORS = CORSConfig(allow_origin="https://app.example.com")


@app.route("/", methods=["POST"], authorizer=anyone, cors=CORS)
def write_note() -> Response:
    request = app.current_request
    assert request is not None
    body = request.json_body
    item = {"pk": f"E#{body['id']}", "sk": "A", "id": body["id"], "text": body.get("text", "")}
    bootstrap.table().put_item(Item=item)
    return Response(item, status_code=201, headers={"X-Amz-Seen": "yes"})


@app.route("/", methods=["GET"], authorizer=anyone, cors=CORS)
def describe_request() -> dict[str, Any]:
    request = app.current_request
    assert request is not None
    return request.to_original_event()


@app.route("/{note_id}", methods=["GET"], authorizer=anyone)
def get_note(note_id: str) -> Response:
    found = bootstrap.table().get_item(Key={"pk": f"E#{note_id}", "sk": "A"}).get("Item")
    return Response(found or {}, status_code=200 if found else 404)


@app.route("/import", methods=["POST"], authorizer=machines)
def import_notes() -> dict[str, Any]:
    return {"imported": 0}


@app.route("/openapi.json", methods=["GET"])
def openapi() -> dict[str, Any]:
    return {"openapi": "3.1.0"}


@app.route("/odd/{what}", methods=["GET"], authorizer=anyone)
def be_odd(what: str) -> Any:
    if what == "slow":
        time.sleep(1)
    return {"slow": True} if what == "slow" else Response(b"\x00\x01", headers=_BINARY)


_BINARY: Any = {"Content-Type": "application/octet-stream"}


@app.lambda_function()
def publish_changes(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Stream: says which notes were written. A note called poison cannot be said."""
    failures = []
    entries: list[Any] = []
    for record in event["Records"]:
        note = record["dynamodb"]["NewImage"]["id"]["S"]
        if note.startswith("poison"):
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            break
        entries.append(_entry(note))
    for start in range(0, len(entries), 10):
        bootstrap.events().put_events(Entries=entries[start : start + 10])
    return {"batchItemFailures": failures}


@app.lambda_function()
def count_changes(event: dict[str, Any], _context: object) -> None:
    """Stream: counts the changes of each note, beside the notes."""
    for record in event["Records"]:
        note = record["dynamodb"]["NewImage"]["id"]["S"]
        bootstrap.table().update_item(
            Key={"pk": f"C#{note}", "sk": "COUNT"},
            UpdateExpression="ADD changes :one",
            ExpressionAttributeValues={":one": 1},
        )


@app.lambda_function()
def summary(event: dict[str, Any], _context: object) -> dict[str, Any]:
    if event["id"] == "broken":
        raise LookupError("nothing is known of broken")
    key = {"pk": f"C#{event['id']}", "sk": "COUNT"}
    found = bootstrap.table().get_item(Key=key).get("Item", {})
    return {"id": event["id"], "changes": found.get("changes", 0)}


@app.lambda_function()
def reconcile(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Says every note again."""
    notes = [item["id"] for item in bootstrap.table().scan()["Items"] if "id" in item]
    for note in notes:
        bootstrap.events().put_events(Entries=[_entry(note)])
    return {"said": len(notes), "since": event["since"]}


def _entry(note: Any) -> Any:
    return {
        "EventBusName": bootstrap.bus(),
        "Source": "sample.notes",
        "DetailType": "NoteWritten.v1",
        "Detail": json.dumps({"id": note}),
    }
