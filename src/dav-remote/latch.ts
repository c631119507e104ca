// Who must not sign in again until the secret is another one: a dozen refused sign-ins from one address, and Nextcloud answers
// 429 to everybody behind it.

export interface SignIn {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** Kept by the caller, so that it can outlive the process; what it remembers of a password is its business. */
export interface Latch {
  /** Was exactly this sign-in refused? */
  isShut(signIn: SignIn): boolean | Promise<boolean>;
  shut(signIn: SignIn): void | Promise<void>;
}

/** For the life of this object. */
export function openLatch(): Latch {
  const refused = new Map<string, string>();
  const keyOf = ({ host, user }: SignIn): string => JSON.stringify([host, user]);
  return {
    isShut: (signIn) => refused.get(keyOf(signIn)) === signIn.password,
    shut(signIn) {
      refused.set(keyOf(signIn), signIn.password);
    },
  };
}
