// COPY (RFC 4918 §9.8).
import type { Method } from './method.ts';
import { transfer } from './transfer.ts';

export const copy: Method = {
  on: ['slot'],
  refusesOn: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection'],
  run: (call, context) => transfer('copy', call, context),
};
