export { type BusStandIn, busInProcess } from './bus-stand-in.ts';
export { DeadLetterFolder } from './dead-letter-folder.ts';
export { develop } from './develop.ts';
export { echoService } from './echo.ts';
export { InProcessBus } from './in-process-bus.ts';
export { watch } from './watch.ts';
