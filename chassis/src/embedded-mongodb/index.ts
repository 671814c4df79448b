export { embeddedMongodb } from './embedded-mongodb.ts';
