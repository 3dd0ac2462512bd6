-- What was taken back of consents, from the moment a door accepted it: only ever added to. Who may read must ask here,
-- whatever its view says, for views follow later.
create schema consent;

create table consent.withdrawals (
  source text not null, -- the unit that takes back, and that had recorded the consent
  id text not null,
  consent text not null, -- the id of the consent among the unit's own events
  recipients text[] not null, -- audiences; empty: all
  categories text[] not null, -- empty: all
  accepted_at timestamptz not null,
  primary key (source, id)
);
create index withdrawals_consent_idx on consent.withdrawals (source, consent);

-- Of the consents that are named, and of no others: a reader learns nothing of consents it was not told of.
create function consent.withdrawals_of(sources text[], consents text[])
returns table (source text, consent text, recipients text[], categories text[], accepted_at timestamptz)
language sql stable security definer set search_path = ''
begin atomic
  select w.source, w.consent, w.recipients, w.categories, w.accepted_at
  from consent.withdrawals as w
  join unnest(sources, consents) as asked (source, consent) using (source, consent)
  order by w.accepted_at;
end;
revoke all on function consent.withdrawals_of from public;
