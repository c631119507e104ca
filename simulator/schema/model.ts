// How the request schema is kept: names carry the prefix of their namespace (m, t, xs).

/** Most occurrences; unbounded where it is `many`. */
export const many = -1;

export type Particle =
  | readonly ['element', name: string, type: string, least: number, most: number]
  /** A global element or one that may stand for it. */
  | readonly ['ref', name: string, least: number, most: number]
  | readonly ['sequence' | 'choice' | 'all', particles: readonly Particle[], least: number, most: number]
  | readonly ['any', least: number, most: number];

export interface ComplexRow {
  readonly base?: string;
  readonly content?: Particle;
  /** Simple type of the text. */
  readonly text?: string;
  /** Type by name; `!` in front: required, `-` in front: prohibited. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly isAbstract?: true;
  /** Attributes of the SOAP namespace are allowed. */
  readonly isOpen?: true;
}

export interface SimpleRow {
  readonly base: string;
  readonly list?: string;
  readonly union?: readonly string[];
  readonly values?: readonly string[];
  readonly pattern?: string;
  readonly minInclusive?: number;
  readonly maxInclusive?: number;
  readonly minLength?: number;
  readonly length?: number;
}

export interface SchemaTable {
  /** Type of each global element. */
  readonly elements: Readonly<Record<string, string>>;
  readonly abstractElements: readonly string[];
  /** Members of each substitution group, direct and indirect. */
  readonly substitutes: Readonly<Record<string, readonly string[]>>;
  readonly complexTypes: Readonly<Record<string, ComplexRow>>;
  readonly simpleTypes: Readonly<Record<string, SimpleRow>>;
}

export const namespaces = {
  m: 'http://schemas.microsoft.com/exchange/services/2006/messages',
  t: 'http://schemas.microsoft.com/exchange/services/2006/types',
  xs: 'http://www.w3.org/2001/XMLSchema',
} as const;
