import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { notFound } from 'service-chassis/api';
import { type AddService, validated } from 'service-chassis/grpc';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { z } from 'zod';
import {
  __aggregate__ChangesSchema,
  __aggregate__ViewSchema,
  new__Aggregate__Schema,
  to__Aggregate__View,
} from '../../api/schemas.ts';
import { create__Aggregate__ } from '../../application/create-__aggregate_kebab__.ts';
import { list__Aggregates__ } from '../../application/list-__aggregates_kebab__.ts';
import { delete__Aggregate__ } from '../../application/delete-__aggregate_kebab__.ts';
import { update__Aggregate__ } from '../../application/update-__aggregate_kebab__.ts';
import { VersionConflictError } from 'service-chassis/store';
import type { __Aggregate__ } from '../../domain/__aggregate_kebab__.ts';
import * as api from '../gen/__service_snake__/v1/__service_snake___pb.ts';

const { OPEN, CLOSED } = api.__Aggregate___Status;
const numbers = { open: OPEN, closed: CLOSED };
const words = new Map<number, string>([
  [OPEN, 'open'],
  [CLOSED, 'closed'],
]);

const path = '/__service__';
/** Under one key of a caller, it is the same request by either protocol. */
const creation = { method: 'POST', url: path, routeOptions: { url: path } };

const id = z.uuid();
const version = z.number().int().min(1);
const pageRequest = z.object({
  pageSize: z.number().int().min(0).max(100),
  pageToken: z.union([z.literal(''), z.uuid()]),
});

/** One as a message. */
function shown(one: __Aggregate__) {
  return {
    ...one,
    status: numbers[one.status],
    createdAt: timestampFromDate(one.createdAt),
    updatedAt: timestampFromDate(one.updatedAt),
  };
}

/** Does what the REST API does, by the same application. */
const addService: AddService = (router, app) => {
  /** Makes sure that the one that is there is the one that the caller has seen. */
  const confirming = (seen: { id: string; version: number }) => (current: number) => {
    if (current !== seen.version) throw new VersionConflictError(seen.id);
  };

  router.service(api.__Aggregate__Service, {
    async create(request, { requestHeader }) {
      const body = validated(new__Aggregate__Schema, request);
      const key = requestHeader.get('idempotency-key') ?? undefined;
      const keyed = validated(idempotencyHeaders, { 'idempotency-key': key });
      const headers = { ...keyed, authorization: requestHeader.get('authorization') };
      const asked = { ...creation, headers, body };
      const answer = await changeOnce(app, asked, async (work) => {
        return to__Aggregate__View(await create__Aggregate__(work, body));
      });
      const created = __aggregate__ViewSchema.parse(answer);
      const { createdAt, updatedAt } = created;
      return {
        created: shown({
          ...created,
          createdAt: new Date(createdAt),
          updatedAt: new Date(updatedAt),
        }),
      };
    },

    async get(request) {
      const wanted = validated(z.object({ id }), request);
      const found = await app.database.repository.find(wanted.id);
      if (found === undefined) throw notFound(wanted.id);
      return { found: shown(found) };
    },

    async list(request) {
      const { pageSize, pageToken } = validated(pageRequest, request);
      const page = { limit: pageSize || 20, after: pageToken || undefined };
      const { items, next } = await list__Aggregates__(app.database.repository, page);
      return { items: items.map(shown), nextPageToken: next ?? '' };
    },

    async update(request) {
      const given = { ...request, status: words.get(request.status) };
      const schema = __aggregate__ChangesSchema.extend({ id, version });
      const change = validated(schema, given);
      const updated = await app.database.transaction((work) => {
        return update__Aggregate__(work, change.id, change, confirming(change));
      });
      if (updated === undefined) throw notFound(change.id);
      return { updated: shown(updated) };
    },

    async delete(request) {
      const seen = validated(z.object({ id, version }), request);
      const existed = await app.database.transaction((work) => {
        return delete__Aggregate__(work, seen.id, confirming(seen));
      });
      if (!existed) throw notFound(seen.id);
      return {};
    },
  });
};

export default addService;
