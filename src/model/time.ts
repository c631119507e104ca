// How time is said everywhere above a backend: wall time with a zone's identity, or plain dates; never UTC with an offset.

/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** An IANA zone id that `Intl` knows (`Europe/Vienna`, `UTC`), or a fixed offset (`+05:30`). */
export type ZoneId = string;

/** A calendar day, `YYYY-MM-DD`. */
export type LocalDate = string;

/** A wall-clock time without zone, `YYYY-MM-DDTHH:MM:SS`. */
export type LocalTime = string;

/** A point in a calendar: a whole day, a wall time in a zone, or a wall time wherever the reader is (RFC 5545 §3.3.5). */
export type When =
  | { readonly kind: 'date'; readonly date: LocalDate }
  | { readonly kind: 'zoned'; readonly local: LocalTime; readonly zone: ZoneId }
  | { readonly kind: 'floating'; readonly local: LocalTime };

/** A half-open stretch of time; an absent side is unbounded. */
export interface Range {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** First and last instant at which an object takes up time; `last` absent: it never ends. */
export interface Span {
  readonly first: Instant;
  readonly last?: Instant;
}
