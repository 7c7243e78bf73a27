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

export interface OwnServices extends Services {
  readonly postgres: OwnService;
  /** `empty`, while it is stopped: it forgets everything. */
  readonly redis: OwnService & { empty(): void };
}

export function startServices(options: { own: true }): Promise<OwnServices>;
export function startServices(): Promise<Services>;
export function canOwnServices(): boolean;
