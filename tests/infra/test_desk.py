"""What the desk's template promises, and that it says the same to browsers as the gateway does."""

from typing import Any

import pytest

from infra.launcher.places import ROOT
from infra.local.sites import DESK_POLICY, HEADERS, REFERENCE_POLICY, SPEAKS_TO, policy_in_words
from infra.local.templates.documents import read_document


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    document: dict[str, Any] = dict(read_document(ROOT / "infra" / "desk.yaml"))
    return {name: one.get("Properties", {}) for name, one in document["Resources"].items()}


@pytest.mark.parametrize(
    ("name", "policy"), [("Headers", DESK_POLICY), ("ReferenceHeaders", REFERENCE_POLICY)]
)
def test_browsers_are_told_the_same_in_aws_as_here(
    resources: dict[str, Any], name: str, policy: dict[str, str]
) -> None:
    told = resources[name]["ResponseHeadersPolicyConfig"]
    security = told["SecurityHeadersConfig"]
    given = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    where = "https://${SignInPrefix}.auth.${AWS::Region}.amazoncognito.com"
    if name == "Headers":
        given = given["Fn::Sub"].replace(f"{SPEAKS_TO} {where}", SPEAKS_TO)

    assert given == policy_in_words(policy)
    assert {one["Header"]: one["Value"] for one in told["CustomHeadersConfig"]["Items"]} | {
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
    } == dict(HEADERS)
    assert security["ContentTypeOptions"]["Override"]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000


def test_nobody_reads_the_files_but_the_distribution(resources: dict[str, Any]) -> None:
    [allowed, refused] = resources["FilesPolicy"]["PolicyDocument"]["Statement"]
    for bucket in ("Files", "Log"):
        assert all(resources[bucket]["PublicAccessBlockConfiguration"].values())
        assert resources[bucket]["BucketEncryption"]

    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert "aws:SourceArn" in allowed["Condition"]["StringEquals"]
    assert refused["Effect"] == "Deny"


def test_the_api_is_under_the_same_name_and_never_kept_on_the_way(
    resources: dict[str, Any],
) -> None:
    settings = resources["Distribution"]["DistributionConfig"]
    [docs, api] = settings["CacheBehaviors"]
    caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

    assert (api["PathPattern"], api["TargetOriginId"]) == ("/v1/*", "api")
    assert api["CachePolicyId"] == caching_disabled
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert "ResponseHeadersPolicyId" not in api
    assert (docs["PathPattern"], docs["TargetOriginId"]) == ("/docs*", "files")
    assert docs["ResponseHeadersPolicyId"] == {"Ref": "ReferenceHeaders"}
    assert docs["ViewerProtocolPolicy"] == "redirect-to-https"
    assert settings["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert settings["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_people_sign_in_by_code_and_proof_without_a_secret(resources: dict[str, Any]) -> None:
    client = resources["Client"]

    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid", "sahip/api"]
    assert client["CallbackURLs"] == [{"Fn::Sub": "https://${DomainName}/desk"}]
