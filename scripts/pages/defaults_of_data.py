"""Defaults of what holds data: keys, databases, InfluxDB, buckets."""

from __future__ import annotations

from scripts.pages.registrations import NONE, Facts, every, only, short, sources, yes
from tests.components.recorder import Deployment


def everything(made: Deployment) -> Facts:
    kept = {it.type.rsplit(":", 1)[1] for it in made.registrations if it.protect and it.retain_on_delete}
    yield "protected and retained", ", ".join(sorted(kept)) or NONE, ("protectData",)


def kms(made: Deployment) -> Facts:
    names = sorted(short(it) for it in made.of("Key"))
    yield (
        "customer managed keys",
        ", ".join(name.replace("/metrics", " (one each)") for name in names),
        ("encryption.sharedKey", "encryption.clientSideKey"),
    )
    key = made.of("Key")[0]
    yield (
        "rotation, deletion",
        f"every {key.inputs['rotationPeriodInDays']} days; "
        f"{key.inputs['deletionWindowInDays']} days after it is asked for",
        ("encryption.rotationPeriodDays", "encryption.deletionWindowDays"),
    )
    manager = next(
        it["Principal"]["AWS"] for it in key.document()["Statement"] if "kms:PutKeyPolicy" in it["Action"]
    )
    account = isinstance(manager, str) and manager.endswith(":root")
    yield (
        "managed, not used, by",
        "the account, as IAM allows" if account else "named roles",
        ("encryption.administrators",),
    )
    replicas = "with replicas" if made.of("ReplicaKey") else "no replicas"
    yield (
        "multi-Region",
        f"{yes(key.inputs.get('multiRegion'))}, {replicas}",
        ("encryption.multiRegion", "encryption.replicaRegions"),
    )


def live_analytics(made: Deployment) -> Facts:
    own = any(it.name == "baseline-databases/metrics" for it in made.of("Key"))
    yield (
        "magnetic store, query credentials",
        "a customer managed key of its own" if own else "another key",
        ("databases.*.keyArn", "encryption.sharedKey"),
    )
    table = only(made, "Table")
    kept = table["retentionProperties"]
    where = "databases.*.tables.*."
    yield (
        "retention",
        f"{kept['memoryStoreRetentionPeriodInHours']} hours in the memory store, "
        f"{kept['magneticStoreRetentionPeriodInDays']} days in the magnetic store",
        (f"{where}memoryRetentionHours", f"{where}magneticRetentionDays"),
    )
    late = table["magneticStoreWriteProperties"]
    rejects = late.get("magneticStoreRejectedDataLocation", {}).get("s3Configuration", {})
    yield (
        "late records",
        f"accepted; rejected ones are kept in S3 ({rejects['encryptionOption']})"
        if late["enableMagneticStoreWrites"]
        else "refused",
        (f"{where}magneticWrites",),
    )


def influxdb(made: Deployment) -> Facts:
    instance = only(made, "DbInstance")
    where = "influxdb.*."
    yield (
        "instance",
        f"{instance['dbInstanceType']}, {instance['allocatedStorage']} GiB, {instance['deploymentType']}",
        (f"{where}instanceType", f"{where}storageGib", f"{where}multiAz"),
    )
    public = "public" if instance["publiclyAccessible"] else "never public"
    rules = [it.inputs for it in made.of("SecurityGroupIngressRule") if "plant" in it.name]
    yield (
        "who connects",
        f"{public}; port {', '.join(sorted({str(it['fromPort']) for it in rules}))}, {sources(rules)}",
        (f"{where}port", f"{where}allowedSecurityGroupIds"),
    )
    password = instance["password"]["value"]
    yield "password", f"{len(password)} letters and digits, generated once", (f"{where}password",)
    yield "data at rest", "a customer managed key" if "kmsKeyId" in instance else "a key that AWS owns", ()
    logs = instance["logDeliveryConfiguration"]["s3Configuration"]["enabled"]
    yield "engine logs", "kept in S3" if logs else NONE, ()


def s3(made: Deployment) -> Facts:
    buckets = made.of("Bucket")
    tests = {
        "public access blocked": every(
            lambda it: all(value for name, value in it.inputs.items() if name not in ("bucket", "region")),
            made.of("BucketPublicAccessBlock"),
        ),
        "ACLs off": every(
            lambda it: it.inputs["rule"]["objectOwnership"] == "BucketOwnerEnforced",
            made.of("BucketOwnershipControls"),
        ),
        "versioned": every(
            lambda it: it.inputs["versioningConfiguration"]["status"] == "Enabled",
            made.of("BucketVersioning"),
        ),
        "TLS only": every(
            lambda it: "NobodyUsesTheBucketWithoutTls" in it.statements(), made.of("BucketPolicy")
        ),
    }
    facts = ", ".join(fact for fact, holds in tests.items() if holds)
    yield f"{len(buckets)} buckets", facts, ()
    encrypted = [
        f"{short(it)} {it.inputs['rules'][0]['applyServerSideEncryptionByDefault']['sseAlgorithm']}"
        for it in made.of("BucketServerSideEncryptionConfiguration")
    ]
    yield "encryption", ", ".join(encrypted), ()
    lock = only(made, "BucketObjectLockConfiguration").get("rule", {}).get("defaultRetention")
    yield (
        "lock of the trail's bucket",
        f"{lock['mode']}, {lock['days']} days" if lock else NONE,
        ("audit.objectLockMode", "audit.objectLockDays"),
    )
    expiry = [
        f"{short(it)} {rule['expiration']['days']} days"
        for it in made.of("BucketLifecycleConfiguration")
        for rule in it.inputs["rules"]
        if "expiration" in rule
    ]
    yield "expiry", ", ".join(expiry), ("influxdb.*.logRetentionDays", "audit.logRetentionDays")
    logged = [short(it) for it in made.of("BucketLogging")]
    yield "access logs of", ", ".join(logged) or NONE, ("audit.accessLogs",)
