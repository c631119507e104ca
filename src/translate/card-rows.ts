// Rows that cards of people and of groups have in common.
import type { Sensitivity } from '../model/item.ts';
import type { Instant } from '../model/time.ts';
import type { Row } from './rows.ts';
import { classNames, firstText, rendered, renderUid } from './shared-rows.ts';

export const cardUidRow: Row<object> = {
  claims: ['uid'],
  fields: [],
  isStamp: true,
  render: renderUid,
  parse: () => ({}),
};

const sensitivityOf: Readonly<Record<string, Sensitivity>> = {
  PRIVATE: 'private',
  CONFIDENTIAL: 'confidential',
  'X-PERSONAL': 'personal',
};
export const cardClassRow: Row<{ readonly sensitivity: Sensitivity }> = {
  claims: ['class'],
  fields: ['sensitivity'],
  render({ sensitivity }) {
    const name = classNames[sensitivity];
    return name === undefined ? [] : rendered(['class', {}, 'text', name]);
  },
  parse: (parts) => ({
    sensitivity: sensitivityOf[firstText(parts, 'class').trim().toUpperCase()] ?? 'normal',
  }),
};

export const revisionRow: Row<{ readonly modified?: Instant }> = {
  claims: ['rev'],
  fields: ['modified'],
  isStamp: true,
  // Never "now": the same item always gives the same text.
  render: ({ modified }) =>
    modified === undefined
      ? []
      : rendered([
          'rev',
          {},
          'timestamp',
          `${new Date(modified).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
        ]),
  parse: () => ({}),
};
