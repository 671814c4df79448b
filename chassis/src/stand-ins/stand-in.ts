/** Environment variables with their values. */
export type Variables = Readonly<Record<string, string>>;

/** What a service gets in the place of one kind of server. */
export interface Substitute {
  /** Variables that lead to a server that is really there, whichever process reads them. */
  readonly environment?: Variables;
  /** What takes the place of a server within this process. */
  readonly inProcess?: {
    /** Variables that satisfy the configuration, though nobody listens there. */
    readonly environment: Variables;
    /** What the service is built from besides its configuration. */
    readonly options?: object;
  };
  stop?(): Promise<void> | void;
}

/** All stand-ins of a service, each by the name of what it stands in for, in the order in which they start. */
export type StandIns = Readonly<Record<string, StandIn>>;

/** What stands in for one kind of server in development and tests. */
export interface StandIn {
  /**
   * For the script `dev`. Returns nothing where the environment names the real server.
   *
   * @param data folder in which it keeps what is to be there at the next start.
   * @throws NoServerError
   */
  develop(environment: NodeJS.ProcessEnv, data: string): Promise<Substitute | undefined>;
  /**
   * Once for a run of tests, before the first: what they share. Its variables are in the environment of
   * every test.
   *
   * @throws NoServerError
   */
  share?(environment: NodeJS.ProcessEnv): Promise<Substitute>;
  /** For each test, of its own. */
  isolate(environment: NodeJS.ProcessEnv): Promise<Substitute>;
}
