import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { notFound } from 'service-chassis/api';
import { type AddService, validated } from 'service-chassis/grpc';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { z } from 'zod';
import {
  changeSchema,
  creationSchema,
  represent,
  representationSchema,
} from '../../api/schemas.ts';
import { create } from '../../application/create.ts';
import { list } from '../../application/list.ts';
import { remove } from '../../application/remove.ts';
import { update } from '../../application/update.ts';
import { VersionConflictError } from '../../database/version-conflict.ts';
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
      const body = validated(creationSchema, request);
      const key = requestHeader.get('idempotency-key') ?? undefined;
      const keyed = validated(idempotencyHeaders, { 'idempotency-key': key });
      const headers = { ...keyed, authorization: requestHeader.get('authorization') };
      const asked = { ...creation, headers, body };
      const answer = await changeOnce(app, asked, async (work) =>
        represent(await create(work, body)),
      );
      const created = representationSchema.parse(answer);
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
      const { items, next } = await list(app.database.repository, page);
      return { items: items.map(shown), nextPageToken: next ?? '' };
    },

    async update(request) {
      const given = { ...request, status: words.get(request.status) };
      const change = validated(changeSchema.extend({ id, version }), given);
      const updated = await app.database.transaction((work) =>
        update(work, change.id, change, confirming(change)),
      );
      if (updated === undefined) throw notFound(change.id);
      return { updated: shown(updated) };
    },

    async delete(request) {
      const seen = validated(z.object({ id, version }), request);
      const existed = await app.database.transaction((work) =>
        remove(work, seen.id, confirming(seen)),
      );
      if (!existed) throw notFound(seen.id);
      return {};
    },
  });
};

export default addService;
