// Made-up buses for /api/bus, with at least one in each status.

/** A bus route as Ion's API shows it. */
export interface BusRoute {
  readonly id: number;
  readonly route_name: string;
  /** The bus's parking space, or an empty string until the bus has arrived. */
  readonly space: string;
  /** The number of the bus, or an empty string if no bus has been assigned to the route. */
  readonly bus_number: string;
  /** `a` for arrived, `d` for delayed, `o` for on time. */
  readonly status: 'a' | 'd' | 'o';
}

/** The buses, ordered by name as on Ion. */
export const BUSES: readonly BusRoute[] = [
  { id: 1, route_name: 'TJ-01', space: '12', bus_number: '1401', status: 'a' },
  { id: 2, route_name: 'TJ-02', space: '', bus_number: '1402', status: 'd' },
  { id: 3, route_name: 'TJ-03', space: '', bus_number: '', status: 'o' },
  { id: 4, route_name: 'TJ-04', space: '3', bus_number: '1404', status: 'a' },
];
