// What differs between releases of Nextcloud, as far as a mirror meets it. 33.0.3 was measured; the others follow upstream's threads.

export type Version = '24.0.12' | '32.0.2' | '33.0.3' | '35.0.0';

export interface Behaviour {
  /** A PUT of a UID that lies in the trash: nextcloud/server#30096, since #34375, since #61881. */
  readonly trashConflict: '400' | '500' | 'replaced';
  /** Which requests obey `x-nc-scheduling: false`: #49503, #58203. */
  readonly obeysHeader: readonly ('PUT' | 'DELETE')[];
}

export const behaviours: Readonly<Record<Version, Behaviour>> = {
  '24.0.12': { trashConflict: '400', obeysHeader: [] },
  '32.0.2': { trashConflict: '500', obeysHeader: ['PUT'] },
  '33.0.3': { trashConflict: '500', obeysHeader: ['PUT', 'DELETE'] },
  '35.0.0': { trashConflict: 'replaced', obeysHeader: ['PUT', 'DELETE'] },
};
