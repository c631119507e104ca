// MOVE (RFC 4918 §9.9).
import type { Method } from './method.ts';
import { transfer } from './transfer.ts';

export const move: Method = {
  on: ['slot'],
  refusesOn: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection'],
  run: (call, context) => transfer('move', call, context),
};
