import {
  Admin,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka';

const admin = new Admin({
  clientId: 'broker',
  bootstrapBrokers: (process.env.KAFKA_BROKERS ?? '').split(','),
});

/** The topic is gone. */
export async function refuse(topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
}

export async function mend(topic: string): Promise<void> {
  await admin.createTopics({ topics: [topic], partitions: 3 });
}

export async function limit(topic: string, bytes: number): Promise<void> {
  await set(topic, 'max.message.bytes', bytes);
}

async function set(topic: string, name: string, value: number): Promise<void> {
  const configOperation = IncrementalAlterConfigOperationTypes.SET;
  await admin.incrementalAlterConfigs({
    resources: [
      {
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: topic,
        configs: [{ name, value: String(value), configOperation }],
      },
    ],
  });
}

export const close = (): Promise<void> => admin.close();
