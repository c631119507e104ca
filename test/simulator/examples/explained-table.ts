// Differences from recorded answers that stay, each with its reason and where it is read. The same lines stand in
// docs/simulator.md; at most forty.

export interface Explained {
  /** Of "GetItem 05: Items/Message/-MimeContent" and its like, "/…ResponseMessages/…ResponseMessage" left out. */
  readonly pattern: RegExp;
  readonly line: string;
}

export const explained: readonly Explained[] = [];
