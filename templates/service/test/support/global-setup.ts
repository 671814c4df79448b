import { startShared } from 'service-chassis/testing';
import { standIns } from '../../development/stand-ins.ts';

/** Starts the servers that all tests share, once a run. */
export default function setup(): Promise<() => Promise<void>> {
  return startShared(standIns, process.env);
}
