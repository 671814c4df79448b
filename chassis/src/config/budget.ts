/** Two limits of which the first has to be less than the second; otherwise the service cannot work. */
export interface Budget {
  readonly less: Limit;
  readonly than: Limit;
  /** The rest of the sentence that refuses what contradicts it. */
  readonly because: string;
}

/** The variable that sets a limit, or the variables whose sum it is, and its value. */
export type Limit = readonly [variables: string, value: number];
