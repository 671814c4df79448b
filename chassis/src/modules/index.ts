export { importAll } from './import-all.ts';
