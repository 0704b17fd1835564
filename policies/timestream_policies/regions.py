"""Whether what a resource refers to stands in the same region."""

import re
from collections.abc import Iterator

from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.undecided import assume

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:(?P<region>[a-z]{2}(?:-[a-z0-9]+)+-\d):")


def elsewhere(resource: Resource, path: str, stack: Stack, *types: str) -> Iterator[tuple[str, str]]:
    """Yield what a property refers to in another region: its name, and that region.

    Where nothing says the resource's region, it is the provider's: an assumption, if the other says one.
    """
    if not resource.part(path).partly_known:
        return
    own = stack.region_of(resource)
    for name, region in _regions(resource, path, stack, types):
        if region == own:
            continue
        if own is None:
            assume(resource.urn, path, f"the provider stands in {region}, as {name} does")
        else:
            yield name, region


def _regions(
    resource: Resource, path: str, stack: Stack, types: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    targets = stack.find_behind(resource, path, *types)
    for target in targets:
        if region := stack.region_of(target):
            yield repr(target.name), region
    for value in () if targets else resource.words(path):
        if found := _ARN.match(str(value)):
            yield str(value), found["region"]
