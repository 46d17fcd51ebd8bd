"""Which kinds of resources are played on one machine, and why the others are not."""

PLAYED = frozenset(
    {
        "AWS::ApiGatewayV2::ApiMapping",
        "AWS::DynamoDB::Table",
        "AWS::Events::EventBus",
        "AWS::Events::Rule",
        "AWS::KMS::Alias",
        "AWS::Lambda::EventSourceMapping",
        "AWS::SQS::Queue",
        "AWS::Scheduler::Schedule",
        "AWS::SecretsManager::Secret",
    }
)

_WATCHED = "nobody is called at night for one machine"
_TRUSTED = "no engine enforces permissions; the templates' own tests check them"
_KEYS = "a key is made with its alias, by which functions name it"
_PEOPLE = "the local issuer makes the tokens"
_MAILED = "no engine sends e-mails, so nothing is to be told of any"
_NET = "the gateway listens on 127.0.0.1 only"

NOT_PLAYED = {
    "AWS::ApiGateway::Account": _WATCHED,
    "AWS::ApiGateway::BasePathMapping": _NET,
    "AWS::ApiGateway::DomainName": _NET,
    "AWS::ApiGateway::GatewayResponse": "the gateway answers problem documents by itself",
    "AWS::ApiGatewayV2::DomainName": _NET,
    "AWS::Budgets::Budget": "nothing costs money here",
    "AWS::CloudWatch::Alarm": _WATCHED,
    "AWS::CloudWatch::CompositeAlarm": _WATCHED,
    "AWS::CloudWatch::Dashboard": _WATCHED,
    "AWS::Cognito::UserPool": _PEOPLE,
    "AWS::Cognito::UserPoolClient": _PEOPLE,
    "AWS::Cognito::UserPoolDomain": _PEOPLE,
    "AWS::Cognito::UserPoolGroup": _PEOPLE,
    "AWS::Cognito::UserPoolResourceServer": _PEOPLE,
    "AWS::Events::Archive": "what was said is said again by reconciling",
    "AWS::Events::EventBusPolicy": _TRUSTED,
    "AWS::IAM::ManagedPolicy": _TRUSTED,
    "AWS::IAM::Policy": _TRUSTED,
    "AWS::IAM::Role": _TRUSTED,
    "AWS::KMS::Key": _KEYS,
    "AWS::Lambda::Function": "only Cognito calls these, and the local issuer stands in for it",
    "AWS::Lambda::Permission": _TRUSTED,
    "AWS::Logs::LogGroup": "functions log to the standard output",
    "AWS::Logs::MetricFilter": _WATCHED,
    "AWS::SES::ConfigurationSet": _MAILED,
    "AWS::SES::ConfigurationSetEventDestination": _MAILED,
    "AWS::SQS::QueuePolicy": _TRUSTED,
    "AWS::WAFv2::WebACL": _NET,
    "AWS::WAFv2::WebACLAssociation": _NET,
}
