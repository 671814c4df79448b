/** The templates in `templates/*.hbs`, precompiled by the build into the module beside this file. */
export function kubernetes(data: object): string;
export function readme(data: object): string;
export function operation(data: object): string;
