"""The zips, called as Lambda calls them: a bare Python, nothing but the zip and boto3."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import phonenumbers
import pytest
from moto.server import ThreadedMotoServer

from infra import build
from infra.local.engines.engine import REGION, STRANGERS
from infra.local.provision import provision
from infra.local.templates import Account, World, read_world
from infra.package import ZIP, package
from infra.zips import LARGEST
from shared.access import Caller, Role
from shared.grounds import Reason
from tests.packages.conftest import FUNCTION, Packaged, lambda_packages

INFRA = Path(build.__file__).parent
# What Lambda's own runtime brings along.
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
# Calls handlers one after another, and notes every module of the zip that Python had to compile.
LAMBDA = """
import importlib, json, sys
from importlib.machinery import SourceFileLoader

task, runtime, calls = sys.argv[1], sys.argv[2], json.load(sys.stdin)
sys.path[:0] = [task, runtime]
compiled, compile_source = [], SourceFileLoader.source_to_code
def note(loader, data, path, **options):
    compiled.append(path)
    return compile_source(loader, data, path, **options)
SourceFileLoader.source_to_code = note

class Context:
    aws_request_id, function_name, memory_limit_in_mb = "request", "function", 1024
    def get_remaining_time_in_millis(self):
        return 30000

answers = {}
for name, (handler, event) in calls.items():
    module, _, function = handler.partition(".")
    answers[name] = getattr(importlib.import_module(module), function)(event, Context())
ours = [path for path in compiled if path.startswith(task)]
json.dump({"answers": answers, "compiled": ours}, sys.__stderr__)
"""

# Imports every module of ours, and builds all that they would build when it is first needed.
BUILD_ALL = """
import importlib, json, pkgutil, sys

sys.path[:0] = sys.argv[1:]
from pydantic import BaseModel

names = [
    one.name
    for folder in ("services", "shared")
    for one in pkgutil.walk_packages(importlib.import_module(folder).__path__, f"{folder}.")
]
built = set()
for name in names:
    for one in vars(importlib.import_module(name)).values():
        if isinstance(one, type) and issubclass(one, BaseModel) and one is not BaseModel:
            if not one.__pydantic_generic_metadata__["parameters"]:
                one.model_rebuild(force=True)
                built.add(one.__name__)
        elif type(one).__name__ == "EntityDocument":
            one._state
            built.add(one.kind)
json.dump(sorted(built), sys.stdout)
"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """The tables, queues and buses of our templates, in an AWS that other processes can reach."""
    account = Account(account="123456789012", region=REGION, stage="test")
    read = read_world(INFRA, build.services(), account, secret=lambda name: f"secret {name}")
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (STRANGERS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}).items():
            environment.setenv(name, value)
        boto3.DEFAULT_SESSION = None
        provision(read)
        yield read
    boto3.DEFAULT_SESSION = None
    server.stop()


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Lambda's runtime has, and nothing else of this environment."""
    folder, installed = tmp_path_factory.mktemp("runtime"), Path(boto3.__file__).parents[1]
    for name in RUNTIME:
        found = installed / name
        found = found if found.exists() else installed / f"{name}.py"
        (folder / found.name).symlink_to(found)
    return folder


@pytest.fixture(scope="module")
def called(
    packaged: Packaged, world: World, runtime: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Any]:
    """What all functions of a service answer to the least that AWS could send them."""
    task = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(packaged.zip) as archive:
        archive.extractall(task)
    variables = next(one for one in world.services if one.name == packaged.service).environment
    calls = {
        name: (function["Handler"], _least_event(packaged, name))
        for name, function in packaged.of_type(FUNCTION).items()
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAMBDA, str(task), str(runtime)],
        input=json.dumps(calls),
        env={**STRANGERS, **variables, "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stderr)
    return told


def test_every_function_answers_with_nothing_but_its_zip(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    assert called["answers"].keys() == packaged.of_type(FUNCTION).keys()


def test_the_api_describes_itself(called: Mapping[str, Any]) -> None:
    answer = called["answers"]["APIHandler"]
    assert answer["statusCode"] == 200
    document = json.loads(answer["body"])
    assert document["openapi"].startswith("3.1")
    assert document["paths"]


def test_readers_of_streams_and_queues_take_an_empty_batch(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    readers = _functions_of(packaged, "AWS::Lambda::EventSourceMapping", "FunctionName")
    assert readers
    for name in readers:
        assert called["answers"][name] == {"batchItemFailures": []}


def test_what_a_service_knows_of_a_stranger_is_said(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    if "Summary" in packaged.of_type(FUNCTION):
        assert "customers" in called["answers"]["Summary"]


def test_a_serial_number_that_nobody_has_is_nobodys(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    if "Find" in packaged.of_type(FUNCTION):
        assert called["answers"]["Find"] == {"matches": [], "more": False}


def test_nothing_of_a_stranger_waits_for_somebody(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    if "Review" in packaged.of_type(FUNCTION):
        assert called["answers"]["Review"] == {"waiting": [], "more": False}


def test_whoever_cannot_be_reached_is_not_taken_for_a_customer(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    if "FindOrCreate" in packaged.of_type(FUNCTION):
        answer = called["answers"]["FindOrCreate"]
        assert answer["customer_id"] is None
        assert answer["refused"]


def test_a_contact_flow_is_told_of_nobody_in_words(
    packaged: Packaged, called: Mapping[str, Any]
) -> None:
    if "RecogniseCaller" in packaged.of_type(FUNCTION):
        answer = called["answers"]["RecogniseCaller"]
        assert answer["outcome"] == "unknown"
        assert {type(value) for value in answer.values()} == {str}


def test_all_that_is_built_when_first_needed_can_be_built(
    packaged: Packaged, runtime: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(packaged.zip) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BUILD_ALL, str(tmp_path), str(runtime)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    built = json.loads(done.stdout)
    assert "Problem" in built
    assert "customer" in built or packaged.service != "customer"


def test_nothing_has_to_be_compiled_in_lambda(called: Mapping[str, Any]) -> None:
    assert called["compiled"] == []


def test_a_zip_is_small(packaged: Packaged) -> None:
    assert packaged.zip.stat().st_size <= LARGEST


def test_a_zip_holds_one_service_and_nothing_for_developers(packaged: Packaged) -> None:
    with zipfile.ZipFile(packaged.zip) as archive:
        paths = [Path(name).parts for name in archive.namelist()]
    assert {path[1] for path in paths if path[0] == "services" and len(path) > 2} - {
        "__pycache__"
    } == {packaged.service}
    assert not {path[0] for path in paths} & {"tests", "infra", "bench", "boto3", "botocore"}
    assert not [path for path in paths if path[-1].endswith((".pyi", ".md", ".txt"))]
    notes = [path for path in paths if path[-1].endswith(".json") and "domain" not in path]
    assert not notes  # the domain's are data


def test_the_same_code_gives_the_same_bytes(output: Path, tmp_path: Path) -> None:
    (again,) = package(build.services()[:1], packages=lambda_packages(), output=tmp_path)
    assert (again.folder / ZIP).read_bytes() == (output / again.service / ZIP).read_bytes()


def test_phones_of_every_country_and_our_time_zone_are_in_the_zip(
    output: Path, tmp_path: Path
) -> None:
    look = """
import sys
sys.path.insert(0, sys.argv[1])
import phonenumbers, tzdata, zoneinfo
print(len([phonenumbers.PhoneMetadata.metadata_for_region(name)
           for name in phonenumbers.SUPPORTED_REGIONS]))
zoneinfo.reset_tzpath([])
print(zoneinfo.ZoneInfo("Europe/Istanbul"))
"""
    for service in ("customer", "orders"):
        with zipfile.ZipFile(output / service / ZIP) as archive:
            archive.extractall(tmp_path)
    said = subprocess.check_output([sys.executable, "-I", "-S", "-c", look, tmp_path], text=True)
    countries, zone = said.split()
    assert int(countries) > 240
    assert zone == "Europe/Istanbul"


def test_what_phones_are_not_used_for_is_left_out_whole(output: Path, tmp_path: Path) -> None:
    """All that is offered is there, and reads and writes numbers as the whole package does."""
    look = """
import sys
sys.path.insert(0, sys.argv[1])
import phonenumbers, phonenumbers.data
print(all(hasattr(phonenumbers, name) for name in phonenumbers.__all__))
for written in sys.argv[2:]:
    number = phonenumbers.parse(written, "TR")
    print(phonenumbers.is_valid_number(number), phonenumbers.format_number(number, 0))
"""
    written = ["0532 123 45 67", "444 0 123", "+44 20 7946 0018", "0800 219 00 00", "+49 30 12"]
    with zipfile.ZipFile(output / "customer" / ZIP) as archive:
        archive.extractall(tmp_path)
        assert not [name for name in archive.namelist() if "alt_format" in name]
    said = subprocess.check_output(
        [sys.executable, "-I", "-S", "-c", look, tmp_path, *written], text=True
    )
    parsed = [phonenumbers.parse(one, "TR") for one in written]
    as_the_whole_package = [
        f"{phonenumbers.is_valid_number(one)} {phonenumbers.format_number(one, 0)}"
        for one in parsed
    ]
    assert said.splitlines() == ["True", *as_the_whole_package]


def _least_event(packaged: Packaged, name: str) -> Mapping[str, Any]:
    if name == "APIHandler":
        return _GET_OPENAPI
    if name in _ASKED:
        return {**_ASKED[name], "correlation_id": "test"}
    schedules = packaged.of_type("AWS::Scheduler::Schedule").values()
    for target in (schedule["Target"] for schedule in schedules):
        if target["Arn"] == {"Fn::GetAtt": [name, "Arn"]} and "Input" in target:
            event: dict[str, Any] = json.loads(target["Input"])
            return event
    return {"Records": []}


_AGENT = Caller(
    subject="s", client_id="c", roles=frozenset({Role.AGENT}), grounds=Reason(code="case")
).document()
# What other services ask of functions, by their names.
_ASKED: Mapping[str, Mapping[str, Any]] = {
    "Summary": {"ids": ["cus_unknown"], "caller": _AGENT, "parts": [], "deadline_ms": 1000},
    "Find": {"kind": "serial", "value": "unknown", "caller": _AGENT},
    "TellAuthority": {"subject": "unknown", "segment_id": "seg_unknown", "caller": _AGENT},
    "TellMembers": {"segment_id": "seg_unknown", "limit": 1, "caller": _AGENT},
    "RecogniseCaller": {
        "Details": {
            "ContactData": {
                "ContactId": "test",
                "CustomerEndpoint": {"Address": "+905321234567", "Type": "TELEPHONE_NUMBER"},
            },
            "Parameters": {},
        }
    },
    "Review": {
        "ids": ["cus_unknown"],
        "since": "2026-01-01T00:00:00Z",
        "until": "2026-02-01T00:00:00Z",
        "caller": _AGENT,
    },
    "FindOrCreate": {"name": "Ayşe", "phone": "no number", "key": "test:1"},
}
_GET_OPENAPI = {
    "httpMethod": "GET",
    "path": "/openapi.json",
    "headers": {},
    "multiValueHeaders": {},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "body": None,
    "isBase64Encoded": False,
    "requestContext": {
        "httpMethod": "GET",
        "resourcePath": "/openapi.json",
        "path": "/openapi.json",
        "requestId": "test",
        "identity": {"sourceIp": "127.0.0.1"},
    },
}


def _functions_of(packaged: Packaged, kind: str, name: str) -> set[str]:
    """Logical ids of the functions that resources of this type name in a property."""
    return {one[name]["Fn::GetAtt"][0] for one in packaged.of_type(kind).values()}
