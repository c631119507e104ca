// What the admin interface can be asked, in the order of docs/simulator.md.
import type { Simulator } from '../index.ts';
import type { Route } from './route.ts';
import { serverRoutes, snapshotRoutes, stateRoutes, userRoutes } from './state-routes.ts';
import { clockRoutes, faultRoutes, policyRoutes, tellingRoutes } from './switch-routes.ts';

export function openRoutes(simulator: Simulator): readonly Route[] {
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/',
      does: 'this list',
      run: () => ({
        ews: simulator.url,
        routes: routes.map(({ method, path, does }) => `${method} ${path}: ${does}`),
      }),
    },
    ...stateRoutes(simulator),
    ...snapshotRoutes(simulator),
    ...clockRoutes(simulator),
    ...tellingRoutes(simulator),
    ...faultRoutes(simulator),
    ...policyRoutes(simulator),
    ...userRoutes(simulator),
    ...serverRoutes(simulator),
  ];
  return routes;
}
