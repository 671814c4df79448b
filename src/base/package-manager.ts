/** The package managers that a service can be made for. */
export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type PackageManager = (typeof packageManagers)[number];

/** Whether a text names one of them. */
export function isPackageManager(text: string): text is PackageManager {
  return packageManagers.some((name) => name === text);
}

/** A package manager, and which version of it is here, as far as that is known. */
export interface FoundPackageManager {
  readonly name: PackageManager;
  readonly version?: string;
}

/** The one that started this process (they all say so in `npm_config_user_agent`), else npm. */
export function startedBy(environment: NodeJS.ProcessEnv): FoundPackageManager {
  const found = /^(\w+)\/(\S+)/.exec(environment.npm_config_user_agent ?? '');
  const [, name = 'npm', version] = found ?? [];
  if (!isPackageManager(name)) return { name: 'npm' };
  return { name, ...(version === undefined ? {} : { version }) };
}

/** What stands before a script's name to run it. */
export function runPrefix(manager: PackageManager): string {
  return manager === 'npm' || manager === 'bun' ? `${manager} run` : manager;
}

/** How a script of package.json is run. */
export function runCommand(manager: PackageManager, script: string): string {
  return manager === 'npm' && script === 'test' ? 'npm test' : `${runPrefix(manager)} ${script}`;
}
