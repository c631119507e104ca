// Who asks, and with what right: sign-in on the mail server, sealed secrets, secret links.
export { basicChallenge, parseBasic, type PasswordCredential } from './basic.ts';
export { type Feed, type FeedTokens, openFeedTokens } from './feed-tokens.ts';
export { openKeys, temporarySecret } from './keys.ts';
export { openSignIn, type Session, type SignIn } from './sign-in.ts';
