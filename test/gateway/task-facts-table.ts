// Facts of tasks, one a row.
import type { Fact } from './event-facts-table.ts';

export const taskFacts: readonly Fact[] = [];
