grant usage on schema consent to reader_{audience};
grant execute on function consent.withdrawals_of to reader_{audience};
