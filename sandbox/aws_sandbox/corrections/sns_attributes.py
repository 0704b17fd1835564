"""Amazon SNS answers every attribute of a topic that somebody set; moto keeps them and answers a few."""

from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sns.responses import SNSResponse

from aws_sandbox.corrections.correction import Correction, replace

_PROTOCOLS = ("Application", "Firehose", "HTTP", "Lambda", "SQS")
_FEEDBACK = ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
_ATTRIBUTES = (
    "ArchivePolicy",
    "FifoThroughputScope",
    "SignatureVersion",
    "TracingConfig",
    *(f"{protocol}{kind}" for protocol in _PROTOCOLS for kind in _FEEDBACK),
)


def _patch() -> None:
    answer = SNSResponse.get_topic_attributes

    def get_topic_attributes(self: SNSResponse) -> Any:
        found: Any = answer(self)
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        kept = {name: getattr(topic, camelcase_to_underscores(name), None) for name in _ATTRIBUTES}
        found.result["Attributes"] |= {name: value for name, value in kept.items() if value}
        return found

    replace(SNSResponse, "get_topic_attributes", get_topic_attributes)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html",
    patch=_patch,
)
