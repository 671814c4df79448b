/** The package managers that a service can be installed with. */
export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type PackageManager = (typeof packageManagers)[number];

/** Whether a text names one of them. */
export function isPackageManager(text: string): text is PackageManager {
  return packageManagers.some((name) => name === text);
}

/** The one that started this process (they all say so in `npm_config_user_agent`), else npm. */
export function startedBy(environment: NodeJS.ProcessEnv): PackageManager {
  const name = environment.npm_config_user_agent?.split('/')[0] ?? 'npm';
  return isPackageManager(name) ? name : 'npm';
}

/** How a script of package.json is run. */
export function runCommand(manager: PackageManager, script: string): string {
  if (manager === 'npm') return script === 'test' ? 'npm test' : `npm run ${script}`;
  return manager === 'bun' ? `bun run ${script}` : `${manager} ${script}`;
}
