/** The variable that names the real bus; with the in-process one it is set but not used. */
export const addressVariable = 'NATS_URL';
export const placeholderAddress = 'nats://127.0.0.1:4222';
