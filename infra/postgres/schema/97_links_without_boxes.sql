-- What a link was taken over (events.chain.Way): 1 the boxes themselves, as everything that was linked before this file,
-- 2 their digests. Who links says it: there is no default.
alter table case_record.links add column way smallint not null default 1 check (way in (1, 2));
alter table case_record.links alter column way drop default;

-- Recorded events with the SHA-256 of each box in its place, byte for byte as events.chain.without_boxes makes them: enough
-- to check every link of way 2, and no box. `escape` is text for any bytes, those of a broken event too.
create view case_record.events_without_boxes with (security_barrier = true) as
select
  e.originator_id,
  e.originator_version,
  e.topic,
  (
    select coalesce(decode(string_agg(
      case
        when part.place = 1 then part.piece
        else encode(sha256(decode(box.it, 'escape')), 'hex') || substr(part.piece, length(box.it) + 1)
      end,
      '"box":"' order by part.place
    ), 'escape'), '')
    from string_to_table(encode(e.state, 'escape'), '"box":"') with ordinality as part (piece, place)
    cross join lateral (select split_part(part.piece, '"', 1) as it) as box
  ) as state
from case_record.events as e;

-- The auditor, who belongs to an audience, reads the register without the boxes: those it may open are told it in its view.
revoke select on case_record.events from reader_auditor;
grant select on case_record.events_without_boxes to reader_auditor;

-- Whoever checks the exact bytes belongs to no audience, answers nobody and can change nothing.
grant usage on schema case_record to verifier;
grant select (originator_id, originator_version, state) on case_record.events to verifier;
grant select on case_record.links to verifier;
alter role verifier set idle_in_transaction_session_timeout = '20s';
