/** A server of our own. `start` resolves when it takes connections, on the same port with the same data. */
export interface OwnService {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Its connections stay open and nobody answers; of PostgreSQL only new ones are concerned. */
  pause(): void;
  resume(): void;
}

export interface Services {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

/** A disk that a test may fill up. */
export interface Disk {
  fill(): void;
  free(): void;
}

export interface OwnPostgres extends OwnService {
  readonly disk: Disk | null;
  /** A folder of its own, as we see it and as its programs do. */
  readonly folder: { readonly host: string; readonly inside: string };
  /** Runs one of PostgreSQL's programs to its end; throws what it said when it fails. */
  tool(program: string, args: readonly string[]): Promise<void>;
  /** While it is stopped: another machine with nothing on it. */
  wipe(): Promise<void>;
}

export interface OwnServices extends Services {
  readonly postgres: OwnPostgres;
  /** `empty`, while it is stopped: it forgets everything. */
  readonly redis: OwnService & { empty(): void };
}

/** @param options.diskMb PostgreSQL has a disk of this size, in megabytes, for itself: needs root on Linux */
export function startServices(options: { own: true; diskMb?: number }): Promise<OwnServices>;
export function startServices(options?: { countStatements?: boolean }): Promise<Services>;
export function canOwnServices(): boolean;
