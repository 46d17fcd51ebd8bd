"""What stands for AWS on one machine: DynamoDB with its streams, SQS, EventBridge, S3, Cognito,
KMS, Scheduler and Secrets Manager, behind boto3's own settings.

Two engines, so that they check each other: `MotoEngine` inside this process for tests, and
`MinistackEngine` as a child process that keeps its state on disk. Import them from their
modules; what an engine needs should be installed only where that engine is used.
"""

from infra.local.engines.engine import Engine, EngineError

__all__ = ["Engine", "EngineError"]
