-- Who was shown what of the view of {audience}. Written before the answer leaves; only ever added to.
create table view_{audience}.access_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  person text not null,
  unit text not null,
  duties text[] not null,
  purpose text not null,
  route text not null, -- the address with its names left out
  streams uuid[] not null, -- the streams answered and, beside each, the version up to which
  versions bigint[] not null check (cardinality(versions) = cardinality(streams)),
  rules text[] not null, -- clauses of the agreement that were applied
  categories text[] not null,
  agreement text not null,
  body_salt bytea not null check (octet_length(body_salt) = 16),
  body_digest bytea not null check (octet_length(body_digest) = 32) -- SHA-256 of salt and body
);
create index access_log_streams_idx on view_{audience}.access_log using gin (streams);
create index access_log_at_idx on view_{audience}.access_log (at, id);

grant usage on schema view_{audience} to reader_{audience}, reader_auditor;
grant insert on view_{audience}.access_log to reader_{audience};
grant select on view_{audience}.access_log to reader_auditor;
