import { type AnyHandler, defineHandler as define, type Handler } from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';

/** Declares a handler, the default export of a file in `handlers/`: its changes go through a unit of work. */
export function defineHandler<Data>(handler: Handler<Data, UnitOfWork>): AnyHandler<UnitOfWork> {
  return define(handler);
}
