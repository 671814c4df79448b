/** The collection that has a document for each __aggregate_words__. */
export const collection = '__service_snake__';
