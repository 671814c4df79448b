/** Whose fault it was that an event could not be handled. */
export type Fault =
  /** Its handler's or that of what the handler asked: the attempt counts. */
  | 'attempt'
  /** The service's own database is lost, or takes no work: the event comes again, and no attempt counts. */
  | 'outage'
  /** All connections of this instance are lent out: the attempt was none, and is made when one is free. */
  | 'no-connection';
