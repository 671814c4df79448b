export { embeddedMysql } from './embedded-mysql.ts';
