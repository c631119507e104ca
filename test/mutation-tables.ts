// Every table of mutations.
import { mirrorMutations } from './mirror/mutations-table.ts';
import { passageMutations } from './mirror/passage-mutations.ts';
import type { MutationTable } from './mutation.ts';
import { simulatorMutations } from './simulator/mutations-table.ts';

export const mutationTables: Readonly<Record<string, MutationTable>> = {
  simulator: { code: 'simulator', tests: 'test/simulator', mutations: simulatorMutations },
  passage: { code: 'src', tests: 'test', mutations: passageMutations },
  mirror: { code: 'src', tests: 'test', mutations: mirrorMutations },
};
