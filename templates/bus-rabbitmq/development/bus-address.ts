/** The variable that names the real bus; with the in-process one it is set but not used. */
export const addressVariable = 'AMQP_URL';
export const placeholderAddress = 'amqp://127.0.0.1';
