// What an administrator decides for the whole server; values may be changed while it runs.

/** How Autodiscover answers for one address instead of with settings (BEHAVIOUR §16). */
export type AutodiscoverAnswer =
  | { readonly kind: 'redirectAddr'; readonly address: string }
  | { readonly kind: 'redirectUrl'; readonly url: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

export interface Policy {
  /** Longest window of GetUserAvailability (MaximumQueryIntervalDays). */
  availabilityDays: number;
  /** People of the directory are shown with RoutingType EX and their X500 address (BEHAVIOUR §9). */
  exRouting: boolean;
  /** An impersonated call without X-AnchorMailbox of its target is answered with HTTP 503 (BEHAVIOUR §1). */
  demandsAnchor: boolean;
  /** Whom an account (an address, or `app:` and a client id) may impersonate; `all` or lower-case addresses. */
  readonly impersonators: Map<string, 'all' | ReadonlySet<string>>;
  /** By lower-case address, or `@domain`. */
  readonly autodiscover: Map<string, AutodiscoverAnswer>;
  /** What Autodiscover names as the address of EWS; undefined: that of this server. */
  ewsUrl: string | undefined;
  /** Where a GET of autodiscover.xml without credentials is sent (the redirect probe). */
  autodiscoverLocation: string | undefined;
}

export function openPolicy(): Policy {
  return {
    availabilityDays: 42,
    exRouting: false,
    demandsAnchor: false,
    impersonators: new Map(),
    autodiscover: new Map(),
    ewsUrl: undefined,
    autodiscoverLocation: undefined,
  };
}
