grant usage on schema health to operator;
grant select on health.register to operator;
