// Codes of ResponseCodeType (messages.xsd) that have no text in message-texts-table.ts, without their leading "Error".
import { messageTexts } from './message-texts-table.ts';

const further =
  'AccountSuspend AccountSuspendShowTierUpgrade AddressSpaceNotFound ArchiveMailboxSearchFailed ' +
  'AutoDiscoverFailed AvailabilityConfigNotFound CalendarForwardActionNotAllowed ' +
  'CalendarIsGroupMailboxForAccept CalendarSeekToConditionNotSupported CannotAccessDeletedPublicFolder ' +
  'CannotDownloadExtensionManifest CannotFindUser CannotUninstallProvidedExtensions ClientDisconnected ' +
  'ClientIntentInvalidStateDefinition ClientIntentNotFound ContentIndexingNotEnabled ' +
  'DeleteUnifiedMessagingPromptFailed DiscoverySearchesDisabled DuplicateExtendedKeywordDefinition ' +
  'DuplicateSenderRestrictionsInputFound ExceededMaxRecipientLimit ExceededMaxRecipientLimitBlock ' +
  'ExceededMaxRecipientLimitShowTierUpgrade ExceededMessageLimit ExceededMessageLimitShowTierUpgrade ' +
  'ExportRemoteArchiveItemsFailed ExtensionAlreadyInstalledForOrg ExtensionsNotAuthorized ' +
  'FindRemoteArchiveFolderFailed FolderPropertRequestFailed FreeBusyDLLimitReached FreeBusyGenerationFailed ' +
  'GetRemoteArchiveFolderFailed GetRemoteArchiveItemFailed GetServerSecurityDescriptorFailed ' +
  'ImContactLimitReached ImGroupDisplayNameAlreadyExists ImGroupLimitReached ImpersonationDenied ' +
  'InboxRulesValidationError IndividualMailboxLimitReached InstantSearchFailed InstantSearchSessionExpired ' +
  'InstantSearchTimeout InvalidAccessLevel InvalidArgument InvalidAuthorizationContext InvalidBulkActionType ' +
  'InvalidClientSecurityContext InvalidCrossForestCredentials InvalidExtensionId ' +
  'InvalidFederationOrganizationIdentifier InvalidFolderTypeForOperation InvalidFreeBusyViewType ' +
  'InvalidInternetWebProxyOnLocalServer InvalidKeepNCount InvalidKeepNType InvalidLatitude ' +
  'InvalidLikeRequest InvalidLongitude InvalidMergedFreeBusyInterval InvalidNetworkServiceContext ' +
  'InvalidOofParameter InvalidOperation InvalidOrganizationRelationshipForFreeBusy InvalidPhotoSize ' +
  'InvalidReportMessageActionType InvalidRetentionTagNone InvalidScheduledOofDuration ' +
  'InvalidSecurityDescriptor InvalidSweepRule InvalidSweepRuleOperationType InvalidTimeInterval ' +
  'InvalidUserOofSettings InvalidUserSidMissingUPN LegacyMailboxFreeBusyViewTypeNotMerged ' +
  'LocalServerObjectNotFound LocationServicesDisabled LocationServicesInvalidRequest ' +
  'LocationServicesRequestFailed LocationServicesRequestTimedOut LogonAsNetworkServiceFailed ' +
  'MailRecipientNotFound MailboxDataArrayEmpty MailboxDataArrayTooBig MailboxFailover MailboxLogonFailed ' +
  'MailboxScopeNotAllowedWithoutQueryString MarketPlaceExtensionAlreadyInstalledForOrg ' +
  'MeetingSuggestionGenerationFailed MessageBlocked MessageSubmissionBlocked MissingArgument ' +
  'MissingExchangePrincipal MultiLegacyMailboxAccess NewerExtensionAlreadyInstalled ' +
  'NewerMarketPlaceExtensionAlreadyInstalled NoCalendar NoFreeBusyAccess NoOAuthServerAvailableForRequest ' +
  'NoPublicFolderReplicaAvailable NoRbacPermissionToInstallMarketPlaceExtensions ' +
  'NoRbacPermissionToInstallReadWriteMailboxExtensions NoSenderRestrictionsSettingsFoundInRequest ' +
  'NoSpeechDetected OutlookRuleBlobExists ParsingXMLResponse PromptPublishingOperationFailed ' +
  'ProxyRequestNotAllowed ProxyRequestProcessingFailed ProxySoapException PublicFolderMailboxDiscoveryFailed ' +
  'PublicFolderOperationFailed PublicFolderRequestProcessingFailed PublicFolderServerNotFound ' +
  'PublicFolderSyncException RecipientNotFound RecognizerNotInstalled RequestAborted RequestStreamTooBig ' +
  'ResultSetTooBig RulesOverQuota SenderRestrictionsUpdateFailed ServiceDiscoveryFailed ServiceUnavailable ' +
  'SpeechGrammarError SubscriptionsDisabledForGroup TargetDomainNotSupported ' +
  'TeamMailboxActiveToPendingDelete TeamMailboxErrorUnknown TeamMailboxFailedSendingNotifications ' +
  'TeamMailboxNotAuthorizedOwner TeamMailboxNotFound TeamMailboxNotLinkedToSharePoint ' +
  'TeamMailboxUrlValidationFailed TimeIntervalTooBig TimeoutExpired TooManyObjectsOpened UMServerUnavailable ' +
  'UnableToGetUserOofSettings UnableToRemoveImContactFromGroup UnauthorizedClientAccessTokenRequest ' +
  'UnexpectedUnifiedGroupsCount UnifiedGroupAadAuthorizationRequestDenied UnifiedGroupAliasNamingPolicy ' +
  'UnifiedGroupAlreadyExists UnifiedGroupCreationDisabled UnifiedGroupMailboxAADCreationFailed ' +
  'UnifiedGroupMailboxAADDeleteFailed UnifiedGroupMailboxDeleteFailed UnifiedGroupMailboxNamingPolicy ' +
  'UnifiedGroupMailboxProvisionFailed UnifiedGroupMailboxUpdateDelayed UnifiedGroupMailboxUpdateFailed ' +
  'UnifiedGroupMailboxUpdatedPartialProperties UnifiedMessagingPromptNotFound ' +
  'UnifiedMessagingReportDataNotFound UnsupportedUserForExecuteSearch WeatherServiceDisabled ' +
  'WebRequestInInvalidState Win32InteropError WorkingHoursSaveFailed WorkingHoursXmlMalformed';

const codes: ReadonlySet<string> = new Set([
  ...Object.keys(messageTexts),
  ...further.split(' ').map((name) => `Error${name}`),
]);

export function isResponseCode(code: string): boolean {
  return codes.has(code);
}
