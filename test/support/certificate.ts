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

/**
 * The same, signed by an authority whose own certificate follows in the file: some servers believe no
 * certificate of a client that is signed by itself.
 */
export async function signedCertificateIn(folder: string): Promise<Certificate> {
  const named = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]) => execa('openssl', args, { stdin: 'ignore' });
  const [authority, certificate] = [
    { file: named('authority.pem'), keyFile: named('authority-key.pem') },
    { file: named('signed.pem'), keyFile: named('signed-key.pem') },
  ];
  const newKey = ['req', '-newkey', 'rsa:2048', '-nodes'];
  const own = ['-x509', '-subj', '/CN=authority', '-out', authority.file];
  await openssl(...newKey, ...own, '-keyout', authority.keyFile);
  const [request, extensions] = [named('request.pem'), named('extensions')];
  const asked = ['-subj', '/CN=localhost', '-out', request, '-keyout', certificate.keyFile];
  await openssl(...newKey, ...asked);
  await fs.writeFile(extensions, 'subjectAltName=DNS:localhost\n');
  const by = ['-CA', authority.file, '-CAkey', authority.keyFile, '-CAcreateserial'];
  const signed = ['-in', request, '-extfile', extensions, '-out', certificate.file];
  await openssl('x509', '-req', ...by, ...signed);
  await fs.appendFile(certificate.file, await fs.readFile(authority.file));
  return certificate;
}
