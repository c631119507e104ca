// What the bodies of admin requests may hold: anything else is refused, so that a slip of the pen is not a fault that never strikes.
import { z } from 'zod';
import { faultKinds, type FaultKind } from '../faults.ts';
import { levels } from '../state/index.ts';

const count = z.int().min(0);
const address = z.string().min(1);

export const seeding = z.strictObject({
  seed: z.union([z.enum(['none', 'small', 'large']), z.int().min(0).max(1_000_000)]),
});

export const clock = z.strictObject({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceMs: z.number().optional(),
  frozen: z.boolean().optional(),
});

export const callFilter = z.strictObject({
  operation: z.string().optional(),
  user: z.string().optional(),
  after: z.string().regex(/^\d+$/).optional(),
});

const kinds = z.custom<FaultKind>(
  (value) => typeof value === 'string' && Object.hasOwn(faultKinds, value),
  `must be one of ${Object.keys(faultKinds).join(', ')}`,
);

export const fault = z.strictObject({
  kind: kinds,
  operation: z.string().optional(),
  mailbox: address.optional(),
  target: address.optional(),
  after: count.optional(),
  count: z.int().min(1).optional(),
  percent: z.number().min(0).max(100).optional(),
  backOffMs: count.optional(),
  ms: count.optional(),
  jitterMs: count.optional(),
  bytes: count.max(64 * 1024 * 1024).optional(),
  code: z.string().optional(),
  text: z.string().optional(),
  subject: z.string().optional(),
  how: z.enum(['corrupt', 'garbage', 'fault']).optional(),
});

export const standingFaults = z.strictObject({
  latencyMs: count.optional(),
  controlCharacters: z.boolean().optional(),
  commitLagMs: count.optional(),
});

export const policy = z
  .strictObject({
    maxConcurrency: count,
    syncConcurrency: count,
    findCountLimit: count,
    hangingConnections: count,
    maxSubscriptions: count,
    budget: z
      .strictObject({
        burstMs: count,
        rechargeMsPerHour: z.int().min(1),
        cutoffMs: count,
        callCostMs: count.default(0),
      })
      .nullable(),
    backOffMs: count.nullable(),
  })
  .partial();

/** `all`: every mailbox. */
export const impersonation = z.strictObject({
  account: address,
  of: z.union([z.literal('all'), z.array(address)]),
});

export const settings = z
  .strictObject({
    availabilityDays: z.int().min(1),
    exRouting: z.boolean(),
    demandsAnchor: z.boolean(),
    assistantDelayMs: count,
  })
  .partial();

export const user = z.strictObject({ password: z.string().min(1), name: z.string().optional() });

export const grant = z.strictObject({
  mailbox: address,
  folder: z.string().min(1),
  to: address,
  level: z
    .custom<keyof typeof levels>(
      (value) => typeof value === 'string' && Object.hasOwn(levels, value),
      `must be one of ${Object.keys(levels).join(', ')}`,
    )
    .optional(),
  rights: z
    .strictObject({
      read: z.boolean(),
      createContents: z.boolean(),
      createHierarchy: z.boolean(),
      createAssociated: z.boolean(),
      modify: z.boolean(),
      delete: z.boolean(),
      viewPrivateItems: z.boolean(),
    })
    .partial()
    .optional(),
});
