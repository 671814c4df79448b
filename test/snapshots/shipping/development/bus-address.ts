/** The variable that names the real bus; with the in-process one it is set but not used. */
export const addressVariable = 'KAFKA_BROKERS';
export const placeholderAddress = '127.0.0.1:9092';
