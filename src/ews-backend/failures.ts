// What Exchange and the network say went wrong, as the model's failure kinds: one table (BEHAVIOUR of response codes, STYLE §6).
import { BackendError, type Failure, type FailureKind } from '../model/failure.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../xml/index.ts';

/** Response codes by what the reader can do about them; what is not named is `invalid`: the server refuses the content. */
const codes: Readonly<Record<Exclude<FailureKind, 'inexpressible' | 'would-send-mail'>, readonly string[]>> =
  {
    'not-found': [
      'ErrorItemNotFound',
      'ErrorFolderNotFound',
      'ErrorParentFolderNotFound',
      'ErrorToFolderNotFound',
      'ErrorSavedItemFolderNotFound',
      'ErrorSyncFolderNotFound',
      'ErrorManagedFolderNotFound',
      'ErrorNonExistentMailbox',
      'ErrorMailRecipientNotFound',
      'ErrorRecipientNotFound',
      'ErrorMissingEmailAddress',
      'ErrorInvalidAttachmentId',
      'ErrorInvalidId',
      'ErrorInvalidIdEmpty',
      'ErrorInvalidIdMalformed',
      'ErrorInvalidIdNotAnItemAttachmentId',
      'ErrorInvalidFolderId',
      'ErrorCannotUseItemIdForFolderId',
      'ErrorCannotUseFolderIdForItemId',
      'ErrorCalendarOccurrenceIsDeletedFromRecurrence',
      'ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange',
      'ErrorNameResolutionNoResults',
      'ErrorNameResolutionNoMailbox',
      'ErrorSubscriptionNotFound',
    ],
    changed: [
      'ErrorIrresolvableConflict',
      'ErrorStaleObject',
      'ErrorInvalidChangeKey',
      'ErrorObjectTypeChanged',
      'ErrorCalendarMeetingRequestIsOutOfDate',
    ],
    exists: ['ErrorFolderExists', 'ErrorManagedFolderAlreadyExists'],
    denied: [
      'ErrorAccessDenied',
      'ErrorCreateItemAccessDenied',
      'ErrorCreateSubfolderAccessDenied',
      'ErrorImpersonateUserDenied',
      'ErrorImpersonationDenied',
      'ErrorImpersonationFailed',
      'ErrorSendAsDenied',
      'ErrorSubscriptionAccessDenied',
      'ErrorSubscriptionDelegateAccessNotSupported',
      'ErrorDeleteDistinguishedFolder',
      'ErrorMoveDistinguishedFolder',
      'ErrorCannotDeleteObject',
      'ErrorNoFreeBusyAccess',
      'ErrorPermissionNotAllowedByPolicy',
      'ErrorUserNotAllowedByPolicy',
      'ErrorCalendarIsNotOrganizer',
      'ErrorOrganizationAccessBlocked',
    ],
    unauthorized: [
      'ErrorAccountDisabled',
      'ErrorPasswordExpired',
      'ErrorPasswordChangeRequired',
      'ErrorUnauthorizedClientAccessTokenRequest',
      'ErrorInvalidClientAccessTokenRequest',
      'ErrorProxyTokenExpired',
    ],
    busy: [
      'ErrorServerBusy',
      'ErrorExceededConnectionCount',
      'ErrorExceededSubscriptionCount',
      'ErrorTooManyObjectsOpened',
      'ErrorInsufficientResources',
    ],
    unavailable: [
      'ErrorADOperation',
      'ErrorADUnavailable',
      'ErrorBatchProcessingStopped',
      'ErrorConnectionFailed',
      'ErrorDataSourceOperation',
      'ErrorInternalServerError',
      'ErrorInternalServerTransientError',
      'ErrorMailboxConfiguration',
      'ErrorMailboxFailover',
      'ErrorMailboxLogonFailed',
      'ErrorMailboxMoveInProgress',
      'ErrorMailboxStoreUnavailable',
      'ErrorMissedNotificationEvents',
      'ErrorNoRespondingCASInDestinationSite',
      'ErrorNotEnoughMemory',
      'ErrorProxyCallFailed',
      'ErrorProxyRequestProcessingFailed',
      'ErrorReadEventsFailed',
      'ErrorServiceUnavailable',
      'ErrorTimeoutExpired',
      'ErrorInvalidServerVersion',
      'ErrorIncorrectSchemaVersion',
      'ErrorInvalidSchemaVersionForMailboxVersion',
    ],
    'too-large': [
      'ErrorMessageSizeExceeded',
      'ErrorDataSizeLimitExceeded',
      'ErrorAttachmentSizeLimitExceeded',
      'ErrorRequestStreamTooBig',
      'ErrorQuotaExceeded',
    ],
    unreadable: [
      'ErrorItemCorrupt',
      'ErrorCorruptData',
      'ErrorItemPropertyRequestFailed',
      'ErrorContentConversionFailed',
      'ErrorMimeContentConversionFailed',
    ],
    'cursor-lost': ['ErrorInvalidSyncStateData'],
    invalid: [],
  };

const kindOf = new Map<string, FailureKind>();
for (const [kind, names] of Object.entries(codes))
  for (const name of names) if (isKind(kind)) kindOf.set(name, kind);

function isKind(text: string): text is keyof typeof codes {
  return text in codes;
}

/** Server texts are localised and may quote a user's content, so only the code is passed on, in our words. */
const words: Readonly<Partial<Record<FailureKind, string>>> = {
  'not-found': 'Exchange does not have it',
  changed: 'it was changed in Exchange meanwhile',
  exists: 'Exchange already has one of that name',
  denied: 'Exchange does not allow it',
  unauthorized: 'Exchange did not accept the sign-in',
  busy: 'Exchange is limiting this account',
  unavailable: 'Exchange cannot do it at the moment',
  'too-large': 'it is larger than Exchange or the mailbox takes',
  unreadable: 'Exchange cannot read the stored item',
  'cursor-lost': 'Exchange no longer knows the state of the listing',
  invalid: 'Exchange refuses the content',
};

export function failureOfCode(code: string, retryAfterMs?: number): Failure {
  const kind = kindOf.get(code) ?? 'invalid';
  return {
    kind,
    message: `${words[kind] ?? kind} (${code})`,
    code,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The failure in a response message (`m:…ResponseMessage`) or in the detail of a fault: both carry ResponseCode and MessageXml. */
export function failureIn(element: XmlElement): Failure {
  const code = textOf(childOf(element, 'ResponseCode')).trim() || 'ErrorInternalServerError';
  return failureOfCode(code, backOffIn(element));
}

/** BackOffMilliseconds as a value, or as words in the text: "Suggested backoff time 5000 ms." (BEHAVIOUR §5, §14). */
function backOffIn(element: XmlElement): number | undefined {
  const values = childrenOf(element).filter((child) => child.name === 'MessageXml');
  for (const value of values.flatMap(childrenOf)) {
    const ms = Number(textOf(value));
    if (value.attrs['Name'] === 'BackOffMilliseconds' && Number.isFinite(ms)) return ms;
  }
  const text = textOf(childOf(element, 'MessageText')) || textOf(childOf(element, 'Message'));
  const said = /\b(\d{2,9})\s*ms\b/.exec(text)?.[1];
  return said === undefined ? undefined : Number(said);
}

const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'dropped the connection',
  EPIPE: 'dropped the connection',
  ENOTFOUND: 'is not known to DNS',
  EAI_AGAIN: 'cannot be looked up in DNS at the moment',
  ETIMEDOUT: 'cannot be reached in time',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  TimedOut: 'did not answer in time',
  CERT_HAS_EXPIRED: 'has an expired TLS certificate',
  CERT_NOT_YET_VALID: 'has a TLS certificate that is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed TLS certificate (name its CA file to trust it)',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a TLS certificate of a private CA (name its CA file to trust it)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a TLS certificate of an unknown CA (name its CA file to trust it)',
  UNABLE_TO_GET_ISSUER_CERT: 'has a TLS certificate of an unknown CA (name its CA file to trust it)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a TLS certificate of an unknown CA (name its CA file to trust it)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another name',
  EPROTO: 'does not speak TLS as expected',
  HPE_INVALID_CONSTANT: 'does not speak HTTP',
};

/** An error of node's network as a failure. The host is named, never path, user or content. */
export function networkFailure(error: unknown, host: string): BackendError {
  const code = codeIn(error) ?? 'NetworkError';
  const said = networkWords[code] ?? (code.startsWith('ERR_SSL') ? networkWords['EPROTO'] : undefined);
  return new BackendError({
    kind: 'unavailable',
    message: `${host} ${said ?? 'cannot be reached'} (${code})`,
    code,
  });
}

function codeIn(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** No request has reached the server with these: nothing was done. */
export const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What a second try may mend: drops, time-outs, broken answers, passing states of the server. */
export function isPassing(failure: Failure): boolean {
  return (
    failure.kind === 'unavailable' &&
    failure.code !== undefined &&
    (passing.has(failure.code) || failure.code.startsWith('Http5'))
  );
}

const passing: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'EAI_AGAIN',
  'NotSoap',
  'Z_BUF_ERROR',
  'ErrorBatchProcessingStopped',
  'ErrorConnectionFailed',
  'ErrorInternalServerTransientError',
  'ErrorMailboxFailover',
  'ErrorMailboxStoreUnavailable',
  'ErrorTimeoutExpired',
]);
