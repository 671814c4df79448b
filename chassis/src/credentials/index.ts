export { secretFile } from './secret-file.ts';
export { pemFile, type TlsFiles, tlsFiles } from './tls-files.ts';
