"""Which actions of AWS services change something, read, or decide who may do what, and know a resource.

From the Service Authorization Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/),
for the services that stand around Timestream; of the last six only what matters most. Timestream itself
is in `iam.py`. cloudwatch:PutMetricData is left out: it knows datasets, but metrics of no dataset need `*`.
"""

from functools import lru_cache

from timestream_policies.wildcards import covers_everything, has_wildcard, matches

WRITES = {
    "backup": """
        AssociateBackupVaultMpaApprovalTeam CancelLegalHold CopyFromBackupVault CopyIntoBackupVault
        CreateBackupAccessPoint CreateBackupPlan CreateBackupSelection CreateBackupVault
        CreateFramework CreateLegalHold CreateLogicallyAirGappedBackupVault CreateReportPlan
        CreateRestoreAccessBackupVault CreateRestoreTestingPlan CreateRestoreTestingSelection
        CreateTieringConfiguration DeleteBackupAccessPoint DeleteBackupPlan DeleteBackupSelection
        DeleteBackupVault DeleteBackupVaultLockConfiguration DeleteBackupVaultNotifications
        DeleteFramework DeleteRecoveryPoint DeleteReportPlan DeleteRestoreTestingPlan
        DeleteRestoreTestingSelection DeleteTieringConfiguration
        DisassociateBackupVaultMpaApprovalTeam DisassociateRecoveryPoint
        DisassociateRecoveryPointFromParent PutBackupVaultLockConfiguration
        PutBackupVaultNotifications RevokeRestoreAccessBackupVault StartBackupJob StartCopyJob
        StartReportJob StartRestoreJob StartScanJob TagResource UntagResource UpdateBackupPlan
        UpdateFramework UpdateRecoveryPointIndexSettings UpdateRecoveryPointLifecycle
        UpdateReportPlan UpdateRestoreTestingPlan UpdateRestoreTestingSelection
        UpdateTieringConfiguration
    """,
    "cloudformation": """
        CreateChangeSet CreateStack DeleteStack ExecuteChangeSet UpdateStack
    """,
    "cloudtrail": """
        AddTags CancelQuery CreateChannel CreateDashboard CreateEventDataStore
        CreateServiceLinkedChannel CreateTrail DeleteChannel DeleteDashboard DeleteEventDataStore
        DeleteResourcePolicy DeleteServiceLinkedChannel DeleteTrail DisableFederation
        EnableFederation GenerateQuery PutEventConfiguration PutEventSelectors PutInsightSelectors
        PutResourcePolicy RemoveTags RestoreEventDataStore StartDashboardRefresh
        StartEventDataStoreIngestion StartLogging StartQuery StopEventDataStoreIngestion StopLogging
        UpdateChannel UpdateDashboard UpdateEventDataStore UpdateServiceLinkedChannel UpdateTrail
    """,
    "cloudwatch": """
        DeleteAlarmMuteRule DeleteAlarms DeleteAlert DeleteDashboards DeleteDomain
        DeleteDomainForOrganization DeleteIngestionEndpoint DeleteInsightRules DeleteIntegration
        DeleteMetricStream DeleteOmniDashboard DeletePipelineRule DeleteServiceLevelObjective
        DeleteSpace DeleteView DisableAlarmActions DisableInsightRules EnableAlarmActions
        EnableInsightRules PutAlarmMuteRule PutCompositeAlarm PutDashboard PutInsightRule
        PutLogAlarm PutMetricAlarm PutMetricStream PutPipelineRule SetAlarmState
        StartMetricStreams StopMetricStreams TagResource UntagResource UpdateAlert UpdateDomain
        UpdateDomainForOrganization UpdateIngestionEndpoint UpdateIntegration UpdateOmniDashboard
        UpdateServiceLevelObjective UpdateSpace UpdateView
    """,
    "dynamodb": """
        AssociateTableReplica BatchWriteItem CreateBackup CreateGlobalTable CreateGlobalTableWitness
        CreateTable CreateTableReplica DeleteBackup DeleteGlobalTableWitness DeleteItem DeleteTable
        DeleteTableReplica DisableKinesisStreamingDestination DisassociateTableReplica
        EnableKinesisStreamingDestination ExportTableToPointInTime ImportTable PartiQLDelete
        PartiQLInsert PartiQLUpdate PutItem ReplicateSettings RestoreTableFromAwsBackup
        RestoreTableFromBackup RestoreTableToPointInTime StartAwsBackupJob TagResource UntagResource
        UpdateContinuousBackups UpdateContributorInsights UpdateGlobalTable
        UpdateGlobalTableSettings UpdateGlobalTableVersion UpdateItem
        UpdateKinesisStreamingDestination UpdateTable UpdateTableReplicaAutoScaling UpdateTimeToLive
        WriteDataForReplication
    """,
    "ec2": """
        AssociateIamInstanceProfile AttachVolume AuthorizeSecurityGroupEgress
        AuthorizeSecurityGroupIngress CreateSnapshot CreateTags CreateVolume CreateVpcEndpoint
        DeleteFlowLogs DeleteSecurityGroup DeleteSnapshot DeleteTags DeleteVolume DeleteVpcEndpoints
        ModifyInstanceAttribute ModifyVpcEndpoint RebootInstances
        ReplaceIamInstanceProfileAssociation RunInstances StartInstances StopInstances
        TerminateInstances
    """,
    "ecr": """
        BatchDeleteImage CompleteLayerUpload DeleteRepository InitiateLayerUpload PutImage
        UploadLayerPart
    """,
    "events": """
        ActivateEventSource AllowVendedLogDeliveryForResource CancelReplay CreateApiDestination
        CreateArchive CreateConnection CreateEndpoint CreateEventBus CreateEventSource
        CreatePartnerEventSource CreateSubscriber DeactivateEventSource DeauthorizeConnection
        DeleteApiDestination DeleteArchive DeleteConnection DeleteEndpoint DeleteEventBus
        DeleteEventSource DeletePartnerEventSource DeleteRule DeleteSubscriber DisableRule
        EnableRule InvokeApiDestination PutEvents PutRawEvents PutRule PutTargets RemoveTargets
        RetrieveConnectionCredentials RevokeResource StartReplay TagResource UntagResource
        UpdateApiDestination UpdateArchive UpdateConnection UpdateEndpoint UpdateEventBus
        UpdateEventSource UpdateSubscriber
    """,
    "firehose": """
        CreateDeliveryStream DeleteDeliveryStream PutRecord PutRecordBatch
        StartDeliveryStreamEncryption StopDeliveryStreamEncryption TagDeliveryStream
        UntagDeliveryStream UpdateDestination
    """,
    "glue": """
        CreateJob DeleteDatabase DeleteTable StartJobRun UpdateDevEndpoint UpdateJob
    """,
    "iam": """
        AcceptDelegationRequest AddClientIDToOpenIDConnectProvider AddRoleToInstanceProfile
        AddUserToGroup AssociateDelegationRequest ChangePassword CreateAccessKey
        CreateDelegationRequest CreateGroup CreateInstanceProfile CreateLoginProfile
        CreateOpenIDConnectProvider CreateRole CreateSAMLProvider CreateServiceLinkedRole
        CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice DeactivateMFADevice
        DeleteAccessKey DeleteGroup DeleteInstanceProfile DeleteLoginProfile
        DeleteOpenIDConnectProvider DeleteRole DeleteSAMLProvider DeleteSSHPublicKey
        DeleteServerCertificate DeleteServiceLinkedRole DeleteServiceSpecificCredential
        DeleteSigningCertificate DeleteUser DeleteVirtualMFADevice EnableMFADevice PassRole
        RejectDelegationRequest RemoveClientIDFromOpenIDConnectProvider
        RemoveRoleFromInstanceProfile RemoveUserFromGroup ResetServiceSpecificCredential
        ResyncMFADevice SendDelegationToken TagInstanceProfile TagMFADevice TagOpenIDConnectProvider
        TagPolicy TagRole TagSAMLProvider TagServerCertificate TagUser UntagInstanceProfile
        UntagMFADevice UntagOpenIDConnectProvider UntagPolicy UntagRole UntagSAMLProvider
        UntagServerCertificate UntagUser UpdateAccessKey UpdateGroup UpdateLoginProfile
        UpdateOpenIDConnectProviderThumbprint UpdateRole UpdateRoleDescription UpdateSAMLProvider
        UpdateSSHPublicKey UpdateServerCertificate UpdateServiceSpecificCredential
        UpdateSigningCertificate UpdateUser UploadSSHPublicKey UploadServerCertificate
        UploadSigningCertificate
    """,
    "kinesis": """
        AddTagsToStream AssociateStreamsWithChannel CreateChannel CreateStream
        DecreaseStreamRetentionPeriod DeleteChannel DeleteResourcePolicy DeleteStream
        DeregisterStreamConsumer IncreaseStreamRetentionPeriod MergeShards PutRecord PutRecords
        PutResourcePolicy RegisterStreamConsumer RemoveTagsFromStream SplitShard
        StartStreamEncryption StopStreamEncryption TagResource UntagResource UpdateChannel
        UpdateMaxRecordSize UpdateStreamRecordDistributionStrategy UpdateStreamWarmThroughput
    """,
    "kms": """
        CancelKeyDeletion CreateAlias Decapsulate Decrypt DeleteAlias DeleteImportedKeyMaterial
        DeriveSharedSecret DisableKey DisableKeyRotation EnableKey EnableKeyRotation Encapsulate
        Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext
        GenerateDataKeyWithoutPlaintext GenerateMac ImportKeyMaterial ReEncryptFrom ReEncryptTo
        ReplicateKey RotateKeyOnDemand ScheduleKeyDeletion Sign SynchronizeMultiRegionKey
        TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion Verify
        VerifyMac
    """,
    "lambda": """
        CheckpointDurableExecution CreateAlias CreateCapacityProvider CreateFunction
        CreateFunctionUrlConfig CreateMicrovmAuthToken CreateMicrovmShellAuthToken
        CreateNetworkConnector CreateWebFunction CreateWebFunctionEndpoint CreateWebFunctionRevision
        DeleteAlias DeleteCapacityProvider DeleteCodeSigningConfig DeleteEventSourceMapping
        DeleteFunction DeleteFunctionCodeSigningConfig DeleteFunctionConcurrency
        DeleteFunctionEventInvokeConfig DeleteFunctionUrlConfig DeleteLayerVersion
        DeleteMicrovmImage DeleteMicrovmImageVersion DeleteNetworkConnector
        DeleteProvisionedConcurrencyConfig DeleteWebFunction DeleteWebFunctionEndpoint
        DeleteWebFunctionRevision InvokeAsync InvokeFunction InvokeFunctionUrl
        InvokeWebFunctionEndpoint PassCapacityProvider PublishLayerVersion PublishVersion
        PutFunctionCodeSigningConfig PutFunctionConcurrency PutFunctionEventInvokeConfig
        PutFunctionRecursionConfig PutFunctionScalingConfig PutProvisionedConcurrencyConfig
        PutRuntimeManagementConfig ResumeMicrovm RunMicrovm SendDurableExecutionCallbackFailure
        SendDurableExecutionCallbackHeartbeat SendDurableExecutionCallbackSuccess
        StopDurableExecution SuspendMicrovm TagResource TerminateMicrovm UntagResource UpdateAlias
        UpdateCapacityProvider UpdateCodeSigningConfig UpdateEventSourceMapping UpdateFunctionCode
        UpdateFunctionCodeSigningConfig UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig
        UpdateFunctionUrlConfig UpdateMicrovmImage UpdateMicrovmImageVersion UpdateNetworkConnector
        UpdateWebFunctionEndpoint
    """,
    "logs": """
        AssociateKmsKey CreateDelivery CreateExportTask CreateLogAnomalyDetector CreateLogGroup
        CreateLogStream CreateLookupTable CreateScheduledQuery DeleteDataProtectionPolicy
        DeleteDelivery DeleteDeliveryDestination DeleteDeliveryDestinationPolicy
        DeleteDeliverySource DeleteDestination DeleteLogAnomalyDetector DeleteLogGroup
        DeleteLogStream DeleteLookupTable DeleteMetricFilter DeleteRetentionPolicy
        DeleteScheduledQuery DeleteSubscriptionFilter DeleteSyslogConfiguration DeleteTransformer
        DisassociateKmsKey IntegrateWithDataset IntegrateWithS3Table ProcessWithPipeline
        PutBearerTokenAuthentication PutDataProtectionPolicy PutDeliveryDestination
        PutDeliveryDestinationPolicy PutDeliverySource PutDestination PutDestinationPolicy
        PutLogEvents PutLogGroupDeletionProtection PutMetricFilter PutRetentionPolicy
        PutSubscriptionFilter PutSyslogConfiguration PutTransformer TagLogGroup TagResource
        UntagLogGroup UntagResource UpdateAnomaly UpdateDeliveryConfiguration
        UpdateLogAnomalyDetector UpdateLookupTable UpdateScheduledQuery
    """,
    "rds": """
        CopyDBSnapshot CreateDBSnapshot DeleteDBCluster DeleteDBInstance DeleteDBSnapshot
        ModifyDBCluster ModifyDBInstance ModifyDBSnapshotAttribute RestoreDBInstanceFromDBSnapshot
        StopDBInstance
    """,
    "s3": """
        AbortMultipartUpload CreateAccessPoint CreateAccessPointForObjectLambda CreateBucket
        CreateBucketMetadataTableConfiguration CreateMultiRegionAccessPoint DeleteAccessPoint
        DeleteAccessPointForObjectLambda DeleteBucket DeleteBucketMetadataTableConfiguration
        DeleteBucketWebsite DeleteJobTagging DeleteMultiRegionAccessPoint DeleteObject
        DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionAnnotation
        DeleteObjectVersionTagging DeleteStorageLensConfiguration
        DeleteStorageLensConfigurationTagging DeleteStorageLensGroup InitiateReplication
        PauseReplication PutAccelerateConfiguration PutAccessPointConfigurationForObjectLambda
        PutAnalyticsConfiguration PutBucketAbac PutBucketCORS PutBucketLogging PutBucketNotification
        PutBucketObjectLockConfiguration PutBucketRequestPayment PutBucketTagging
        PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration
        PutIntelligentTieringConfiguration PutInventoryConfiguration PutJobTagging
        PutLifecycleConfiguration PutMetricsConfiguration PutObject PutObjectAnnotation
        PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAnnotation
        PutObjectVersionTagging PutReplicationConfiguration PutStorageLensConfigurationTagging
        ReplicateDelete ReplicateObject ReplicateObjectAnnotation ReplicateTags RestoreObject
        SubmitMultiRegionAccessPointRoutes TagResource UntagResource
        UpdateBucketMetadataAnnotationTableConfiguration
        UpdateBucketMetadataInventoryTableConfiguration
        UpdateBucketMetadataJournalTableConfiguration UpdateJobPriority UpdateJobStatus
        UpdateObjectEncryption UpdateStorageLensGroup
    """,
    "secretsmanager": """
        CancelRotateSecret CreateSecret DeleteSecret PutSecretValue RemoveRegionsFromReplication
        ReplicateSecretToRegions RestoreSecret RotateSecret StopReplicationToReplica TagResource
        UntagResource UpdateSecret UpdateSecretVersionStage
    """,
    "sns": """
        ConfirmSubscription CreateTopic DeleteTopic Publish PutDataProtectionPolicy
        SetSubscriptionAttributes Subscribe TagResource Unsubscribe UntagResource
    """,
    "sqs": """
        CancelMessageMoveTask ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue
        PurgeQueue SendMessage StartMessageMoveTask TagQueue UntagQueue
    """,
    "ssm": """
        DeleteParameter DeleteParameters PutParameter SendCommand StartAutomationExecution
        StartSession
    """,
    "states": """
        CreateActivity CreateStateMachine CreateStateMachineAlias DeleteActivity DeleteStateMachine
        DeleteStateMachineAlias DeleteStateMachineVersion GetActivityTask PublishStateMachineVersion
        RedriveExecution StartExecution StartSyncExecution StopExecution TagResource UntagResource
        UpdateMapRun UpdateStateMachine UpdateStateMachineAlias
    """,
    "sts": """
        AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetFederationToken
        SetContext SetSourceIdentity TagSession
    """,
}
"""Actions that change or tag something."""
READS = {
    "backup": """
        DescribeBackupAccessPoint DescribeBackupVault DescribeFramework DescribeRecoveryPoint
        DescribeReportPlan GetBackupPlan GetBackupSelection GetBackupVaultAccessPolicy
        GetBackupVaultNotifications GetBackupVaultSharingPolicy GetLegalHold
        GetPITRMalwareScanResults GetRecoveryPointIndexDetails GetRecoveryPointRestoreMetadata
        GetRestoreTestingPlan GetRestoreTestingSelection GetTieringConfiguration
        ListBackupPlanVersions ListBackupSelections ListProtectedResourcesByBackupVault
        ListRecoveryPointsByBackupVault ListRecoveryPointsByLegalHold ListRestoreAccessBackupVaults
        ListRestoreTestingSelections ListTags
    """,
    "cloudformation": """
        GetTemplate
    """,
    "cloudtrail": """
        DescribeQuery GenerateQueryResultsSummary GetChannel GetDashboard GetEventConfiguration
        GetEventDataStore GetEventDataStoreData GetEventSelectors GetInsightSelectors
        GetQueryResults GetResourcePolicy GetServiceLinkedChannel GetTrail GetTrailStatus
        ListInsightsData ListQueries ListTags
    """,
    "cloudwatch": """
        BatchGetServiceLevelObjectiveBudgetReport DescribeAlarmHistory DescribeAlarms GetAccessGrant
        GetAccessProfile GetAlarmMuteRule GetAlert GetDashboard GetDataset GetDomain
        GetDomainAccessGrantForOrganization GetDomainForOrganization GetIngestionEndpoint
        GetInsightRuleReport GetIntegration GetMetricStream GetOmniDashboard
        GetService GetServiceData GetServiceLevelObjective GetSpace GetView ListAlarmMuteRules
        ListTagsForResource
    """,
    "dynamodb": """
        BatchGetItem ConditionCheckItem DescribeBackup DescribeContinuousBackups
        DescribeContributorInsights DescribeExport DescribeGlobalTable DescribeGlobalTableSettings
        DescribeImport DescribeKinesisStreamingDestination DescribeStream DescribeTable
        DescribeTableReplicaAutoScaling DescribeTimeToLive GetItem GetRecords GetResourcePolicy
        GetShardIterator ListExports ListImports ListTagsOfResource PartiQLSelect Query
        ReadDataForReplication Scan SearchVectors
    """,
    "ec2": """
        DescribeClientVpnAuthorizationRules DescribeClientVpnConnections DescribeClientVpnRoutes
        DescribeClientVpnTargetNetworks DescribeFleetHistory DescribeFleetInstances
        DescribeFpgaImageAttribute DescribeImageAttribute DescribeInstanceAttribute
        DescribeSecurityGroupReferences DescribeSnapshotAttribute DescribeSpotFleetInstances
        DescribeSpotFleetRequestHistory DescribeVolumeAttribute DescribeVpcAttribute
        DescribeVpcEndpointServicePermissions GetConsoleOutput GetPasswordData
    """,
    "ecr": """
        BatchGetImage GetDownloadUrlForLayer
    """,
    "events": """
        DescribeApiDestination DescribeArchive DescribeConnection DescribeEndpoint DescribeEventBus
        DescribeEventSource DescribePartnerEventSource DescribeReplay DescribeRule
        DescribeSubscriber GetResourcePolicy ListPartnerEventSourceAccounts ListResourcePolicies
        ListTagsForResource ListTargetsByRule
    """,
    "firehose": """
        DescribeDeliveryStream ListTagsForDeliveryStream
    """,
    "glue": """
        GetTable
    """,
    "iam": """
        GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails GetAccessKeyLastUsed
        GetContextKeysForPrincipalPolicy GetDelegationRequest GetGroup GetGroupPolicy
        GetHumanReadableSummary GetInstanceProfile GetLoginProfile GetMFADevice
        GetOpenIDConnectProvider GetPolicy GetPolicyVersion GetRole GetRolePolicy
        GetRoleTemplateVersion GetSAMLProvider GetSSHPublicKey GetServerCertificate
        GetServiceLinkedRoleDeletionStatus GetUser GetUserPolicy ListAccessKeys
        ListAttachedGroupPolicies ListAttachedRolePolicies ListAttachedUserPolicies
        ListEntitiesForPolicy ListGroupPolicies ListGroupsForUser ListInstanceProfileTags
        ListInstanceProfilesForRole ListMFADeviceTags ListMFADevices ListOpenIDConnectProviderTags
        ListPoliciesGrantingServiceAccess ListPolicyTags ListPolicyVersions ListRolePolicies
        ListRoleTags ListSAMLProviderTags ListSSHPublicKeys ListServerCertificateTags
        ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies ListUserTags
        SimulatePrincipalPolicy
    """,
    "kinesis": """
        DescribeChannel DescribeStream DescribeStreamConsumer DescribeStreamSummary GetRecords
        GetResourcePolicy GetShardIterator ListShards ListStreamConsumers ListTagsForResource
        ListTagsForStream SubscribeToShard
    """,
    "kms": """
        DescribeKey GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport
        GetPublicKey ListGrants ListKeyPolicies ListKeyRotations ListResourceTags
    """,
    "lambda": """
        GetAlias GetCapacityProvider GetCodeSigningConfig GetDurableExecution
        GetDurableExecutionHistory GetDurableExecutionState GetEventSourceMapping GetFunction
        GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration
        GetFunctionEventInvokeConfig GetFunctionRecursionConfig GetFunctionScalingConfig
        GetFunctionUrlConfig GetLayerVersion GetLayerVersionPolicy GetMicrovm GetMicrovmImage
        GetMicrovmImageBuild GetMicrovmImageVersion GetNetworkConnector GetPolicy
        GetProvisionedConcurrencyConfig GetResourcePolicy GetRuntimeManagementConfig GetWebFunction
        GetWebFunctionEndpoint GetWebFunctionRevision ListAliases ListDurableExecutionsByFunction
        ListFunctionEventInvokeConfigs ListFunctionUrlConfigs ListFunctionVersionsByCapacityProvider
        ListFunctionsByCodeSigningConfig ListManagedMicrovmImageVersions ListMicrovmImageBuilds
        ListMicrovmImageVersions ListNetworkConnectorVersions ListProvisionedConcurrencyConfigs
        ListTags ListVersionsByFunction ListWebFunctionEndpoints ListWebFunctionRevisions
    """,
    "logs": """
        DescribeLogStreams DescribeMetricFilters DescribeSubscriptionFilters FilterLogEvents
        GetDataProtectionPolicy GetDelivery GetDeliveryDestination GetDeliveryDestinationPolicy
        GetDeliverySource GetLogAnomalyDetector GetLogEvents GetLogGroupFields GetLogRecord
        GetLookupTable GetQueryResults GetScheduledQuery GetScheduledQueryHistory GetTransformer
        ListAnomalies ListLogAnomalyDetectors ListTagsForResource ListTagsLogGroup StartLiveTail
        StartQuery Unmask
    """,
    "s3": """
        AllowVendedLogDeliveryForResource DescribeJob DescribeMultiRegionAccessPointOperation
        GetAccelerateConfiguration GetAccessGrant GetAccessGrantsInstance
        GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy
        GetAccessGrantsLocation GetAccessPointConfigurationForObjectLambda
        GetAccessPointForObjectLambda GetAccessPointPolicy GetAccessPointPolicyForObjectLambda
        GetAccessPointPolicyStatus GetAccessPointPolicyStatusForObjectLambda
        GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation
        GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
        GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy
        GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging
        GetBucketVersioning GetBucketWebsite GetDataAccess GetEncryptionConfiguration
        GetIntelligentTieringConfiguration GetInventoryConfiguration GetJobTagging
        GetLifecycleConfiguration GetMetricsConfiguration GetMultiRegionAccessPoint
        GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus
        GetMultiRegionAccessPointRoutes GetObject GetObjectAcl GetObjectAnnotation
        GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent
        GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation
        GetObjectVersionAnnotationForReplication GetObjectVersionAttributes
        GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent
        GetReplicationConfiguration GetStorageLensConfiguration GetStorageLensConfigurationTagging
        GetStorageLensDashboard GetStorageLensGroup ListAccessGrants ListAccessGrantsLocations
        ListBucket ListBucketMultipartUploads ListBucketVersions ListCallerAccessGrants
        ListMultipartUploadParts ListObjectAnnotations ListObjectVersionAnnotations
        ListTagsForResource
    """,
    "secretsmanager": """
        DescribeSecret GetResourcePolicy GetSecretValue ListSecretVersionIds
    """,
    "sns": """
        GetDataProtectionPolicy GetSubscriptionAttributes GetTopicAttributes
        ListSubscriptionsByTopic ListTagsForResource
    """,
    "sqs": """
        GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags
        ReceiveMessage
    """,
    "ssm": """
        GetParameter GetParameterHistory GetParameters GetParametersByPath
    """,
    "states": """
        DescribeActivity DescribeExecution DescribeMapRun DescribeStateMachine
        DescribeStateMachineAlias DescribeStateMachineForExecution GetExecutionHistory
        ListExecutions ListMapRuns ListStateMachineAliases ListStateMachineVersions
        ListTagsForResource
    """,
}
"""Actions that read or list."""
PERMISSIONS = {
    "backup": """
        DeleteBackupVaultAccessPolicy DeleteBackupVaultSharingPolicy PutBackupVaultAccessPolicy
        PutBackupVaultSharingPolicy SearchRecoveryPoint
    """,
    "cloudformation": """
        SetStackPolicy
    """,
    "cloudwatch": """
        DeleteAccessGrant DeleteAccessProfile DeleteDomainAccessGrantForOrganization
        UpdateAccessProfile
    """,
    "dynamodb": """
        DeleteResourcePolicy PutResourcePolicy
    """,
    "ec2": """
        ModifySnapshotAttribute
    """,
    "ecr": """
        DeleteRepositoryPolicy SetRepositoryPolicy
    """,
    "events": """
        DeleteResourcePolicy PutResourcePolicy
    """,
    "glue": """
        PutResourcePolicy
    """,
    "iam": """
        AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreatePolicy CreatePolicyVersion
        DeleteGroupPolicy DeletePolicy DeletePolicyVersion DeleteRolePermissionsBoundary
        DeleteRolePolicy DeleteUserPermissionsBoundary DeleteUserPolicy DetachGroupPolicy
        DetachRolePolicy DetachUserPolicy PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy
        PutUserPermissionsBoundary PutUserPolicy SetDefaultPolicyVersion UpdateAssumeRolePolicy
    """,
    "kms": """
        CreateGrant PutKeyPolicy RetireGrant RevokeGrant
    """,
    "lambda": """
        AddLayerVersionPermission AddPermission DeleteResourcePolicy DisableReplication
        EnableReplication PutResourcePolicy RemoveLayerVersionPermission RemovePermission
    """,
    "s3": """
        AssociateAccessGrantsIdentityCenter BypassGovernanceRetention CreateAccessGrant
        CreateAccessGrantsInstance CreateAccessGrantsLocation DeleteAccessGrant
        DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy
        DeleteAccessGrantsLocation DeleteAccessPointPolicy DeleteAccessPointPolicyForObjectLambda
        DeleteBucketPolicy DissociateAccessGrantsIdentityCenter ObjectOwnerOverrideToBucketOwner
        PutAccessGrantsInstanceResourcePolicy PutAccessPointPolicy
        PutAccessPointPolicyForObjectLambda PutBucketAcl PutBucketOwnershipControls PutBucketPolicy
        PutBucketPublicAccessBlock PutMultiRegionAccessPointPolicy PutObjectAcl PutObjectVersionAcl
        UpdateAccessGrantsLocation
    """,
    "secretsmanager": """
        DeleteResourcePolicy PutResourcePolicy ValidateResourcePolicy
    """,
    "sns": """
        AddPermission RemovePermission SetTopicAttributes
    """,
    "sqs": """
        AddPermission RemovePermission SetQueueAttributes
    """,
}
"""Actions that decide who may do what."""


def covered(pattern: str, table: str) -> str:
    """Return the first action of a table that a (lower-cased) action pattern covers; empty if there is none.

    Every action of a service that the tables do not have counts as a write.
    """
    service, _, name = pattern.partition(":")
    if has_wildcard(service):
        return ""
    actions = _actions(table, service)
    if not has_wildcard(name):
        return actions.get(name, "")
    if not actions and table == "writes" and service not in _SERVICES and covers_everything(name):
        return f"{service}:*"
    return next((action for lower, action in actions.items() if matches(name, lower)), "")


_TABLES = {"writes": WRITES, "reads": READS, "permissions": PERMISSIONS}
_SERVICES = {service for table in _TABLES.values() for service in table} | {
    "timestream",
    "timestream-influxdb",
}


@lru_cache(maxsize=256)
def _actions(table: str, service: str) -> dict[str, str]:
    names = _TABLES[table].get(service, "").split()
    return {name.lower(): f"{service}:{name}" for name in names}
