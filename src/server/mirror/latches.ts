// Passwords that were refused, remembered across processes: a cron job that tries a wrong one every minute gets everybody
// behind its address shut out (Nextcloud), or the account locked (Exchange).
import type { Latch, SignIn } from '../../dav-remote/index.ts';
import { BackendError } from '../../model/failure.ts';
import type { MirrorStore } from '../../model/mirror-store.ts';

/** Turns a text into a name that tells nothing. */
export type Digest = (...parts: readonly string[]) => string;

/** Shut until the password is another one. */
export function openNextcloudLatch(store: MirrorStore, digest: Digest): Latch {
  // Asked before every request, always with the same few: each is digested once.
  const known = new WeakMap<SignIn, { readonly key: string; readonly mark: string }>();
  const digested = (signIn: SignIn) => {
    const { host, user, password } = signIn;
    const found = known.get(signIn) ?? {
      key: digest('nextcloud', host, user.toLowerCase()),
      mark: digest('password', password),
    };
    known.set(signIn, found);
    return found;
  };
  return {
    async isShut(signIn) {
      const { key, mark } = digested(signIn);
      return (await store.latch(key)) === mark;
    },
    shut(signIn) {
      const { key, mark } = digested(signIn);
      return store.setLatch(key, mark);
    },
  };
}

const refusalMs = 15 * 60_000;

/** Exchange's refusals pass: the same password is tried again after 15 minutes. */
export async function guardedSignIn<T>(
  account: { readonly user: string; readonly password: string },
  {
    store,
    digest,
    now,
  }: { readonly store: MirrorStore; readonly digest: Digest; readonly now: () => number },
  open: () => Promise<T>,
): Promise<T> {
  const key = digest('exchange', account.user.toLowerCase());
  const mark = digest('password', account.password);
  const [shutMark, until = '0'] = (await store.latch(key))?.split(' ') ?? [];
  if (shutMark === mark && Number(until) > now())
    throw new BackendError({
      kind: 'unauthorized',
      message: `Exchange refused the password of ${account.user} a moment ago; it is tried again after 15 minutes`,
    });
  try {
    return await open();
  } catch (error) {
    if (error instanceof BackendError && error.failure.kind === 'unauthorized')
      await store.setLatch(key, `${mark} ${now() + refusalMs}`);
    throw error;
  }
}
