import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

/** A certificate and its key, each a file in PEM. */
export interface Certificate {
  readonly file: string;
  readonly keyFile: string;
}

/** Makes a certificate for `localhost`, signed by itself. */
export async function certificateIn(folder: string): Promise<Certificate> {
  const certificate = {
    file: path.join(folder, 'certificate.pem'),
    keyFile: path.join(folder, 'key.pem'),
  };
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-out', certificate.file, '-keyout', certificate.keyFile];
  await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], {
    stdin: 'ignore',
  });
  await fs.chmod(certificate.keyFile, 0o600);
  return certificate;
}
