/** The variable that names the real bus; with the in-process one it is set but not used. */
export const addressVariable = 'REDIS_URL';
export const placeholderAddress = 'redis://127.0.0.1:6379';
