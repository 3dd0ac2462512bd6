grant usage on schema consent to door_{agency};
grant insert on consent.withdrawals to door_{agency};
